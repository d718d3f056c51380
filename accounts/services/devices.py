"""Browsers a person has logged in with before. Their tries are counted apart from everybody else's, so that no
stranger, on the same network or anywhere, can lock a person out of their own device (docs/decisions/0061).

The cookie is no key: it only says whose tries these are. It holds a random number and hashes of logins, signed.
"""

import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "may-quen"
DAYS = 180
MOST_PEOPLE = 5  # who share a browser
_SALT = "accounts.devices"


@dataclass(frozen=True, slots=True)
class Device:
    number: str
    people: tuple[str, ...]


def known(request: HttpRequest, login: str) -> str:
    """The number of this browser if the person has logged in with it before, or ""."""
    device = _read(request)
    return device.number if device and _mark(login) in device.people else ""


def remember(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """Leave the cookie with a browser somebody has just logged in with."""
    device, mark = _read(request) or Device(secrets.token_hex(8), ()), _mark(login)
    if mark in device.people:
        return
    people = (*device.people, mark)[-MOST_PEOPLE:]
    response.set_cookie(
        COOKIE,
        signing.dumps([device.number, *people], salt=_SALT),
        max_age=DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> Device | None:
    raw = request.COOKIES.get(COOKIE, "")
    try:
        number, *people = signing.loads(raw, salt=_SALT, max_age=DAYS * 24 * 3600) if raw else [""]
    except (signing.BadSignature, ValueError):
        return None
    return Device(number, tuple(people)) if number else None


def _mark(login: str) -> str:
    return hashlib.sha256(login.encode("utf-8", "replace")).hexdigest()[:16]
