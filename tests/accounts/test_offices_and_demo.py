"""The 63 offices, the people of the demo, and the keys without which nothing may start."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.checks import code_key
from accounts.models import Office, Registration, Role, User
from accounts.services.demo import DEMO_PASSWORD, logins
from accounts.services.offices import load_offices


@pytest.mark.django_db
class TestOffices:
    def test_are_the_63_of_the_annex(self) -> None:
        call_command("load_offices", stdout=io.StringIO())
        assert Office.objects.count() == 63
        assert sorted(Office.objects.values_list("annex_order", flat=True)) == list(range(1, 64))
        assert len(set(Office.objects.values_list("province_code", flat=True))) == 63

    def test_have_names_and_codes(self) -> None:
        load_offices()
        hanoi, saigon = Office.objects.get(key="ha-noi"), Office.objects.get(key="ho-chi-minh")
        assert (hanoi.official_name, hanoi.code) == ("BHXH Thành phố Hà Nội", "001")
        assert (saigon.code, saigon.province_code) == ("079", "79")
        assert Office.objects.get(key="tien-giang").official_name == "BHXH Tỉnh Tiền Giang"

    def test_are_all_open_on_the_day_of_the_official_letter(self) -> None:
        load_offices()
        assert Office.objects.valid_on(date(2019, 8, 20)).count() == 63

    def test_keep_their_end_and_successor_when_loaded_again(self) -> None:
        load_offices()
        Office.objects.filter(key="bac-giang").update(
            valid_to=date(2025, 6, 30), successor="bac-ninh", name="sai"
        )
        load_offices()
        office = Office.objects.get(key="bac-giang")
        assert (office.valid_to, office.successor_id, office.name) == (
            date(2025, 6, 30),
            "bac-ninh",
            "Bắc Giang",
        )


@pytest.mark.django_db
class TestDemo:
    @pytest.fixture(autouse=True)
    def demo(self, settings: Any, offices: dict[str, Office]) -> None:
        settings.DEMO = True

    def load(self, *arguments: str) -> str:
        out = io.StringIO()
        call_command("load_demo", *arguments, stdout=out)
        return out.getvalue()

    def test_has_people_of_every_role_marked_as_test(self) -> None:
        self.load()
        assert set(User.objects.values_list("role", flat=True)) == set(Role.values)
        assert not User.objects.filter(is_test=False).exists()

    def test_can_be_loaded_again_without_changing_anything(self) -> None:
        self.load()
        before = list(User.objects.order_by("pk").values())
        self.load()
        assert list(User.objects.order_by("pk").values()) == before
        assert Registration.objects.filter(status="waiting").count() == 2

    def test_has_citizens_who_can_receive_codes(self) -> None:
        self.load()
        assert all(set(user.contacts) == {"sms", "email"} for user in User.objects.filter(role=Role.CITIZEN))

    def test_prints_every_login_without_making_anybody(self) -> None:
        printed = self.load("--print")
        assert DEMO_PASSWORD in printed
        assert "capma.hanoi" in printed
        assert not User.objects.exists()

    def test_lets_everybody_in_who_is_printed(self) -> None:
        self.load()
        for login, _name, _role in logins():
            assert (
                Client().post("/dang-nhap/", {"login": login, "password": DEMO_PASSWORD}).status_code == 302
            )

    def test_refuses_outside_the_demo(self, settings: Any) -> None:
        settings.DEMO = False
        with pytest.raises(CommandError):
            self.load()


class TestTheKeyOfCodes:
    @pytest.mark.parametrize("key", ["", "short"])
    def test_must_be_there(self, settings: Any, key: str) -> None:
        settings.CODE_KEY = key
        assert [error.id for error in code_key()] == ["accounts.E001"]

    def test_must_not_be_the_secret_key(self, settings: Any) -> None:
        settings.SECRET_KEY = settings.CODE_KEY = "k" * 50
        assert [error.id for error in code_key()] == ["accounts.E002"]

    def test_is_fine_here(self) -> None:
        assert code_key() == []
