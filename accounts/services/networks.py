"""Limits on what comes from one network (an IPv4 /24, an IPv6 /48), so that somebody with many addresses gains
nothing. Sends and guesses are counted apart, each in one SQL statement.

The network of the request being answered is set once, by portal.middleware.Origin: no way of sending or guessing
can forget it. Workers and commands have none, and nothing of theirs is counted.
"""

from contextvars import ContextVar
from datetime import timedelta

from accounts.services import throttle

current: ContextVar[str] = ContextVar("network", default="")

# Generous: behind one address of a mobile carrier there are thousands of people.
SENDS = ((300, timedelta(minutes=10)), (3000, timedelta(days=1)))
GUESSES = ((200, timedelta(hours=1)),)  # wrong ones: of transaction, app, card and activation codes
LOGINS = ((500, timedelta(hours=1)),)  # wrong passwords


def wait_for_send() -> timedelta:
    """Count one message to be sent; how long to wait instead, zero when it may go."""
    return _wait("sends", SENDS)


def wait_for_guess() -> timedelta:
    """Count one guess before it is judged; how long to wait instead, zero when it may be."""
    return _wait("guesses", GUESSES)


def guessed_right() -> None:
    """Only wrong guesses count."""
    _give_back("guesses", GUESSES)


def wait_for_login() -> timedelta:
    """Count one password before it is judged; how long to wait instead, zero when it may be."""
    return _wait("logins", LOGINS)


def logged_in() -> None:
    _give_back("logins", LOGINS)


def _wait(what: str, limits: tuple[tuple[int, timedelta], ...]) -> timedelta:
    network = current.get()
    if not network:
        return timedelta(0)
    for limit, window in limits:
        key = _key(what, network, window)
        if not throttle.hit(key, limit, window):
            return max(throttle.wait_left(key, window), timedelta(seconds=1))
    return timedelta(0)


def _give_back(what: str, limits: tuple[tuple[int, timedelta], ...]) -> None:
    if network := current.get():
        for _limit, window in limits:
            throttle.give_back(_key(what, network, window))


def _key(what: str, network: str, window: timedelta) -> str:
    return f"network:{what}:{network}:{window.total_seconds():.0f}"
