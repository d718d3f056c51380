"""Giải quyết lại: an upheld complaint opens the dossier for a new decision (docs/decisions/0110)."""

from datetime import date

from django.db.models.functions import Now

from accounts.models import User
from procedures.domain import transfers as rules
from procedures.domain.lifecycle import Act
from procedures.models import Complaint, Dossier, DossierEvent, Notice, Transfer
from procedures.services import assignment, clock, notices
from procedures.services.lifecycle import advance

UPHELD = (Complaint.Outcome.UPHELD, Complaint.Outcome.PARTLY)


def may_reopen(dossier: Dossier) -> bool:
    """Not a move that the other office has accepted, since somebody else pays by now; nor at an office that
    was merged, where nobody works any more. Both are put right by a new dossier."""
    moved = dossier.transfers.filter(kind=Transfer.Kind.MOVE, state=rules.State.ACCEPTED)
    has_successor = dossier.office is None or dossier.office.successor_id is not None
    return not has_successor and not moved.exists()


def reopen(dossier: Dossier, complaint: Complaint, reviewer: User) -> DossierEvent:
    """Bring a decided dossier, locked by the caller, back into its office's queue with a whole new limit. It
    becomes the next work of who found the complaint right, if that is somebody of the office.

    Raises NotAllowed when it isn't decided.
    """
    days = {"old_due_on": _iso(dossier.due_on)}
    clock.begin_anew(dossier)
    days["due_on"] = _iso(dossier.due_on)
    detail = {"complaint": complaint.pk, **{name: day for name, day in days.items() if day}}
    event = advance(dossier, Act.REOPEN, actor=reviewer, detail=detail)
    Dossier.objects.filter(pk=dossier.pk).update(
        decided_at=None, queued_at=Now(), assignee=None, held_until=None
    )
    dossier.assignee = None
    if reviewer.office_id == dossier.office_id:
        assignment.give_back(dossier, reviewer, by=reviewer, reason="Giải quyết lại theo khiếu nại.")
    notices.notify(dossier, event, Notice.Kind.REOPENED)
    return event


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
