"""Phiếu kiểm soát quá trình giải quyết hồ sơ (mẫu số 05, Circular 01/2018/TT-VPCP): stays in the office."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.lib.vietnamese import format_date
from procedures.documents.parts import Letterhead
from procedures.documents.printable import in_vietnam, long_date, long_moment
from procedures.documents.typesetting import typeset


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """Who gave it, who took it, when; the due date then, and whether it was kept."""

    from_: str
    to: str
    at: datetime  # aware
    due: date | None
    outcome: str
    what: str

    def content(self) -> list[str]:
        at = in_vietnam(self.at)
        due = format_date(self.due) if self.due else "—"
        return [self.what, self.from_, self.to, f"{at:%H:%M} {format_date(at)}", due, self.outcome]


@dataclass(frozen=True, kw_only=True)
class ControlSlip:
    letterhead: Letterhead
    reference: str
    procedure: str
    received_at: datetime  # aware
    due: date | None
    lines: tuple[HandOverLine, ...]


def control_slip_pdf(slip: ControlSlip) -> bytes:
    """The control slip as PDF."""
    content = {
        "letterhead": slip.letterhead.content(),
        "reference": slip.reference,
        "procedure": slip.procedure,
        "received": long_moment(slip.received_at),
        "due": long_date(slip.due) if slip.due else "chưa có ngày hẹn",
        "lines": [line.content() for line in slip.lines],
    }
    return typeset("control_slip", content, at=slip.letterhead.issued_at)
