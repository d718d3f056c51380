"""Paper for the counter: the letter with an activation code, and the notice of a refusal.

A letter is made in the answer that gives the code out, from the code at hand: it is kept nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import ActivationCode, Office, Registration
from portal.lib.identifiers import group_activation_code
from portal.lib.printable import in_vietnam, long_date, long_moment
from portal.lib.typesetting import typeset
from portal.lib.vietnamese import format_date

HEADQUARTERS = "BẢO HIỂM XÃ HỘI VIỆT NAM"


@dataclass(frozen=True, slots=True)
class Given:
    """An activation code that was just given out."""

    issued: ActivationCode
    code: str  # canonical


def activation_letters(given: Sequence[Given], at: datetime | None = None) -> bytes:
    """One PDF with a page a person."""
    moment = at or timezone.now()
    letters = [_letter(one, moment) for one in given]
    return typeset("activation_letter", {"letters": letters}, at=moment, qr=_address("accounts:activate"))


def refusal_notice(registration: Registration, at: datetime | None = None) -> bytes:
    """Form 01/TB-GDĐT for a refused registration."""
    moment = at or timezone.now()
    content = {
        "letterhead": _letterhead(registration.office, moment),
        "person": [
            ("Họ và tên", registration.full_name),
            ("Ngày sinh", format_date(registration.birth_date)),
            ("Mã số BHXH", registration.bhxh_number),
            ("Số CMND/CCCD/hộ chiếu", registration.identity_number),
            ("Ngày đăng ký", format_date(in_vietnam(registration.submitted_at).date())),
        ],
        "reason": registration.refusal_reason,
    }
    return typeset("registration_refusal", content, at=moment, qr=_address("accounts:register"))


def _letter(given: Given, moment: datetime) -> dict[str, object]:
    registration = given.issued.registration
    return {
        "letterhead": {**_letterhead(registration.office, moment), "number": "……"},
        "name": registration.full_name,
        "login": registration.bhxh_number,
        "code": group_activation_code(given.code),
        "until": long_moment(given.issued.expires_at),
        "issuer": given.issued.issued_by.full_name,
        "issued": long_moment(given.issued.issued_at),
    }


def _letterhead(office: Office, moment: datetime) -> dict[str, str]:
    return {
        "parent": HEADQUARTERS,
        "office": office.official_name,
        "number": "……/TB-GDĐT",
        "place_and_date": f"{office.name}, {long_date(in_vietnam(moment))}",
    }


def _address(page: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(page)}"
