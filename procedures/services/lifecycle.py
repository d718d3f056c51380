"""The one writer of a dossier's status."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from procedures.domain.errors import Stale
from procedures.domain.lifecycle import Act, Status, after
from procedures.models import Decision, Dossier, DossierEvent, SupplementRequest
from procedures.selectors.log import Subject
from procedures.services import log, tallies


def locked(dossier: Dossier) -> Dossier:
    """The dossier as it stands now, locked until the transaction ends."""
    return Dossier.objects.select_for_update().get(pk=dossier.pk)


def require_unchanged(dossier: Dossier, seen: int | None) -> None:
    """That nothing happened to the dossier locked by the caller since ``seen``, the event a page showed
    last; None doesn't ask. Raises Stale, so that nobody acts on a page that is out of date."""
    if seen is not None and dossier.events.filter(pk__gt=seen).exists():
        raise Stale("Hồ sơ đã có thay đổi sau khi trang này được mở.")


def advance(
    dossier: Dossier,
    act: Act,
    *,
    actor: User | None = None,
    detail: dict[str, Any] | None = None,
    subject: Subject = None,
) -> DossierEvent:
    """Carry out one act on a dossier locked by the caller: status, history, log and tally together.

    ``detail`` goes into the history for ever and holds no personal data. ``subject``: the row the act
    makes, complete if not yet saved; its leaf in the log covers it.

    Raises:
        NotAllowed: the act isn't possible in this status.
        Stale: somebody else changed the status first.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("advance() belongs in the transaction of its act")
    following = after(Status(dossier.status), act)
    changed = Dossier.objects.filter(pk=dossier.pk, status=dossier.status).update(
        status=following, updated_at=Now()
    )
    if not changed:
        raise Stale("Hồ sơ vừa được người khác xử lý. Ông/bà tải lại trang để xem tình trạng mới.")
    dossier.status = following
    event = note(dossier, act, actor=actor, detail=detail, subject=subject)
    tallies.bump(dossier, act)
    return event


def note(
    dossier: Dossier,
    act: str,
    *,
    actor: User | None = None,
    detail: dict[str, Any] | None = None,
    subject: Subject = None,
) -> DossierEvent:
    """Write one entry of the history with its leaf in the log. By itself it changes no status."""
    event = DossierEvent.objects.create(
        dossier=dossier, act=act, status=dossier.status, actor=actor, detail=detail or {}
    )
    # Both are one act, so they have one time.
    if isinstance(subject, Decision):
        subject.decided_at = event.at
    if isinstance(subject, SupplementRequest):
        subject.requested_at = event.at
    log.append(event, actor, subject)
    return event
