"""Papers several procedures ask for."""

from procedures.domain.conditions import ALWAYS, Condition, When
from procedures.domain.definition import Basis, Copy, Document, DocumentGroup
from procedures.domain.questions import SETTLEMENT_PAPER_CHOICES
from procedures.domain.sources import law_58, vss_sheet

SETTLEMENT_GROUP = DocumentGroup(code="dinh_cu", name="Một trong các giấy tờ về việc định cư ở nước ngoài")

_PAPER_NAMES = {
    "thoi_quoc_tich": "Giấy xác nhận của cơ quan có thẩm quyền về việc thôi quốc tịch Việt Nam",
    "ho_chieu_nuoc_ngoai": "Hộ chiếu do nước ngoài cấp",
    "thi_thuc_dinh_cu": "Thị thực của cơ quan nước ngoài cho phép nhập cảnh với lý do định cư",
    "dang_nhap_tich": "Giấy tờ xác nhận đang làm thủ tục nhập quốc tịch nước ngoài",
    "the_thuong_tru": "Giấy tờ xác nhận hoặc thẻ thường trú, cư trú có thời hạn từ 05 năm trở lên",
}


def filled_form(
    code: str, name: str, form: str, basis: Basis, when: Condition = ALWAYS, *, note: str = ""
) -> Document:
    """A form the portal fills in from the answers."""
    return Document(
        code,
        name,
        Copy.ORIGINAL,
        basis,
        form=form,
        when=when,
        filled_here=True,
        may_follow_on_paper=False,
        note=f"{note} Cổng tự lập từ những gì ông/bà khai; không phải tải lên.".strip(),
    )


def request_form(basis: Basis, name: str = "Đơn đề nghị") -> Document:
    return filled_form("don_14hsb", name, "14-HSB", basis)


def insurance_book(basis: Basis, when: Condition = ALWAYS) -> Document:
    return Document(
        code="so_bhxh",
        name="Sổ bảo hiểm xã hội",
        copy=Copy.ORIGINAL,
        basis=basis,
        when=when,
        note="Tải ảnh chụp các trang sổ và tờ rời. Sổ giấy nộp lại khi nhận kết quả.",
    )


def settlement_papers(when: Condition | None = None) -> tuple[Document, ...]:
    """Any one of five. Who has said which one they hold is asked for that one only."""
    return tuple(_settlement_paper(choice.value, when) for choice in SETTLEMENT_PAPER_CHOICES)


def _settlement_paper(code: str, when: Condition | None) -> Document:
    chosen = When("settlement_paper", code, None)
    is_certificate = code == "thoi_quoc_tich"
    return Document(
        code=code,
        name=_PAPER_NAMES[code],
        copy=Copy.COPY if is_certificate else Copy.CERTIFIED_TRANSLATION,
        basis=law_58("khoản 3 Điều 109"),
        when=chosen if when is None else when & chosen,
        one_of=SETTLEMENT_GROUP.code,
        note="" if is_certificate else "Bản dịch tiếng Việt được chứng thực hoặc công chứng.",
    )


AUTHORIZATION = Document(
    code="uy_quyen",
    name="Giấy ủy quyền",
    form="13-HSB",
    copy=Copy.ORIGINAL,
    basis=vss_sheet("mẫu 13-HSB trong"),
    when=When("representative"),
    condition_note="khi người khác nộp hồ sơ hoặc nhận tiền thay",
    note="Có chứng thực chữ ký; hoặc hợp đồng ủy quyền đã công chứng.",
)
