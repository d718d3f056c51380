"""Logging in: one answer for an unknown login and a wrong password, and a limit that locks nobody out.

Failures are counted for login and address together, so a stranger elsewhere can't lock a person out, and for
the address and its network alone, so a stranger can't go through all logins. Those in a browser the person has
logged in with before are counted apart from all of them: no stranger beside them locks them out either.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import devices, networks, throttle, trail

# In the session: when it began, in seconds since 1970. portal.middleware.SessionLimits ends it after a day's work.
BEGAN = "began"
# A cookie that says only "somebody was logged in here", so that the log-in page can say what happened.
WAS_HERE = "da-dang-nhap"

FAILURES_OF_PAIR = (10, timedelta(minutes=15))
FAILURES_OF_ADDRESS = (100, timedelta(hours=1))


class LoginRefused(Exception):
    """Not logged in; the message is ready to be shown."""

    def __init__(self, message: str, is_throttled: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.is_throttled = is_throttled


def check_login(request: HttpRequest, login: str, password: str, address: str) -> User:
    """The person with this login and password. Raises LoginRefused.

    Django hashes the password for an unknown login too, so both answers take the same time.
    """
    device = devices.known(request, login)
    limits = {f"login:{address}": FAILURES_OF_ADDRESS, f"login:{login}:{address}": FAILURES_OF_PAIR}
    if device:
        limits = {f"login:{login}:device:{device}": FAILURES_OF_PAIR}
    for what, (limit, window) in limits.items():
        if not throttle.hit(what, limit, window):
            raise _too_many(login, throttle.wait_left(what, window))
    if not device and (wait := networks.wait_for_login()):
        raise _too_many(login, wait)
    user = authenticate(request, login=login, password=password)
    # People of the demo exist in the demo only, whatever database it left behind.
    if not isinstance(user, User) or (user.is_test and not (settings.DEMO or settings.TESTING)):
        trail.note("log in", "refused", "password", _whose(login))
        raise LoginRefused(
            _(
                "Tên đăng nhập hoặc mật khẩu chưa đúng. Ông/bà kiểm tra phím chữ hoa, bộ gõ tiếng Việt rồi thử lại."
            )
        )
    for what in limits:
        throttle.give_back(what)
    if not device:
        networks.logged_in()
    trail.note("log in", "accepted", "password", user)
    return user


def _whose(login: str) -> User | None:
    return User.objects.filter(login=login.replace("\0", "")).first()


def _too_many(login: str, wait: timedelta) -> LoginRefused:
    trail.note("log in", "too many tries", "password", _whose(login))
    return LoginRefused(throttle.in_words(wait), is_throttled=True)
