import dataclasses
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest

from procedures.documents import (
    Column,
    Field,
    Paper,
    Payment,
    Person,
    Proof,
    Section,
    Table,
    apology_pdf,
    control_slip_pdf,
    decision_pdf,
    form_pdf,
    receipt_pdf,
    supplement_request_pdf,
)
from procedures.documents.annex import annex_pdf
from tests.procedures.documents import sheets
from tests.procedures.documents.sheets import embedded_fonts, opened, structure, text_of

PAPERS: dict[str, Callable[[], bytes]] = {
    "receipt": lambda: receipt_pdf(sheets.RECEIPT),
    "approval": lambda: decision_pdf(sheets.APPROVAL),
    "refusal": lambda: decision_pdf(sheets.REFUSAL),
    "supplement request": lambda: supplement_request_pdf(sheets.SUPPLEMENT),
    "form": lambda: form_pdf(sheets.FORM),
}
# Without a code to scan, or for the office alone.
MORE: dict[str, Callable[[], bytes]] = {
    "apology": lambda: apology_pdf(sheets.APOLOGY),
    "control slip": lambda: control_slip_pdf(sheets.SLIP),
    "annex": lambda: annex_pdf(sheets.ANNEX),
}
WITHOUT_TABLE = {"approval", "refusal", "apology"}
HOSTILE = [
    '#read("/etc/passwd")',
    '#import "base.typ": *',
    "#sys.inputs",
    "$ x^2 $ *đậm* _nghiêng_ `mã` = Tiêu đề",
    '"; "\\"} \\\\ \\u{41} ]] #]',
    "<script>alert(1)</script> {{7*7}} {% x %}",
    "// chú thích /* và */ @nhan <nhan> ~ -- ---",
]


def with_name(name: str) -> bytes:
    return receipt_pdf(
        dataclasses.replace(sheets.RECEIPT, filer=dataclasses.replace(sheets.PERSON, name=name))
    )


@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_carries_the_national_title_and_says_it_is_a_prototype(paper):
    text = text_of(PAPERS[paper]())
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in text
    assert "Bản mẫu (prototype) — không phải văn bản chính thức" in text
    assert "Thanh Hóa, ngày 20 tháng 8 năm 2019" in text
    assert sheets.REFERENCE in text


@pytest.mark.parametrize("paper", PAPERS | MORE)
def test_every_paper_is_small_tagged_titled_and_brings_its_fonts(paper):
    pdf = (PAPERS | MORE)[paper]()
    root = opened(pdf).trailer["/Root"]
    assert len(pdf) <= 60_000
    assert root["/Lang"] == "vi-VN"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert opened(pdf).metadata.title
    assert paper not in PAPERS or sheets.REFERENCE in opened(pdf).metadata.title
    metadata = root["/Metadata"].get_data()
    assert b"<pdfuaid:part>1<" in metadata
    assert b"<pdfaid:part>2<" in metadata
    fonts = embedded_fonts(pdf)
    assert all(fonts.values())
    assert all("BeVietnamPro" in name for name in fonts)
    tags = {element.get("/S") for element in structure(pdf)}
    assert "/H1" in tags
    assert ("/Table" in tags) == (paper not in WITHOUT_TABLE)


@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_has_a_code_to_scan_with_its_address_in_words(paper):
    figures = [element for element in structure(PAPERS[paper]()) if element.get("/S") == "/Figure"]
    assert [figure["/Alt"] for figure in figures] == [f"Mã QR dẫn tới {sheets.URL}"]


@pytest.mark.parametrize("paper", PAPERS)
def test_the_same_sheet_gives_the_same_bytes(paper):
    assert PAPERS[paper]() == PAPERS[paper]()


def test_a_receipt_says_what_was_received_and_when_the_result_comes():
    text = text_of(receipt_pdf(sheets.RECEIPT))
    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in text
    assert "BẢO HIỂM XÃ HỘI VIỆT NAM BHXH TỈNH THANH HÓA" in text
    assert "2 Sổ bảo hiểm xã hội 1 Bản giấy gửi sau nộp khi nhận kết quả" in text
    assert "Thời điểm nhận hồ sơ 14 giờ 05 phút, ngày 20 tháng 8 năm 2019" in text
    assert "Ngày hẹn trả kết quả: ngày 27 tháng 8 năm 2019" in text
    assert "5 ngày làm việc (Quyết định 166/QĐ-BHXH; chưa kiểm chứng)" in text
    assert "đã ký bằng mã xác thực giao dịch điện tử gửi tới số 09•••••678 lúc 14 giờ 05 phút" in text
    assert "Mã đối chiếu nội dung: 7ZK4-M0QX" in text
    assert sheets.DIGEST in text.replace(" ", "")


