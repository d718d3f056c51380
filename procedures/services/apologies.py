"""Xin lỗi và hẹn lại ngày trả kết quả (form 04): once a dossier, before the day that was promised.

After that day the head of the office may still apologise, with the words written when it was found late.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from accounts.services import outbox
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import Status
from procedures.models import Apology, Dossier, Notice
from procedures.services import assignment, clock, notices
from procedures.services.lifecycle import locked, note, require_unchanged

APOLOGISED = "apologised"  # kind of history entry; the status doesn't change


def may_apologise(dossier: Dossier, officer: User) -> bool:
    """Whether there is a day to put off, and this person may."""
    if dossier.status not in (Status.QUEUED, Status.PROPOSED) or dossier.due_on is None:
        return False
    if Apology.objects.filter(dossier=dossier).exists():
        return False
    return officer.role == Role.HEAD or dossier.due_on >= timezone.localdate()


def draft_of(dossier: Dossier) -> str:
    """Words to begin with: those written when the dossier was found late."""
    breach = dossier.breaches.order_by("-pk").first()
    return breach.draft if breach else ""


def apologise(
    dossier: Dossier, officer: User, *, new_due_on: date, reason: str, seen: int | None = None
) -> Apology:
    """Apologise to the filer and promise another day. ``seen``: see require_unchanged.

    Raises DomainError for a day or words that won't do, NotHeld, NotAllowed.
    """
    if not reason.strip():
        raise DomainError("Xin ghi lý do chậm trả để người dân hiểu.", question="reason")
    with transaction.atomic():
        fresh = locked(dossier)
        require_unchanged(fresh, seen)
        if not may_apologise(fresh, officer) or fresh.due_on is None:
            raise NotAllowed(
                "Hồ sơ này không hẹn lại ngày trả được: đã hẹn lại một lần, hoặc đã quá ngày hẹn."
            )
        if officer.role != Role.HEAD:
            assignment.require_lease(fresh, officer)
        old = fresh.due_on
        apology = Apology(
            dossier=fresh, old_due_on=old, new_due_on=new_due_on, reason=reason.strip(), made_by=officer
        )
        clock.set_anew(fresh, new_due_on)
        apology.save()
        detail = {"old_due_on": old.isoformat(), "new_due_on": new_due_on.isoformat()}
        event = note(fresh, APOLOGISED, actor=officer, detail=detail)
        notices.notify(fresh, event, Notice.Kind.APOLOGISED)
        outbox.wake_sweeper()
    return apology
