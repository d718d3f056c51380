"""Thông báo kết quả giải quyết hồ sơ: approved, with the amount in figures and in words, or refused,
with the reason, its legal basis and the way to complain."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.lib.money import format_vnd, vnd_in_words
from portal.lib.vietnamese import format_date
from procedures.documents.parts import Letterhead, Person, Proof
from procedures.documents.typesetting import typeset

# Rights named in Law 58/2014/QH13 Arts 118-119 and the Law on Complaints 02/2011/QH13 Arts 7 and 9
# (90 days); known, texts not read.
COMPLAINT = (
    "Nếu không đồng ý, ông (bà) có quyền khiếu nại đến chính cơ quan đã ra thông báo này trong 90 ngày kể "
    "từ ngày nhận được, hoặc khởi kiện vụ án hành chính tại Tòa án (Điều 118, Điều 119 Luật Bảo hiểm xã "
    "hội năm 2014; Điều 7, Điều 9 Luật Khiếu nại năm 2011)."
)


class Outcome(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"


@dataclass(frozen=True, kw_only=True)
class Payment:
    """What is paid and how."""

    amount_vnd: int
    is_monthly: bool = False
    method: str = ""  # "Chuyển khoản: ••••6789, Vietcombank"
    paid_from: str = ""  # "tháng 9 năm 2019"

    def rows(self) -> list[tuple[str, str]]:
        period = " mỗi tháng" if self.is_monthly else ""
        rows = [
            ("Số tiền được hưởng", f"{format_vnd(self.amount_vnd)}{period}"),
            ("Bằng chữ", f"{vnd_in_words(self.amount_vnd)}{period}"),
            ("Hưởng từ", self.paid_from),
            ("Hình thức nhận tiền", self.method),
        ]
        return [(label, value) for label, value in rows if value]


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the reckoning that differs from the estimate made at filing, and why."""

    label: str
    before: str
    after: str
    reason: str

    def content(self) -> dict[str, str]:
        return {"label": self.label, "before": self.before, "after": self.after, "reason": self.reason}


@dataclass(frozen=True, kw_only=True)
class DecisionSheet:
    letterhead: Letterhead
    outcome: Outcome
    addressee: Person
    procedure: str
    received_on: date
    legal_basis: tuple[str, ...]  # căn cứ
    result: str = ""  # name of the decision that goes with it
    payment: Payment | None = None  # None when nothing is paid, e.g. a transfer
    changes: tuple[Change, ...] = ()  # against the estimate the filer saw
    reason: str = ""  # required of a refusal, plain words
    reason_code: str = ""  # of a refusal: the ground in the catalogue
    next_step: str = ""  # what the person can do now
    complaint: str = COMPLAINT
    signed_by: str  # name of who decided
    signed_as: str = "Giám đốc"
    proof: Proof

    def __post_init__(self) -> None:
        if self.outcome is Outcome.REFUSE and not (self.reason and self.legal_basis):
            raise ValueError("a refusal has a reason and a legal basis")
        if self.outcome is Outcome.REFUSE and self.payment:
            raise ValueError("a refusal pays nothing")


def decision_pdf(sheet: DecisionSheet) -> bytes:
    """The decision notice as PDF."""
    payment = sheet.payment.rows() if sheet.payment else []
    content = {
        "letterhead": sheet.letterhead.content(),
        "is_approved": sheet.outcome is Outcome.APPROVE,
        "addressee": sheet.addressee.rows("Họ và tên"),
        "addressee_name": sheet.addressee.name,
        "procedure": sheet.procedure,
        "dossier": [("Mã hồ sơ", sheet.proof.reference), ("Ngày nhận hồ sơ", format_date(sheet.received_on))],
        "legal_basis": list(sheet.legal_basis),
        "payment": [*([("Kết quả kèm theo", sheet.result)] if sheet.result else []), *payment],
        "changes": [change.content() for change in sheet.changes],
        "reason": sheet.reason,
        "reason_code": sheet.reason_code,
        "next_step": sheet.next_step,
        "complaint": sheet.complaint,
        "signed_by": sheet.signed_by,
        "signed_as": sheet.signed_as,
        "proof": sheet.proof.content(),
    }
    return typeset("decision", content, at=sheet.letterhead.issued_at, qr=sheet.proof.tracking_url)
