"""The counter: what an issuer sees and does, and what nobody else can."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import ActivationCode, IdentityCheck, Office, Registration, User
from accounts.services import registration
from portal.lib.identifiers import normalise_activation_code
from tests.accounts.declarations import ADDRESS, PASSWORD, TYPED, checked, registered

PAGES = ("", "/kiem-tra", "/cap", "/tu-choi")


@pytest.fixture
def declared(offices: dict[str, Office]) -> Registration:
    return registered(offices["ha-noi"])


@pytest.fixture
def counter(client: Client, issuer: User) -> Client:
    client.force_login(issuer)
    return client


def url(declared: Registration, act: str = "") -> str:
    return f"/cap-ma/{declared.public_id}{act}/"


def seen(**changed: Any) -> dict[str, Any]:
    return {"papers": ["cccd"], "identity_number": TYPED["identity_number"], **changed}


class TestTheList:
    def test_shows_who_waits(self, counter: Client, declared: Registration) -> None:
        assert declared.full_name in counter.get("/cap-ma/").text

    def test_shows_nobody_of_another_office(
        self, client: Client, declared: Registration, issuer_elsewhere: User
    ) -> None:
        client.force_login(issuer_elsewhere)
        assert declared.full_name not in client.get("/cap-ma/", {"q": "hằng"}).text

    @pytest.mark.parametrize(
        "query",
        [
            "nhom=x",
            "sau=x",
            "sau=~1",
            "q=%00",
            "q=%25",
            "nhom=cho&q=" + "x" * 999,
            "sau=%FF",
            "province=79",
            "page=-1",
        ],
    )
    def test_bears_any_query(self, counter: Client, declared: Registration, query: str) -> None:
        assert counter.get(f"/cap-ma/?{query}").status_code == 200


class TestAnotherOffice:
    @pytest.mark.parametrize("act", PAGES)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_has_no_such_registration(
        self, client: Client, declared: Registration, issuer_elsewhere: User, act: str, method: str
    ) -> None:
        client.force_login(issuer_elsewhere)
        response = getattr(client, method)(url(declared, act), {"reason": "Một lý do đủ dài."})
        assert response.status_code in (404, 405)
        declared.refresh_from_db()
        assert declared.status == Registration.Status.WAITING

    @pytest.mark.parametrize("role", ["contributor", "officer", "head", "hq"])
    @pytest.mark.parametrize("act", PAGES)
    def test_and_other_roles_have_none_either(
        self, client: Client, declared: Registration, request: pytest.FixtureRequest, role: str, act: str
    ) -> None:
        client.force_login(request.getfixturevalue(role))
        assert client.post(url(declared, act)).status_code in (404, 405)


class TestTheCheck:
    def test_with_everything_as_declared_opens_the_button(
        self, counter: Client, declared: Registration
    ) -> None:
        assert "Nút này mở sau khi" in counter.get(url(declared)).text
        counter.post(url(declared, "/kiem-tra"), seen())
        assert IdentityCheck.objects.get().matches
        assert "Nút này mở sau khi" not in counter.get(url(declared)).text

    def test_must_type_the_identity_number_again(self, counter: Client, declared: Registration) -> None:
        response = counter.post(url(declared, "/kiem-tra"), {"papers": ["cccd"]})
        assert response.status_code == 422
        assert not IdentityCheck.objects.exists()

    def test_must_have_seen_a_paper_with_a_photograph(self, counter: Client, declared: Registration) -> None:
        response = counter.post(url(declared, "/kiem-tra"), seen(papers=["so_bhxh"]))
        assert response.context["check"].errors["papers"]

    @pytest.mark.parametrize(
        ("name", "typed"),
        [
            ("identity_number", "001160000019"),
            ("full_name", "Nguyễn Thị Hạnh"),
            ("birth_date", "2/2/1960"),
            ("sex", "nam"),
            ("bhxh_number", "0119000008"),
        ],
    )
    def test_shows_what_differs_side_by_side(
        self, counter: Client, declared: Registration, name: str, typed: str
    ) -> None:
        counter.post(url(declared, "/kiem-tra"), seen(**{name: typed}))
        page = counter.get(url(declared))
        assert [row["field"].name for row in page.context["compared"] if row["differs"]] == [name]
        assert not IdentityCheck.objects.get().matches

    def test_shows_what_was_seen_not_who_typed_nothing(self, counter: Client, declared: Registration) -> None:
        counter.post(url(declared, "/kiem-tra"), seen())
        assert IdentityCheck.objects.get().seen["full_name"] == declared.full_name

    @pytest.mark.parametrize("probe", ["\0", "x" * 5_000, "{{7*7}}", "１２３", "\u202e", "' or 1=1--"])
    def test_answers_anything_typed(self, counter: Client, declared: Registration, probe: str) -> None:
        typed = dict.fromkeys(
            ("full_name", "birth_date", "sex", "identity_number", "bhxh_number", "note"), probe
        )
        assert counter.post(url(declared, "/kiem-tra"), {**typed, "papers": [probe]}).status_code == 422


class TestIssuing:
    def issue(self, counter: Client, declared: Registration, after: object = 0) -> Any:
        return counter.post(url(declared, "/cap"), {"after": after})

    @pytest.fixture
    def ready(self, declared: Registration, issuer: User) -> Registration:
        return checked(declared, issuer)

    def test_shows_the_code_once_on_a_page_no_cache_keeps(self, counter: Client, ready: Registration) -> None:
        page = self.issue(counter, ready)
        code = normalise_activation_code(page.context["code"])
        assert "no-store" in page["Cache-Control"]
        assert page.context["code"] in page.text
        assert page.context["code"] not in counter.get(url(ready)).text
        assert registration.activate(code, PASSWORD, ADDRESS)

    def test_of_a_page_sent_twice_makes_one_code(self, counter: Client, ready: Registration) -> None:
        self.issue(counter, ready)
        assert self.issue(counter, ready).status_code == 302
        assert ActivationCode.objects.count() == 1

    def test_again_on_purpose_is_a_matter_of_two(self, counter: Client, ready: Registration) -> None:
        self.issue(counter, ready)
        assert self.issue(counter, ready, ActivationCode.objects.get().pk).status_code == 302
        assert ActivationCode.objects.count() == 1

    @pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30, "٠", "\0"])
    def test_bears_a_forged_form(self, counter: Client, ready: Registration, after: str) -> None:
        assert self.issue(counter, ready, after).status_code == 302
        assert not ActivationCode.objects.exists()

    def test_needs_the_check(self, counter: Client, declared: Registration) -> None:
        assert self.issue(counter, declared).status_code == 302
        assert not ActivationCode.objects.exists()

    def test_warns_about_a_number_that_has_an_account(
        self, counter: Client, offices: dict[str, Office], contributor: User
    ) -> None:
        taken = registered(offices["ha-noi"], bhxh_number=contributor.login)
        assert "đã có tài khoản" in counter.get(url(taken)).text


class TestRefusing:
    def test_needs_a_reason_and_keeps_what_was_typed(self, counter: Client, declared: Registration) -> None:
        response = counter.post(url(declared, "/tu-choi"), {"reason": "Ngắn"})
        assert response.status_code == 422
        assert response.context["refusal"]["reason"].value() == "Ngắn"

    def test_moves_the_registration_to_what_is_done(self, counter: Client, declared: Registration) -> None:
        counter.post(url(declared, "/tu-choi"), {"reason": "Giấy tờ đã hết hạn sử dụng."})
        assert declared.full_name not in counter.get("/cap-ma/").text
        assert declared.full_name in counter.get("/cap-ma/?nhom=xong").text
        assert "Giấy tờ đã hết hạn" in counter.get(url(declared)).text

    def test_escapes_what_was_declared(self, counter: Client, offices: dict[str, Office]) -> None:
        nasty = registered(offices["ha-noi"], street='"><script>alert(1)</script>')
        assert "<script>alert" not in counter.get(url(nasty)).text