def test_a_receipt_without_a_due_date_says_why():
    waiting = dataclasses.replace(sheets.RECEIPT, due=None, due_note="Chờ nhận đủ bản giấy.")
    text = text_of(receipt_pdf(waiting))
    assert "Chưa tính được ngày hẹn trả kết quả Chờ nhận đủ bản giấy." in text


def test_days_under_ten_and_the_first_two_months_have_two_digits():
    text = text_of(receipt_pdf(dataclasses.replace(sheets.RECEIPT, due=date(2020, 2, 5))))
    assert "ngày 05 tháng 02 năm 2020" in text


def test_a_receipt_for_many_papers_repeats_the_head_of_its_table():
    pdf = receipt_pdf(dataclasses.replace(sheets.RECEIPT, papers=sheets.PAPERS * 9))
    pages = [page.extract_text() for page in opened(pdf).pages]
    assert len(pages) == 2
    assert all("Tên giấy tờ" in page for page in pages)
    assert "Trang 2/2" in pages[1]


def test_an_approval_names_the_amount_in_figures_and_words():
    text = text_of(decision_pdf(sheets.APPROVAL))
    assert "Kết quả: đồng ý giải quyết" in text
    assert "44.980.714 đ" in text
    assert "Bốn mươi bốn triệu chín trăm tám mươi nghìn bảy trăm mười bốn đồng" in text
    monthly = dataclasses.replace(sheets.APPROVAL, payment=Payment(amount_vnd=745_000, is_monthly=True))
    assert "745.000 đ mỗi tháng" in text_of(decision_pdf(monthly))


def test_an_approval_may_pay_nothing():
    text = text_of(decision_pdf(dataclasses.replace(sheets.APPROVAL, payment=None)))
    assert "đồng ý giải quyết" in text
    assert "Số tiền" not in text


def test_a_refusal_gives_reason_basis_and_the_way_to_complain():
    text = text_of(decision_pdf(sheets.REFUSAL))
    assert "Kết quả: từ chối giải quyết" in text
    assert "Chưa đủ một năm kể từ khi nghỉ việc." in text
    assert "Điều 60 Luật Bảo hiểm xã hội" in text
    assert "quyền khiếu nại" in text


@pytest.mark.parametrize(
    "change", [{"reason": ""}, {"legal_basis": ()}, {"payment": Payment(amount_vnd=1)}], ids=str
)
def test_a_refusal_without_reason_or_with_money_is_a_mistake(change):
    with pytest.raises(ValueError, match="refusal"):
        dataclasses.replace(sheets.REFUSAL, **change)


def test_each_defect_has_its_own_reason_in_the_list():
    defects = tuple(
        dataclasses.replace(defect, reason=why)
        for defect, why in zip(sheets.SUPPLEMENT.defects, ("Trang 2 mờ.", "Tên chủ khác."), strict=True)
    )
    text = text_of(supplement_request_pdf(dataclasses.replace(sheets.SUPPLEMENT, defects=defects, reason="")))
    assert text.count("Lý do") == 1  # the heading of the column
    assert text.index("Trích sao hồ sơ bệnh án") < text.index("Trang 2 mờ.") < text.index("Số tài khoản")
    assert text.index("Số tài khoản") < text.index("Tên chủ khác.")


def test_a_supplement_request_lists_every_defect():
    text = text_of(supplement_request_pdf(sheets.SUPPLEMENT))
    assert "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ" in text
    assert "1 Trích sao hồ sơ bệnh án Chụp lại trang 2 cho rõ. Căn cứ: Điều 109" in text
    assert "2 Số tài khoản Ghi tài khoản của chính người hưởng." in text
    assert "trước hết: ngày 05 tháng 9 năm 2019" in text
    assert "Lý do Ảnh mờ, không đọc được." in text
    with pytest.raises(ValueError, match="nothing"):
        supplement_request_pdf(dataclasses.replace(sheets.SUPPLEMENT, defects=()))


