"""Rút hồ sơ: the filer takes the dossier back, any time before a decision."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from accounts.services import outbox
from procedures.domain.errors import NotAllowed
from procedures.domain.lifecycle import Act, Status, may
from procedures.models import Dossier, Notice
from procedures.selectors.decisions import was_decided
from procedures.services import clock, decisions, notices, transfers
from procedures.services.lifecycle import advance, locked


def may_withdraw(dossier: Dossier) -> bool:
    """Not while it is settled anew: the filer would be left without any decision."""
    return may(Status(dossier.status), Act.WITHDRAW) and not was_decided(dossier)


def withdraw(dossier: Dossier, filer: User) -> None:
    """Raises NotAllowed once it is decided or withdrawn."""
    with transaction.atomic():
        fresh = locked(dossier)
        if was_decided(fresh):
            raise NotAllowed("Hồ sơ đã có quyết định nên không rút được nữa.")
        event = advance(fresh, Act.WITHDRAW, actor=filer)
        Dossier.objects.filter(pk=fresh.pk).update(decided_at=Now(), due_on=None)
        decisions.drop_proposal(fresh)
        transfers.drop(fresh)
        clock.stop(fresh)
        fresh.supplement_requests.filter(answered_at__isnull=True).update(answered_at=Now())
        notices.notify(fresh, event, Notice.Kind.WITHDRAWN)
        outbox.wake_sweeper()
