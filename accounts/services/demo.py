"""The people of the demo: one of every role, and citizens ready to file. They can log in only where
settings.DEMO is on (services/login.py), so their password may be known to everybody."""

import base64
import hashlib
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyotp
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import Authenticator, Office, Registration, Role, User
from accounts.services import authenticator
from portal.lib.vietnamese import fold

DEMO_PASSWORD = "ban-mau-bhxh-2019"  # noqa: S105 - printed by script/server


@dataclass(frozen=True, slots=True)
class DemoPerson:
    login: str
    full_name: str
    role: Role
    office_key: str = ""


@dataclass(frozen=True, slots=True)
class DemoCitizen:
    bhxh_number: str
    full_name: str
    birth_date: date
    sex: str
    identity_number: str
    place: tuple[str, str, str]  # GSO codes of province, district, commune
    street: str
    office_key: str
    is_waiting: bool = False  # has registered, but not been at the counter


STAFF = (
    DemoPerson("canbo.hanoi", "Phạm Minh Châu", Role.OFFICER, "ha-noi"),
    DemoPerson("lanhdao.hanoi", "Đỗ Quang Vinh", Role.HEAD, "ha-noi"),
    DemoPerson("capma.hanoi", "Vũ Thu Trang", Role.ISSUER, "ha-noi"),
    DemoPerson("capma2.hanoi", "Ngô Đức Hiếu", Role.ISSUER, "ha-noi"),
    DemoPerson("canbo.hochiminh", "Lý Ngọc Ánh", Role.OFFICER, "ho-chi-minh"),
    DemoPerson("capma.hochiminh", "Huỳnh Gia Bảo", Role.ISSUER, "ho-chi-minh"),
    DemoPerson("canbo.bacgiang", "Thân Văn Khải", Role.OFFICER, "bac-giang"),
    DemoPerson("capma.bacgiang", "Giáp Thị Thơm", Role.ISSUER, "bac-giang"),
    DemoPerson("canbo.cantho", "Trương Mỹ Linh", Role.OFFICER, "can-tho"),
    DemoPerson("capma.cantho", "Dương Hữu Tài", Role.ISSUER, "can-tho"),
    DemoPerson("trunguong", "Bùi Thanh Sơn", Role.HQ),
)

HANOI, SAIGON, BUON_MA_THUOT = ("01", "001", "00001"), ("79", "760", "26734"), ("66", "643", "24133")

CITIZENS = (
    DemoCitizen(
        "0119000001",
        "Nguyễn Thị Hằng",
        date(1985, 5, 12),
        "nu",
        "001185000018",
        HANOI,
        "12 Yên Phụ",
        "ha-noi",
    ),
    DemoCitizen(
        "0119000002",
        "Trần Văn Đức",
        date(1952, 11, 30),
        "nam",
        "011234567",
        HANOI,
        "5 ngõ 20 Phúc Xá",
        "ha-noi",
    ),
    DemoCitizen(
        "7919000003",
        "Lê Thị Thu Ba",
        date(1964, 2, 1),
        "nu",
        "023456789",
        SAIGON,
        "8 Trần Quang Khải",
        "ho-chi-minh",
    ),
    DemoCitizen(
        "6619000004",
        "H'Hen Niê",
        date(1990, 3, 8),
        "nu",
        "066190000042",
        BUON_MA_THUOT,
        "buôn Akô Dhông",
        "dak-lak",
    ),
    DemoCitizen(
        "0119000005",
        "Đinh Công Mạnh",
        date(1971, 9, 2),
        "nam",
        "001071000057",
        HANOI,
        "3 An Dương",
        "ha-noi",
        True,
    ),
    DemoCitizen(
        "0119000006",
        "Y Moan Ênuôl",
        date(1988, 12, 20),
        "nam",
        "066088000066",
        HANOI,
        "21 Hồng Hà",
        "ha-noi",
        True,
    ),
)


def load_demo() -> None:
    """Make the people of the demo who aren't there yet; those who are stay as they are.

    Needs the offices. Their contacts can't belong to anybody: example.vn, and numbers from 0900000001.
    """
    offices = Office.objects.in_bulk()
    password = make_password(DEMO_PASSWORD)
    for person in STAFF:
        user = _user(
            person.login, person.full_name, password, role=person.role, office=offices.get(person.office_key)
        )
        _bind_app(user)
    for number, citizen in enumerate(CITIZENS, start=1):
        _citizen(citizen, f"090000{number:04d}", password, offices[citizen.office_key])


def logins() -> list[tuple[str, str, str]]:
    """Login, name and what the person is, of everybody who can log in."""
    offices = Office.objects.in_bulk()
    citizens = [
        (it.bhxh_number, it.full_name, str(Role.CITIZEN.label)) for it in CITIZENS if not it.is_waiting
    ]
    staff = []
    for person in STAFF:
        place = f", {offices[person.office_key].name}" if person.office_key else ""
        staff.append((person.login, person.full_name, f"{person.role.label}{place}"))
    return citizens + staff


def demo_totp(login: str, ahead: int = 0) -> str:
    """The six digits that the demo's staff would read from their phones now, or so many steps ahead."""
    return pyotp.TOTP(_demo_seed(login)).at(int(time.time()), counter_offset=ahead)


def demo_apps() -> list[tuple[str, str, str]]:
    """Login, name and the six digits of now, of all staff of the demo whose phone is the demo's."""
    bound = Authenticator.objects.filter(user__is_test=True, confirmed_at__isnull=False)
    logins_bound = set(bound.values_list("user__login", flat=True))
    return [
        (person.login, person.full_name, demo_totp(person.login))
        for person in STAFF
        if person.login in logins_bound
    ]


def _bind_app(user: User) -> None:
    """Give a member of the demo's staff the app everybody knows. Whoever bound an own one keeps it."""
    if user.is_test and not Authenticator.objects.filter(user=user).exists():
        authenticator.begin(user, _demo_seed(user.login))
        Authenticator.objects.filter(user=user).update(confirmed_at=timezone.now())


def _demo_seed(login: str) -> str:
    return base64.b32encode(hashlib.sha256(f"demo-totp:{login}".encode()).digest()[:20]).decode()


def _user(login: str, full_name: str, password: str, **fields: Any) -> User:
    defaults = {"full_name": full_name, "password": password, "is_test": True, **fields}
    return User.objects.get_or_create(login=login, defaults=defaults)[0]


def _citizen(citizen: DemoCitizen, phone: str, password: str, office: Office) -> None:
    if Registration.objects.filter(bhxh_number=citizen.bhxh_number).exists():
        return
    email = f"{citizen.bhxh_number}@example.vn"
    status, user = Registration.Status.WAITING, None
    with transaction.atomic():
        if not citizen.is_waiting:
            now = timezone.now()
            confirmed = {"phone_confirmed_at": now, "email_confirmed_at": now}
            status = Registration.Status.ACTIVATED
            user = _user(
                citizen.bhxh_number, citizen.full_name, password, phone=phone, email=email, **confirmed
            )
        province, district, commune = citizen.place
        Registration.objects.create(
            user=user,
            status=status,
            full_name=citizen.full_name,
            folded_name=fold(citizen.full_name),
            birth_date=citizen.birth_date,
            sex=citizen.sex,
            bhxh_number=citizen.bhxh_number,
            identity_number=citizen.identity_number,
            phone=phone,
            email=email,
            province=province,
            district=district,
            commune=commune,
            street=citizen.street,
            office=office,
        )
