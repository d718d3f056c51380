"""Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (mẫu số 02, Circular 01/2018/TT-VPCP): all defects in one
list, since an office may ask only once."""

from dataclasses import dataclass
from datetime import date

from procedures.documents.parts import Letterhead, Person, Proof
from procedures.documents.printable import long_date
from procedures.documents.typesetting import typeset


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One thing to put right."""

    subject: str  # the paper or the question
    action: str  # what to do about it
    reason: str = ""  # "" where the sheet has one reason for everything
    basis: str = ""

    def content(self) -> dict[str, str]:
        return {"subject": self.subject, "action": self.action, "reason": self.reason, "basis": self.basis}


@dataclass(frozen=True, kw_only=True)
class SupplementSheet:
    letterhead: Letterhead
    filer: Person
    procedure: str
    defects: tuple[Defect, ...]
    reason: str = ""  # one for everything: sheets of before there was one each
    answer_by: date | None
    how: str  # where and how to send the answer
    officer: str
    contact: str = ""
    proof: Proof


def supplement_request_pdf(sheet: SupplementSheet) -> bytes:
    """The request for a supplement as PDF. Raises ValueError when nothing is asked for."""
    if not sheet.defects:
        raise ValueError("nothing to put right")
    content = {
        "letterhead": sheet.letterhead.content(),
        "filer": sheet.filer.rows("Hồ sơ của"),
        "procedure": sheet.procedure,
        "defects": [defect.content() for defect in sheet.defects],
        "reason": sheet.reason,
        "answer_by": long_date(sheet.answer_by) if sheet.answer_by else "",
        "how": sheet.how,
        "officer": sheet.officer,
        "contact": sheet.contact,
        "proof": sheet.proof.content(),
    }
    return typeset("supplement_request", content, at=sheet.letterhead.issued_at, qr=sheet.proof.tracking_url)
