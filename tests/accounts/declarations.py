"""Declarations for the tests: as typed on the page, and as the service takes them."""

from datetime import date
from typing import Any

from accounts.models import Office, Registration
from accounts.services import registration
from accounts.services.registration import Declaration

TYPED = {
    "full_name": "Nguyễn Thị Hằng",
    "birth_date": "1/2/1960",
    "sex": "nu",
    "bhxh_number": "0119000009",
    "identity_number": "001160000018",
    "phone": "0912345678",
    "email": "hang@example.vn",
    "province": "01",
    "district": "001",
    "commune": "00001",
    "street": "12 Yên Phụ",
    "office": "",
}
PASSWORD = "bốn từ bất kỳ nhé"
ADDRESS = "192.0.2.1"


def declaration(office: Office, **changed: Any) -> Declaration:
    facts = {**TYPED, "birth_date": date(1960, 2, 1), "office": office, **changed}
    return Declaration(**facts)


def registered(office: Office, **changed: Any) -> Registration:
    return registration.register(declaration(office, **changed), ADDRESS)


def checked(declared: Registration, issuer: Any, **seen: str) -> Registration:
    """With an identity check in which all is as declared, or as ``seen`` says."""
    facts = {**registration.compared_facts(declared), **seen}
    registration.record_check(declared, issuer, ["cccd", "so_bhxh"], facts)
    return declared


def issued(office: Office, issuer: Any, **changed: Any) -> tuple[Registration, str]:
    """A registration with its activation code."""
    declared = checked(registered(office, **changed), issuer)
    return declared, registration.issue(declared, issuer)
