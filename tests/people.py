"""The cast: one fixture a role. Nobody has a password (log in with ``client.force_login``), everybody
is of the 63 real offices, and the citizens have confirmed contacts.

    contributor           Nguyễn Thị Hằng, Hà Nội, has paid contributions
    pensioner             Trần Văn Đức, Hà Nội, draws a pension
    outsider              H'Hen Niê, Đắk Lắk, a citizen with no part in the others' dossiers
    officer               works on dossiers of Hà Nội
    head                  head of the office of Hà Nội
    issuer                issues activation codes at Hà Nội
    second_issuer         issues activation codes at Hà Nội too
    officer_elsewhere     works on dossiers of TP Hồ Chí Minh
    issuer_elsewhere      issues activation codes at TP Hồ Chí Minh
    hq                    BHXH Việt Nam
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Office, Registration, Role, User
from accounts.services.offices import load_offices
from accounts.services.second_factor import VERIFIED
from portal.lib.vietnamese import fold

Citizen = Callable[..., User]

# Ba Đình, Phúc Xá
HANOI = {"province": "01", "district": "001", "commune": "00001"}


def fully_verified(client: Client, user: User) -> None:
    """The session of ``client`` as if the person had shown the second factor too."""
    session = client.session
    session[VERIFIED] = user.pk
    session.save()


@pytest.fixture(scope="session", autouse=True)
def force_login_shows_both_factors() -> Iterator[None]:
    """``client.force_login(officer)`` stands for password and second factor."""
    by_password = Client.force_login

    def force_login(client: Client, user: User, backend: str | None = None) -> None:
        by_password(client, user, backend)
        fully_verified(client, user)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", force_login)
        yield


@pytest.fixture
def offices(db: None) -> dict[str, Office]:
    """All 63 offices by key."""
    load_offices()
    return Office.objects.in_bulk()


@pytest.fixture
def citizen(offices: dict[str, Office]) -> Citizen:
    """Makes a citizen, registered and activated: ``citizen("0119000009", "Lê Văn Ba")``."""

    def make(bhxh_number: str, full_name: str, *, is_confirmed: bool = True, **declared: Any) -> User:
        facts: dict[str, Any] = {
            "birth_date": date(1960, 2, 1),
            "sex": "nam",
            "identity_number": f"0{bhxh_number[1:]}"[-9:],
            "phone": f"09{bhxh_number[-8:]}",
            "email": f"{bhxh_number}@example.vn",
            "office": offices["ha-noi"],
            "street": "12 ngõ 3 đường Yên Phụ",
            **HANOI,
            **declared,
        }
        confirmed_at = timezone.now() if is_confirmed else None
        user = User.objects.create_user(
            bhxh_number,
            full_name=full_name,
            phone=facts["phone"],
            email=facts["email"],
            phone_confirmed_at=confirmed_at,
            email_confirmed_at=confirmed_at,
        )
        Registration.objects.create(
            user=user,
            status=Registration.Status.ACTIVATED,
            full_name=full_name,
            folded_name=fold(full_name),
            bhxh_number=bhxh_number,
            **facts,
        )
        return user

    return make


@pytest.fixture
def contributor(citizen: Citizen) -> User:
    return citizen("0119000001", "Nguyễn Thị Hằng", sex="nu", identity_number="001160000018")


@pytest.fixture
def pensioner(citizen: Citizen) -> User:
    return citizen("0119000002", "Trần Văn Đức", birth_date=date(1952, 11, 30), identity_number="011234567")


@pytest.fixture
def outsider(citizen: Citizen, offices: dict[str, Office]) -> User:
    return citizen(
        "6619000003",
        "H'Hen Niê",
        sex="nu",
        office=offices["dak-lak"],
        province="66",
        district="643",
        commune="24133",
    )


def staff(login: str, full_name: str, role: Role, office: Office | None) -> User:
    return User.objects.create_user(login, full_name=full_name, role=role, office=office)


@pytest.fixture
def officer(offices: dict[str, Office]) -> User:
    return staff("canbo.hanoi", "Phạm Minh Châu", Role.OFFICER, offices["ha-noi"])


@pytest.fixture
def head(offices: dict[str, Office]) -> User:
    return staff("lanhdao.hanoi", "Đỗ Quang Vinh", Role.HEAD, offices["ha-noi"])


@pytest.fixture
def issuer(offices: dict[str, Office]) -> User:
    return staff("capma.hanoi", "Vũ Thu Trang", Role.ISSUER, offices["ha-noi"])


@pytest.fixture
def second_issuer(offices: dict[str, Office]) -> User:
    return staff("capma2.hanoi", "Ngô Đức Hiếu", Role.ISSUER, offices["ha-noi"])


@pytest.fixture
def officer_elsewhere(offices: dict[str, Office]) -> User:
    return staff("canbo.hochiminh", "Lý Ngọc Ánh", Role.OFFICER, offices["ho-chi-minh"])


@pytest.fixture
def issuer_elsewhere(offices: dict[str, Office]) -> User:
    return staff("capma.hochiminh", "Huỳnh Gia Bảo", Role.ISSUER, offices["ho-chi-minh"])


@pytest.fixture
def hq(offices: dict[str, Office]) -> User:
    return staff("trunguong", "Bùi Thanh Sơn", Role.HQ, None)
