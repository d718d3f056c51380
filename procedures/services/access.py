"""Lượt xem: who of the staff looked at whose dossier, written before anything leaves."""

from datetime import timedelta

from django.db.models import Value
from django.db.models.functions import Now

from accounts.models import User
from procedures.domain.lifecycle import OPEN
from procedures.models import AccessEntry, Attachment, Dossier


def record(dossier: Dossier, viewer: User, attachment: Attachment | None = None) -> AccessEntry:
    """Note that ``viewer`` opens the dossier, or one paper of it. When this fails nothing may be shown."""
    is_open = dossier.status in OPEN
    return AccessEntry.objects.create(
        dossier=dossier,
        viewer=viewer,
        role=viewer.role,
        office=viewer.office_id or "",
        purpose=AccessEntry.Purpose.CASEWORK if is_open else AccessEntry.Purpose.REVIEW,
        attachment=attachment,
    )


ONE_LOOK = timedelta(minutes=30)


def record_once(dossier: Dossier, viewer: User, attachment: Attachment) -> None:
    """As ``record``, for the many requests of one look: turning the pages of a paper is one entry."""
    since = Now() - Value(ONE_LOOK)
    looks = AccessEntry.objects.filter(dossier=dossier, viewer=viewer, attachment=attachment, at__gt=since)
    if not looks.exists():
        record(dossier, viewer, attachment)
