"""Lượt xem: who of the staff looked at whose dossier, written before anything leaves."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Alarm, Office, Role, User
from accounts.services import alarms
from procedures.domain.lifecycle import OPEN
from procedures.models import AccessEntry, Attachment, Dossier


def record(dossier: Dossier, viewer: User, attachment: Attachment | None = None) -> AccessEntry:
    """Note that ``viewer`` opens the dossier, or one paper of it. When this fails nothing may be shown."""
    is_open = dossier.status in OPEN
    entry = AccessEntry.objects.create(
        dossier=dossier,
        viewer=viewer,
        role=viewer.role,
        office=viewer.office_id or "",
        purpose=AccessEntry.Purpose.CASEWORK if is_open else AccessEntry.Purpose.REVIEW,
        attachment=attachment,
    )
    if attachment is not None:
        _count(viewer)
    return entry


def _count(viewer: User) -> None:
    """Sound an alarm when somebody opens papers of more dossiers in a day than the work asks for. Nobody is
    kept from working: the head of the office asks. For a head, the headquarters do."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = AccessEntry.objects.filter(viewer=viewer, attachment__isnull=False, at__gte=midnight)
    opened = today.values("dossier").distinct().count()
    if opened <= settings.DOSSIERS_READ_A_DAY:
        return
    is_head = viewer.role == Role.HEAD
    alarms.sound(
        Alarm.Kind.READS,
        f"{viewer.login} {midnight.date().isoformat()}",
        office=None if is_head else Office.objects.filter(pk=viewer.office_id).first(),
        detail=str(opened),
    )


ONE_LOOK = timedelta(minutes=30)


def record_once(dossier: Dossier, viewer: User, attachment: Attachment) -> None:
    """As ``record``, for the many requests of one look: turning the pages of a paper is one entry."""
    since = Now() - Value(ONE_LOOK)
    looks = AccessEntry.objects.filter(dossier=dossier, viewer=viewer, attachment=attachment, at__gt=since)
    if not looks.exists():
        record(dossier, viewer, attachment)
