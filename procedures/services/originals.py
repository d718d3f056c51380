"""Bản giấy gửi sau: an officer records that a promised paper came; the clock starts with the last one."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from procedures.domain.errors import NotAllowed
from procedures.domain.lifecycle import OPEN
from procedures.models import Dossier, PaperOriginal
from procedures.services import clock
from procedures.services.lifecycle import locked, note, require_unchanged

RECEIVED = "paper_received"  # kind of history entry; the status doesn't change


def receive_original(dossier: Dossier, document: str, officer: User, *, seen: int | None = None) -> None:
    """Record the arrival, also while a supplement is awaited. ``seen``: see require_unchanged.

    Raises NotAllowed when no such paper is awaited.
    """
    with transaction.atomic():
        fresh = locked(dossier)
        require_unchanged(fresh, seen)
        awaited = PaperOriginal.objects.filter(dossier=fresh, document=document, received_at__isnull=True)
        if fresh.status not in OPEN or not awaited.update(received_at=Now()):
            raise NotAllowed("Hồ sơ này không chờ bản giấy đó.")
        note(fresh, RECEIVED, actor=officer, detail={"document": document})
        clock.keep(fresh)
