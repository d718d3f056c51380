"""Cảnh báo: something a person must look at, said once to those it is for."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Now

from accounts.models import Alarm, Message, Office, Role, User
from accounts.services import outbox

# A matter that comes and goes within this time is the same matter.
QUIET = timedelta(minutes=10)


def sound(kind: Alarm.Kind, subject: str = "", *, office: Office | None = None, detail: str = "") -> Alarm:
    """Have a matter looked at: the head of the office, or the headquarters, is told when it begins.

    Seen again, it is only counted. ``subject`` and ``detail`` hold ids and figures, never personal data.
    """
    with transaction.atomic():
        alarm, is_new = Alarm.objects.get_or_create(
            kind=kind, subject=subject, defaults={"office": office, "detail": detail[:200]}
        )
        if is_new:
            _tell(alarm)
            return alarm
        again = Alarm.objects.filter(pk=alarm.pk, cleared_at__lt=Now() - Value(QUIET))
        is_back = bool(again.update(raised_at=Now(), cleared_at=None))
        Alarm.objects.filter(pk=alarm.pk).update(
            seen_at=Now(), times=F("times") + 1, cleared_at=None, detail=detail[:200]
        )
        if is_back:
            _tell(alarm)
    return alarm


def clear(kind: Alarm.Kind, subject: str = "") -> None:
    """The matter is over. Nobody is told; the list of alarms says so."""
    Alarm.objects.filter(kind=kind, subject=subject, cleared_at=None).update(cleared_at=Now())


def _tell(alarm: Alarm) -> None:
    """Messages to the heads of the office; to the headquarters when there is none, or none can be reached."""
    heads = User.objects.filter(is_active=True, role=Role.HEAD, office=alarm.office) if alarm.office else None
    everybody = [*(heads or []), *User.objects.filter(is_active=True, role=Role.HQ)]
    reached = [user for user in everybody if user.role == Role.HEAD and user.contacts] or everybody
    Message.objects.bulk_create(
        Message(kind=Message.Kind.ALARM, user=user, alarm=alarm, channel=channel, destination=destination)
        for user in reached
        for channel, destination in user.contacts.items()
    )
    outbox.wake_sweeper()
