"""Phiếu kiểm soát quá trình giải quyết hồ sơ (form 05): every hand over, who gave it, who took it, in time
or not. Made from the rows whenever it is asked for."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from procedures.documents import ControlSlip, HandOverLine, Letterhead, control_slip_pdf
from procedures.domain.lifecycle import Act
from procedures.models import Dossier, DossierEvent, Proposal
from procedures.selectors.colleagues import hand_overs_of
from procedures.selectors.definitions import procedure_of

PORTAL = "Cổng hồ sơ BHXH"
QUEUE = "Hàng chờ của cơ quan"


def control_slip_for(dossier: Dossier) -> bytes:
    """PDF. Raises ValueError for a draft, which nobody has handled."""
    if dossier.office is None or dossier.filed_at is None:
        raise ValueError("a draft has no control slip")
    lines = sorted(_lines(dossier), key=lambda line: line.at)
    slip = ControlSlip(
        letterhead=Letterhead(
            office=dossier.office.official_name,
            place=dossier.office.name,
            number=dossier.reference or "",
            issued_at=lines[-1].at if lines else dossier.filed_at,
        ),
        reference=dossier.reference or "",
        procedure=procedure_of(dossier).name,
        received_at=dossier.filed_at,
        due=dossier.due_on,
        lines=tuple(lines),
    )
    return control_slip_pdf(slip)


def _lines(dossier: Dossier) -> Iterator[HandOverLine]:
    acts = dossier.events.filter(act__in=[Act.DELIVER, Act.APPROVE, Act.REFUSE, Act.REOPEN]).order_by("pk")
    events = list(acts.select_related("actor"))
    reopened = [event for event in events if event.act == Act.REOPEN]
    for event in events:
        if event.act == Act.DELIVER:
            yield _line(PORTAL, QUEUE, event.at, None, "Vào hàng chờ")
        elif event.act == Act.REOPEN:
            yield _line(_name(event.actor), QUEUE, event.at, None, "Mở lại theo khiếu nại")
        else:
            due = _due_then(dossier, reopened, event.at)
            yield _line(_name(event.actor), PORTAL, event.at, due, "Ký và trả kết quả")
    for one in hand_overs_of(dossier):
        before = one.from_officer if one.from_officer != one.to_officer else None
        yield _line(_name(before), _name(one.to_officer), one.at, one.due_on, one.get_kind_display())
    for proposal in dossier.proposals.select_related("proposed_by", "answered_by"):
        yield from _of_proposal(proposal, _due_then(dossier, reopened, proposal.proposed_at))


def _due_then(dossier: Dossier, reopened: Sequence[DossierEvent], at: datetime) -> date | None:
    """The day that was promised at a moment: before a complaint opened the dossier again, another one."""
    later = next((event for event in reopened if event.at > at), None)
    if later is None:
        return dossier.due_on
    old = later.detail.get("old_due_on")
    return date.fromisoformat(old) if old else None


def _of_proposal(proposal: Proposal, due: date | None) -> Iterator[HandOverLine]:
    signer = _name(proposal.answered_by) if proposal.answered_by else "Người ký"
    yield _line(_name(proposal.proposed_by), signer, proposal.proposed_at, due, "Trình ký")


def _line(from_: str, to: str, at: datetime, due: date | None, what: str) -> HandOverLine:
    return HandOverLine(from_, to, at, due, _outcome(at, due), what)


def _outcome(at: datetime, due: date | None) -> str:
    if due is None:
        return "chưa có hạn"
    day = timezone.localdate(at)
    if day == due:
        return "đúng hạn"
    return "trước hạn" if day < due else "quá hạn"


def _name(officer: User | None) -> str:
    return officer.full_name if officer else QUEUE
