"""Giấy tiếp nhận hồ sơ và hẹn trả kết quả (mẫu số 01, Circular 01/2018/TT-VPCP)."""

from dataclasses import dataclass
from datetime import date, datetime

from procedures.documents.parts import Letterhead, Limit, Paper, Person, Proof
from procedures.documents.printable import long_date, long_moment
from procedures.documents.typesetting import typeset


@dataclass(frozen=True, kw_only=True)
class ReceiptSheet:
    letterhead: Letterhead
    filer: Person
    procedure: str  # content of the request
    papers: tuple[Paper, ...]
    received_at: datetime  # aware; day and hour of the filing
    due: date | None  # None while the clock waits for papers
    limits: tuple[Limit, ...]  # the promised one first, then the statutory one
    due_note: str = ""  # why there is no due date yet, or what could move it
    sets: int = 1  # số lượng hồ sơ
    return_method: str  # "Nhận qua bưu điện tại địa chỉ trên"
    receiver: str  # officer, or "Hệ thống tiếp nhận tự động"
    contact: str = ""  # whom to ask
    proof: Proof
    attached: str = ""  # the receipt as data with its proof in the log, JSON


def receipt_pdf(sheet: ReceiptSheet) -> bytes:
    """The receipt as PDF."""
    content = {
        "letterhead": sheet.letterhead.content(),
        "filer": sheet.filer.rows("Người nộp hồ sơ"),
        "filer_name": sheet.filer.name,
        "procedure": sheet.procedure,
        "papers": [paper.content() for paper in sheet.papers],
        "sets": f"{sheet.sets:02d}",
        "received": long_moment(sheet.received_at),
        "due": long_date(sheet.due) if sheet.due else "",
        "due_note": sheet.due_note,
        "limits": [limit.content() for limit in sheet.limits],
        "return_method": sheet.return_method,
        "receiver": sheet.receiver,
        "contact": sheet.contact,
        "proof": sheet.proof.content(),
    }
    return typeset(
        "receipt",
        content,
        at=sheet.letterhead.issued_at,
        qr=sheet.proof.tracking_url,
        verify_qr=sheet.proof.verify_url,
        attached=sheet.attached,
    )
