"""Changing one's password, seeing where one is logged in and ending it; and that every try is in the log."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import LiveSession, User
from accounts.services.sessions import device_of
from accounts.services.trail import logger as trail
from tests.accounts.declarations import PASSWORD, issued
from tests.accounts.test_second_factor import digits, type_code, type_password, with_app
from tests.people import fully_verified

PAGE, CHANGE = "/tai-khoan/noi-dang-nhap/", "/tai-khoan/mat-khau/"
NEW = "năm con mèo đen ngủ trưa"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 9; SM-G960F) AppleWebKit/537.36 Chrome/76.0.3809.89 Mobile Safari/537.36"
)


@pytest.fixture
def member(contributor: User) -> User:
    """The contributor, with a password."""
    User.objects.filter(pk=contributor.pk).update(password=make_password(PASSWORD))
    contributor.refresh_from_db()
    return contributor


def logged_in(user: User, agent: str = "", password: str = PASSWORD) -> Client:
    client = Client(headers={"User-Agent": agent})
    assert client.post("/dang-nhap/", {"login": user.login, "password": password}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:account")).status_code == 200


def change(client: Client, old: str = PASSWORD, new: str = NEW, repeated: str = "") -> Any:
    return client.post(CHANGE, {"old_password": old, "password": new, "repeated": repeated or new})


@pytest.mark.django_db
class TestChangingThePassword:
    def test_lets_the_new_one_in_and_the_old_one_out(self, member: User) -> None:
        assert change(logged_in(member)).url == reverse("accounts:account")
        assert Client().post("/dang-nhap/", {"login": member.login, "password": PASSWORD}).status_code == 422
        assert is_in(logged_in(member, password=NEW))

    def test_ends_every_session_but_this_one_which_gets_a_new_key(self, member: User) -> None:
        here, elsewhere = logged_in(member), logged_in(member)
        key = here.cookies[settings.SESSION_COOKIE_NAME].value
        change(here)
        assert (is_in(here), is_in(elsewhere)) == (True, False)
        assert here.cookies[settings.SESSION_COOKIE_NAME].value != key
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = key
        assert not is_in(thief)
        assert Session.objects.count() == LiveSession.objects.count() == 1

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"old": "không phải"}, "old_password"),
            ({"new": "ngắn"}, "password"),
            ({"new": "0119000001@example.vn"}, "password"),
            ({"repeated": "khác hẳn mật khẩu"}, "repeated"),
            ({"old": ""}, "old_password"),
        ],
    )
    def test_says_at_the_field_what_is_wrong_and_changes_nothing(
        self, member: User, typed: dict[str, str], field: str
    ) -> None:
        client = logged_in(member)
        answer = change(client, **typed)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert NEW not in answer.text
        member.refresh_from_db()
        assert member.check_password(PASSWORD)

    def test_can_be_guessed_at_five_times(self, member: User) -> None:
        client = logged_in(member)
        statuses = [change(client, old="sai").status_code for _ in range(6)]
        assert statuses == [422] * 5 + [429]
        assert change(client).status_code == 429

    def test_of_staff_keeps_their_one_session_and_its_second_factor(
        self, client: Client, officer: User
    ) -> None:
        User.objects.filter(pk=officer.pk).update(password=make_password(PASSWORD))
        officer.refresh_from_db()
        seed = with_app(officer)
        type_password(client, officer)
        type_code(client, digits(seed))
        assert change(client).status_code == 302
        assert client.get(reverse("casework:queue")).status_code == 200
        officer.refresh_from_db()
        assert officer.live_session == client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.mark.django_db
class TestWhereOneIsLoggedIn:
    def test_every_place_is_shown_this_one_first(self, member: User) -> None:
        here = logged_in(member)
        logged_in(member, ANDROID)
        page = here.get(PAGE)
        assert [(place.device, place.is_here) for place in page.context["places"]] == [
            ("", True),
            ("Chrome, Android", False),
        ]
        assert page.text.count('name="end"') == 2

    def test_one_is_ended_with_the_password_and_no_other(self, member: User) -> None:
        here, lost, other = (logged_in(member) for _ in range(3))
        key = lost.cookies[settings.SESSION_COOKIE_NAME].value
        pk = LiveSession.objects.get(session_key=key).pk
        assert here.post(PAGE, {"end": pk, "password": "sai"}).status_code == 422
        assert is_in(lost)
        assert here.post(PAGE, {"end": pk, "password": PASSWORD}).url == PAGE
        assert [is_in(client) for client in (here, lost, other)] == [True, False, True]

    def test_all_others_are_ended_at_once(self, member: User) -> None:
        here, *others = (logged_in(member) for _ in range(4))
        here.post(PAGE, {"end": "all", "password": PASSWORD})
        assert is_in(here)
        assert not any(is_in(client) for client in others)

    @pytest.mark.parametrize("chosen", ["theirs", "mine", "0", "-1", "x", "9" * 30, "\0"])
    def test_nobody_ends_anothers_session_nor_this_one(
        self, member: User, outsider: User, chosen: str
    ) -> None:
        User.objects.filter(pk=outsider.pk).update(password=make_password(PASSWORD))
        here, theirs = logged_in(member), logged_in(outsider)
        keys = {"theirs": theirs, "mine": here}
        if chosen in keys:
            key = keys[chosen].cookies[settings.SESSION_COOKIE_NAME].value
            chosen = str(LiveSession.objects.get(session_key=key).pk)
        assert here.post(PAGE, {"end": chosen, "password": PASSWORD}).status_code == 302
        assert is_in(here)
        assert is_in(theirs)

    def test_what_ended_is_not_shown_and_forgotten_at_the_next_log_in(self, member: User) -> None:
        here, gone = logged_in(member), logged_in(member)
        gone.post(reverse("accounts:logout"))
        assert len(here.get(PAGE).context["places"]) == 1
        assert LiveSession.objects.count() == 2
        logged_in(member)
        assert LiveSession.objects.count() == 2

    def test_costs_few_queries(self, member: User) -> None:
        here = logged_in(member)
        for _ in range(10):
            logged_in(member)
        with CaptureQueriesContext(connection) as queries:
            here.get(PAGE)
        assert len(queries) <= 8

    @pytest.mark.parametrize(
        ("agent", "device"),
        [
            (ANDROID, "Chrome, Android"),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/76.0 Safari/537.36 Edg/76.0", "Edge, Windows"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 12_4) AppleWebKit/605.1 Version/12.1 Safari/604.1",
                "Safari, iPhone",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:68.0) Gecko/20100101 Firefox/68.0", "Firefox, Linux"),
            ("curl/7.64<script>", ""),
            ("", ""),
        ],
    )
    def test_a_browser_is_named_as_people_name_it(self, agent: str, device: str) -> None:
        assert device_of(agent) == device


@pytest.mark.django_db
class TestTheLog:
    """ASVS 16.3.1: every try, right or wrong, by which factor, and never what was typed."""

    @pytest.fixture
    def lines(self, caplog: pytest.LogCaptureFixture) -> Any:
        caplog.set_level(logging.INFO, trail.name)
        return lambda: [record.getMessage() for record in caplog.records if record.name == trail.name]

    def test_has_every_log_in_and_log_out(self, client: Client, member: User, lines: Any) -> None:
        for login in (member.login, "ma.lạ"):
            client.post("/dang-nhap/", {"login": login, "password": "sai mật khẩu"})
        logged_in(member).post(reverse("accounts:logout"))
        whose = f"account {member.public_id}"
        assert lines() == [
            f"authentication: log in by password refused, {whose}",
            "authentication: log in by password refused, account nobody",
            f"authentication: log in by password accepted, {whose}",
            f"authentication: log out by none accepted, {whose}",
        ]

    def test_has_the_second_factor(self, client: Client, officer: User, lines: Any) -> None:
        User.objects.filter(pk=officer.pk).update(password=make_password(PASSWORD))
        officer.refresh_from_db()
        seed = with_app(officer)
        type_password(client, officer)
        type_code(client, "000000")
        type_code(client, digits(seed))
        assert [line.partition("authentication: ")[2].partition(",")[0] for line in lines()] == [
            "log in by password accepted",
            "log in by app refused",
            "log in by app accepted",
        ]

    def test_has_too_many_tries_activations_and_passwords(
        self, client: Client, member: User, issuer: User, lines: Any
    ) -> None:
        for _ in range(11):
            client.post("/dang-nhap/", {"login": member.login, "password": "sai"})
        assert lines()[-1].startswith("authentication: log in by password too many tries")
        _declared, code = issued(issuer.office, issuer)
        Client().post("/kich-hoat/", {"code": code, "password": NEW, "repeated": NEW})
        assert "activate by activation code accepted" in lines()[-1]
        inside = Client()
        inside.force_login(member)
        fully_verified(inside, member)
        change(inside, old="sai")
        change(inside)
        said = " ".join(lines())
        assert "change password by password refused" in said
        assert "change password by password accepted" in said
        assert not [word for word in (NEW, PASSWORD, member.login, member.full_name, code) if word in said]
