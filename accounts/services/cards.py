"""Printed cards of single-use codes, for people without signal: twenty codes of eight digits, asked for by
number. Only their HMAC is kept; a code is used up in the UPDATE that accepts it."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import CardCode, CodeCard, User
from portal.lib.printable import long_moment
from portal.lib.typesetting import typeset

CODES = 20
DIGITS = 8


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card that was just made: the one moment its codes are known."""

    card: CodeCard
    codes: list[str]


def new_card(user: User) -> NewCard:
    """A new card; the one before is void."""
    codes = [f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}" for _ in range(CODES)]
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        CodeCard.objects.filter(user=user, voided_at=None).update(voided_at=Now())
        card = CodeCard.objects.create(user=user)
        CardCode.objects.bulk_create(
            CardCode(card=card, number=number, lookup=_lookup(card, number, code))
            for number, code in enumerate(codes, start=1)
        )
    return NewCard(card, codes)


def card_pdf(new: NewCard, at: datetime | None = None) -> bytes:
    """The card to print."""
    moment = at or timezone.now()
    rows = [(str(number), f"{code[:4]} {code[4:]}") for number, code in enumerate(new.codes, start=1)]
    content = {"name": new.card.user.full_name, "made": long_moment(moment), "codes": rows}
    return typeset("code_card", content, at=moment, qr=settings.PUBLIC_URL)


def next_number(user: User) -> int | None:
    """The number of the code to be typed next; None without a card or when it is used up."""
    return _unused(user).values_list("number", flat=True).first()


def codes_left(user: User) -> int:
    return _unused(user).count()


def accept(user: User, digits: str) -> bool:
    """Whether this is the code asked for, the first unused one. Accepting uses it up."""
    code = _unused(user).select_related("card").first()
    if code is None or not hmac.compare_digest(code.lookup, _lookup(code.card, code.number, digits)):
        return False
    return bool(CardCode.objects.filter(pk=code.pk, used_at=None).update(used_at=Now()))


def void(user: User) -> None:
    """Make the person's card worthless: lost, or the account changed hands."""
    CodeCard.objects.filter(user=user, voided_at=None).update(voided_at=Now())


def _unused(user: User) -> "QuerySet[CardCode]":
    return CardCode.objects.filter(card__user=user, card__voided_at=None, used_at=None).order_by("number")


def _lookup(card: CodeCard, number: int, code: str) -> str:
    text = f"card:{card.pk}:{number}:{code}"
    return hmac.new(settings.CODE_KEY.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
