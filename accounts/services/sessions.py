"""Where a person is logged in: shown to them alone, and ended by them (docs/decisions/0130)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import LiveSession, User
from accounts.services import trail

# What a browser calls itself, the more particular name first: others stand in it too.
_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_SYSTEMS = {
    **{name: name for name in ("Android", "iPhone", "iPad", "Windows")},
    **{"Macintosh": "macOS", "Linux": "Linux"},
}


@dataclass(frozen=True, slots=True)
class Place:
    """A session for the page. ``seen_at`` is right to SESSION_PROLONGED_EVERY."""

    pk: int
    device: str
    began_at: datetime
    seen_at: datetime
    is_here: bool


def began(user: User, session: SessionBase, agent: str) -> None:
    """Note a session that has just begun, or got another key; forget those of the person that are over."""
    if not session.session_key:
        session.create()
    gone = LiveSession.objects.filter(user=user).exclude(
        session_key__in=Session.objects.values("session_key")
    )
    gone.delete()
    LiveSession.objects.update_or_create(
        session_key=str(session.session_key), defaults={"user": user, "device": device_of(agent)}
    )


def places_of(user: User, session: SessionBase) -> list[Place]:
    """Where the person is logged in now, this session first, then the latest."""
    rows = list(LiveSession.objects.filter(user=user).order_by("-began_at"))
    keys = [row.session_key for row in rows]
    alive = dict(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", "expire_date"
        )
    )
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    found = [
        Place(
            row.pk,
            row.device,
            row.began_at,
            max(row.began_at, alive[row.session_key] - idle),
            row.session_key == session.session_key,
        )
        for row in rows
        if row.session_key in alive
    ]
    return sorted(found, key=lambda place: not place.is_here)


def end(user: User, session: SessionBase, only: int | None = None) -> int:
    """End the person's sessions elsewhere, or ``only`` the one with this id. Returns how many; never this one."""
    elsewhere = LiveSession.objects.filter(user=user).exclude(session_key=session.session_key)
    if only is not None:
        elsewhere = elsewhere.filter(pk=only)
    Session.objects.filter(session_key__in=list(elsewhere.values_list("session_key", flat=True))).delete()
    count, _by_model = elsewhere.delete()
    trail.note("end sessions", "accepted", "password", user)
    return count


def device_of(agent: str) -> str:
    """ "Chrome, Android" from a User-Agent; "" for one that says neither."""
    found = (
        next((name for mark, name in names.items() if mark in agent), "") for names in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, found))
