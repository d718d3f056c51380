"""The pages of one's own account, and activating it."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Message, Office, TransactionCode, User
from accounts.services import codes, contacts
from tests.accounts.declarations import PASSWORD, issued
from tests.people import Citizen

PHONE, EMAIL = "/tai-khoan/xac-nhan/dien-thoai/", "/tai-khoan/xac-nhan/email/"


@pytest.fixture
def newcomer(citizen: Citizen) -> User:
    """Activated, but nothing confirmed yet."""
    return citizen("0119000010", "Lê Văn Ba", is_confirmed=False)


@pytest.fixture
def page(client: Client, newcomer: User) -> Client:
    client.force_login(newcomer)
    return client


def the_code() -> str:
    return codes.derive(TransactionCode.objects.latest("pk"))


class TestActivating:
    URL = "/kich-hoat/"

    def typed(self, code: str, password: str = PASSWORD, repeated: str = PASSWORD) -> dict[str, str]:
        return {"code": code, "password": password, "repeated": repeated}

    def test_logs_the_person_in_under_a_new_key(
        self, client: Client, offices: dict[str, Office], issuer: User
    ) -> None:
        _declared, code = issued(offices["ha-noi"], issuer)
        assert client.post(self.URL, self.typed(code)).url == "/tai-khoan/"
        assert "Tài khoản đã sẵn sàng" in client.get("/tai-khoan/").text

    def test_keeps_the_code_when_the_passwords_differ(
        self, client: Client, offices: dict[str, Office], issuer: User
    ) -> None:
        _declared, code = issued(offices["ha-noi"], issuer)
        response = client.post(self.URL, self.typed(code, repeated="khác hẳn mật khẩu"))
        assert response.context["form"].errors["repeated"]
        assert client.post(self.URL, self.typed(code)).status_code == 302

    def test_says_why_a_password_is_too_weak(
        self, client: Client, offices: dict[str, Office], issuer: User
    ) -> None:
        _declared, code = issued(offices["ha-noi"], issuer)
        response = client.post(self.URL, self.typed(code, "password1234", "password1234"))
        assert "phổ biến" in str(response.context["form"].errors["password"])
        assert "password1234" not in response.text

    @pytest.mark.parametrize(
        "code", ["", "x", "\0", "1" * 300, "ABCD-EFGH-JKMN-PQ", "０" * 14, "'--", "👩‍🌾"]
    )
    def test_answers_any_code(self, client: Client, db: None, code: str) -> None:
        response = client.post(self.URL, self.typed(code))
        assert response.status_code == 422
        assert response.context["form"].errors["code"]

    def test_is_stopped_after_five_tries_from_one_address(self, client: Client, db: None) -> None:
        statuses = [client.post(self.URL, self.typed("0" * 14)).status_code for _ in range(6)]
        assert statuses == [422] * 5 + [429]


class TestConfirmingAContact:
    def test_takes_the_code_that_was_sent(self, page: Client, newcomer: User) -> None:
        page.post(PHONE, {"send": "1"})
        assert page.post(PHONE, {"code": the_code()}).url == "/tai-khoan/"
        newcomer.refresh_from_db()
        assert newcomer.contacts == {"sms": newcomer.phone}

    def test_sends_to_the_declared_address(self, page: Client, newcomer: User) -> None:
        page.post(EMAIL, {"send": "1"})
        assert Message.objects.get().destination == newcomer.email

    def test_allows_both_contacts_one_after_the_other(self, page: Client, newcomer: User) -> None:
        for url in (PHONE, EMAIL):
            page.post(url, {"send": "1"})
            page.post(url, {"code": the_code()})
        newcomer.refresh_from_db()
        assert set(newcomer.contacts) == {"sms", "email"}

    def test_shows_where_the_code_went_without_giving_the_number_away(
        self, page: Client, newcomer: User
    ) -> None:
        page.post(PHONE, {"send": "1"})
        text = page.get(PHONE).text
        assert newcomer.phone not in text
        assert 'autocomplete="one-time-code"' in text
        assert 'inputmode="numeric"' in text

    def test_refuses_the_code_of_the_other_contact(self, page: Client, newcomer: User) -> None:
        page.post(PHONE, {"send": "1"})
        assert page.post(EMAIL, {"code": the_code()}).status_code == 422
        newcomer.refresh_from_db()
        assert not newcomer.contacts

    def test_refuses_the_code_after_the_number_was_changed(self, page: Client, newcomer: User) -> None:
        page.post(PHONE, {"send": "1"})
        User.objects.filter(pk=newcomer.pk).update(phone="0987654321")
        assert page.post(PHONE, {"code": the_code()}).status_code == 422

    def test_never_shows_a_typed_code_again(self, page: Client) -> None:
        page.post(PHONE, {"send": "1"})
        assert "13572468" not in page.post(PHONE, {"code": "13572468"}).text

    @pytest.mark.parametrize(
        "typed", ["", "abc", "\0", "1" * 300, "１２３４５６７８", "-1", "👩‍🌾", "{{7*7}}"]
    )
    def test_answers_anything_typed(self, page: Client, typed: str) -> None:
        page.post(PHONE, {"send": "1"})
        response = page.post(PHONE, {"code": typed})
        assert response.status_code == 422
        assert response.context["form"].errors["code"]

    def test_tells_when_to_ask_again(self, page: Client) -> None:
        page.post(PHONE, {"send": "1"})
        assert "vui lòng chờ" in page.post(PHONE, {"send": "1"}, follow=True).text

    def test_is_done_once(self, page: Client, newcomer: User) -> None:
        page.post(PHONE, {"send": "1"})
        page.post(PHONE, {"code": the_code()})
        assert page.get(PHONE).url == "/tai-khoan/"

    def test_is_not_there_for_a_channel_nobody_serves(self, page: Client, settings: Any) -> None:
        settings.SMS_GATEWAY = ""
        assert page.get(PHONE).status_code == 404

    @pytest.mark.parametrize("slug", ["sms", "fax", "0"])
    def test_is_not_there_for_other_channels(self, page: Client, slug: str) -> None:
        assert page.get(f"/tai-khoan/xac-nhan/{slug}/").status_code == 404

    def test_does_not_sign_a_dossier(self, page: Client, newcomer: User) -> None:
        contacts.ask_contact_code(newcomer, "sms")
        digest = contacts.contact_digest(newcomer, "sms")
        with pytest.raises(codes.CodeRefused):
            codes.verify(newcomer, TransactionCode.Purpose.SIGN, digest, the_code())


class TestTheAccountPage:
    def test_reminds_a_newcomer_to_confirm_a_contact(self, page: Client) -> None:
        assert "Còn một việc nữa" in page.get("/tai-khoan/").text

    def test_masks_the_contacts(self, page: Client, newcomer: User) -> None:
        text = page.get("/tai-khoan/").text
        assert newcomer.phone not in text
        assert newcomer.email not in text

    @pytest.mark.parametrize("role", ["officer", "head", "issuer", "hq"])
    def test_is_there_for_staff(self, client: Client, request: pytest.FixtureRequest, role: str) -> None:
        client.force_login(request.getfixturevalue(role))
        assert client.get("/tai-khoan/").status_code == 200