def test_a_form_shows_its_sections_tables_and_signature():
    text = text_of(form_pdf(sheets.FORM))
    assert "Mẫu số 14-HSB" in text
    assert "Kính gửi: BHXH tỉnh Thanh Hóa" in text
    assert "1. Người đề nghị Họ và tên Nguyễn Thị Hằng Ghi chú —" in text
    assert "2 Trần Thị Bình 01/01/1940 500.000 đ" in text
    assert "Dòng một Dòng hai" in text
    assert "NGƯỜI ĐỀ NGHỊ (đã ký điện tử) Nguyễn Thị Hằng" in text


def test_a_form_not_yet_signed_says_so():
    preview = dataclasses.replace(sheets.FORM, proof=Proof(reference="", tracking_url=sheets.URL))
    text = text_of(form_pdf(preview))
    assert "BẢN XEM TRƯỚC – CHƯA KÝ, CHƯA NỘP" in text
    assert "(chưa ký)" in text
    assert "Tra cứu" not in text


def test_a_table_with_a_cell_missing_is_a_mistake():
    with pytest.raises(ValueError, match="cells"):
        Table("x", (Column("a"), Column("b")), (("1",),))


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_people_type_is_text_and_never_source(typed):
    assert typed in text_of(with_name(typed)).replace("\u00a0", " ")


def test_what_people_type_is_text_everywhere():
    typed = '#panic("x") $ #[ \\ "'
    person = Person(name=typed, address=typed, email=typed, representative=typed)
    receipt = dataclasses.replace(
        sheets.RECEIPT, filer=person, procedure=typed, papers=(Paper(name=typed, note=typed),), contact=typed
    )
    form = dataclasses.replace(
        sheets.FORM,
        title=typed,
        sections=(Section(typed, (Field(typed, typed), Table(typed, (Column(typed),), ((typed,),)))),),
    )
    assert text_of(receipt_pdf(receipt)).count(typed) >= 7
    assert text_of(form_pdf(form)).count(typed) >= 5


def test_what_the_font_lacks_is_replaced():
    text = text_of(with_name("Y Ƀlô 😀 中文 \u202e\u0000\ud800x\u0301 A\tB"))
    assert "Y Blô ? ?? x" in text
    assert "A B" in text


def test_letters_typed_in_pieces_are_put_together():
    assert "Nguyễn" in text_of(with_name("Nguye\u0302\u0303n"))


@pytest.mark.parametrize("name", ["Nguyễn " * 40, "A" * 400, "đ" * 100], ids=["words", "letters", "one word"])
def test_long_names_stay_on_the_page(name):
    assert name.strip() in text_of(with_name(name)).replace("A ", "A").replace("đ ", "đ")


def test_a_cell_longer_than_a_page_goes_on_to_the_next():
    long = " ".join(f"từ{number}" for number in range(2000))
    table = Table("x", (Column("a"), Column("b")), (("1", long),))
    pdf = form_pdf(dataclasses.replace(sheets.FORM, sections=(Section("x", (table,)),)))
    assert "từ1999" in text_of(pdf)


def test_a_time_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="naive"):
        receipt_pdf(dataclasses.replace(sheets.RECEIPT, received_at=datetime(2019, 8, 20)))  # noqa: DTZ001


def test_threads_take_turns():
    names = [f"Người thứ {number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        texts = [text_of(pdf) for pdf in pool.map(with_name, names)]
    assert all(name in text for name, text in zip(names, texts, strict=True))


def test_a_child_forked_after_typesetting_is_told_so_and_does_not_hang():
    script = """
import os, signal
from procedures.documents import receipt_pdf
from procedures.documents.typesetting import ForkedAfterTypesetting
from tests.procedures.documents.sheets import RECEIPT
receipt_pdf(RECEIPT)
child = os.fork()
if child == 0:
    signal.alarm(20)
    try:
        receipt_pdf(RECEIPT)
    except ForkedAfterTypesetting:
        os._exit(7)
    os._exit(1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 7
