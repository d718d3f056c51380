"""Phiếu xin lỗi và hẹn lại ngày trả kết quả (mẫu số 04, Circular 01/2018/TT-VPCP)."""

from dataclasses import dataclass
from datetime import date, datetime

from procedures.documents.parts import Letterhead, Person, Proof
from procedures.documents.printable import long_date, long_moment
from procedures.documents.typesetting import typeset


@dataclass(frozen=True, kw_only=True)
class ApologySheet:
    letterhead: Letterhead
    filer: Person
    procedure: str
    received_at: datetime  # aware
    old_due: date
    new_due: date
    reason: str
    signed_by: str
    signed_as: str
    proof: Proof


def apology_pdf(sheet: ApologySheet) -> bytes:
    """The apology as PDF."""
    content = {
        "letterhead": sheet.letterhead.content(),
        "filer": sheet.filer.rows("Kính gửi ông (bà)"),
        "procedure": sheet.procedure,
        "received": long_moment(sheet.received_at),
        "old_due": long_date(sheet.old_due),
        "new_due": long_date(sheet.new_due),
        "reason": sheet.reason,
        "signed_by": sheet.signed_by,
        "signed_as": sheet.signed_as,
        "proof": sheet.proof.content(),
    }
    return typeset("apology", content, at=sheet.letterhead.issued_at, qr=sheet.proof.tracking_url)
