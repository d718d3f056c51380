"""The second factor of staff: nobody who works here gets in by a password alone.

Between the password and the second factor nobody is logged in: the session only remembers who may go on
(views/second_factor.py), so no page can forget to ask.
"""

from datetime import timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Message, Role, SecurityEvent, User
from accounts.services import authenticator, networks, outbox, throttle, trail

# In the session: whose second factor was seen. accounts.views.access asks for it on every page of staff.
VERIFIED = "second_factor_of"
# Of one person who has the password already.
FAILURES = ((5, timedelta(minutes=15)), (20, timedelta(days=1)))


class FactorRefused(Exception):
    """Not let in; the message is ready to be shown."""

    def __init__(self, message: str, is_throttled: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.is_throttled = is_throttled


def check_code(user: User, typed: str) -> None:
    """Judge the six digits of a person's app. Raises FactorRefused."""
    _count(user)
    if not authenticator.accept(user, typed):
        trail.note("log in", "refused", "app", user)
        raise FactorRefused(_wrong())
    _forget(user)
    trail.note("log in", "accepted", "app", user)


def enrol(user: User, typed: str) -> None:
    """Bind the app shown on the page by its first code. Raises FactorRefused."""
    _count(user)
    if not authenticator.confirm(user, typed):
        trail.note("log in", "refused", "app", user)
        raise FactorRefused(_wrong())
    _forget(user)
    SecurityEvent.objects.create(kind=SecurityEvent.Kind.FACTOR_ENROLLED, actor=user, person=user)


def keep_one_session(user: User, session: SessionBase) -> None:
    """End the session this member of staff had elsewhere: there is one at a time."""
    if not session.session_key:
        session.create()
    with transaction.atomic():
        fresh = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if fresh.live_session != session.session_key:
            Session.objects.filter(session_key=fresh.live_session).delete()
        User.objects.filter(pk=user.pk).update(live_session=session.session_key)


def may_reset(helper: User, person: User) -> bool:
    """A keyholder of the same office, never the person. Of the headquarters: somebody else there."""
    is_colleague = helper.office_id == person.office_id and (helper.role == Role.HQ) == (
        person.role == Role.HQ
    )
    return helper.is_keyholder and is_colleague and not person.is_citizen and helper.pk != person.pk


def reset(person: User, helper: User) -> None:
    """Take a lost phone off a colleague's account: the next log-in binds a new one. They are told, and
    logged out. Raises FactorRefused."""
    if not may_reset(helper, person):
        raise FactorRefused(_("Chỉ lãnh đạo hoặc cán bộ cấp mã khác của cùng cơ quan mới làm được việc này."))
    with transaction.atomic():
        authenticator.remove(person)
        fresh = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        Session.objects.filter(session_key=fresh.live_session).delete()
        SecurityEvent.objects.create(kind=SecurityEvent.Kind.FACTOR_RESET, actor=helper, person=person)
        if person.email:
            Message.objects.create(
                kind=Message.Kind.FACTOR_RESET, user=person, channel="email", destination=person.email
            )
            outbox.wake_sweeper()


def _count(user: User) -> None:
    for limit, window in FAILURES:
        what = _what(user, window)
        if not throttle.hit(what, limit, window):
            trail.note("log in", "too many tries", "app", user)
            raise _too_many(throttle.wait_left(what, window))
    if wait := networks.wait_for_guess():
        trail.note("log in", "too many tries", "app", user)
        raise _too_many(wait)


def _too_many(wait: timedelta) -> FactorRefused:
    return FactorRefused(throttle.in_words(wait), is_throttled=True)


def _forget(user: User) -> None:
    """Only failures count."""
    for _limit, window in FAILURES:
        throttle.give_back(_what(user, window))
    networks.guessed_right()


def _what(user: User, window: timedelta) -> str:
    return f"second-factor:{user.pk}:{window.total_seconds():.0f}"


def _wrong() -> str:
    return _("Mã không đúng hoặc đã dùng. Ông/bà chờ ứng dụng đổi sang mã mới rồi nhập mã đó.")
