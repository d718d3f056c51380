"""Adding a way to sign that needs no signal: an authenticator app, or a printed card.

Either is added with a code sent to a confirmed contact, so that a session left open adds nothing.
"""

import hashlib

from django.db import transaction

from accounts.models import SecurityEvent, TransactionCode, User
from accounts.services import authenticator, cards, codes
from accounts.services.cards import NewCard

FACTOR = TransactionCode.Purpose.FACTOR


def digest_of(user: User, what: str) -> str:
    """SHA-256 (hex) of who adds what: "app" or "card"."""
    return hashlib.sha256(f"factor\0{user.pk}\0{what}".encode()).hexdigest()


def ask(user: User, what: str) -> TransactionCode:
    """Send the code with which it is added. Raises codes.CodeNotSent."""
    channel = next(iter(user.contacts), "")
    subject = "việc gắn ứng dụng xác thực" if what == "app" else "việc in thẻ mã"  # kept with the code
    return codes.ask_code(user, FACTOR, digest_of(user, what), subject=subject, channel=channel)


def begin_app(user: User, typed: str) -> None:
    """The code was typed: the old app, if any, is forgotten and a new one may be bound. Raises CodeRefused."""
    code = codes.verify(user, FACTOR, digest_of(user, "app"), typed)
    with transaction.atomic():
        _spend(code)
        authenticator.remove(user)
        authenticator.begin(user)


def make_card(user: User, typed: str) -> NewCard:
    """The code was typed: a new card, whose codes are known now only. Raises CodeRefused."""
    code = codes.verify(user, FACTOR, digest_of(user, "card"), typed)
    with transaction.atomic():
        _spend(code)
        made = cards.new_card(user)
        SecurityEvent.objects.create(
            kind=SecurityEvent.Kind.FACTOR_ENROLLED, actor=user, person=user, detail={"what": "card"}
        )
    return made


def _spend(code: TransactionCode) -> None:
    if not codes.spend(code):
        raise codes.CodeRefused
