"""Alarms as those who look after things see them: a head those of the office, the headquarters all."""

from dataclasses import dataclass

from accounts.models import Alarm, Role, User

PAGE = 50


@dataclass(frozen=True, slots=True)
class Alarms:
    alarms: list[Alarm]
    following: int | None  # where the next page begins


def alarms_for(overseer: User, before: int | None = None) -> Alarms:
    """Newest first, a page by key."""
    rows = Alarm.objects.select_related("office").order_by("-pk")
    if overseer.role != Role.HQ:
        rows = rows.filter(office=overseer.office_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return Alarms(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def alarm_for(overseer: User, pk: int) -> Alarm:
    """Raises Alarm.DoesNotExist when there is none, or it is another office's."""
    rows = Alarm.objects.all()
    return (rows if overseer.role == Role.HQ else rows.filter(office=overseer.office_id)).get(pk=pk)
