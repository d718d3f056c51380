"""Papers as a procedure file writes them, and those several procedures ask for.

papers.copy("qd_phuc_vien", "Quyết định phục viên", law.vss_sheet("", UNSURE), When("reason", "phuc_vien"))
"""

from typing import Protocol

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


class Asking(Protocol):
    def __call__(
        self,
        code: str,
        name: str,
        basis: Basis,
        when: Condition = ALWAYS,
        *,
        form: str = "",
        one_of: str = "",
        condition_note: str = "",
        note: str = "",
    ) -> Document: ...


def _asking(kind: Copy) -> Asking:
    def ask(
        code: str,
        name: str,
        basis: Basis,
        when: Condition = ALWAYS,
        *,
        form: str = "",
        one_of: str = "",
        condition_note: str = "",
        note: str = "",
    ) -> Document:
        return Document(
            code,
            name,
            kind,
            basis,
            form=form,
            when=when,
            condition_note=condition_note,
            one_of=one_of,
            note=note,
        )

    return ask


original = _asking(Copy.ORIGINAL)
copy = _asking(Copy.COPY)
photocopy = _asking(Copy.PHOTOCOPY)
_translation = _asking(Copy.CERTIFIED_TRANSLATION)


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
    note = "Tải ảnh chụp các trang sổ và tờ rời. Sổ giấy nộp lại khi nhận kết quả."
    return original("so_bhxh", "Sổ bảo hiểm xã hội", basis, when, note=note)


def settlement_papers(when: Condition | None = None) -> tuple[Document, ...]:
    """Any one of five. Who has said which one they hold is asked for that one only."""
    return tuple(_settlement_paper(choice.value, when) for choice in SETTLEMENT_PAPER_CHOICES)


def _settlement_paper(code: str, when: Condition | None) -> Document:
    chosen = When("settlement_paper", code, None)
    is_certificate = code == "thoi_quoc_tich"
    ask = copy if is_certificate else _translation
    return ask(
        code,
        _PAPER_NAMES[code],
        law_58("khoản 3 Điều 109"),
        chosen if when is None else when & chosen,
        one_of=SETTLEMENT_GROUP.code,
        note="" if is_certificate else "Bản dịch tiếng Việt được chứng thực hoặc công chứng.",
    )


AUTHORIZATION = original(
    "uy_quyen",
    "Giấy ủy quyền",
    vss_sheet("mẫu 13-HSB trong"),
    When("representative"),
    form="13-HSB",
    condition_note="khi người khác nộp hồ sơ hoặc nhận tiền thay",
    note="Có chứng thực chữ ký; hoặc hợp đồng ủy quyền đã công chứng.",
)
