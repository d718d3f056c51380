"""Logging in, how long a session lasts, and who may enter which page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.services import networks
from tests.accounts.declarations import PASSWORD

URL = "/dang-nhap/"
HASHED = make_password(PASSWORD)


@pytest.fixture
def member(contributor: User) -> User:
    """The contributor, with a password."""
    User.objects.filter(pk=contributor.pk).update(password=HASHED)
    contributor.refresh_from_db()
    return contributor


def log_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(URL, {"login": login, "password": password, **more})


def is_logged_in(client: Client) -> bool:
    return client.get(reverse("accounts:account")).status_code == 200


class TestLoggingIn:
    def test_opens_the_pages_of_a_citizen(self, client: Client, member: User) -> None:
        response = log_in(client, member.login)
        assert response.url == reverse("accounts:after_login")
        assert is_logged_in(client)

    @pytest.mark.parametrize("typed", [" 0119000001 ", "01 1900 0001", "0119.000.001"])
    def test_takes_the_number_as_people_type_it(self, client: Client, member: User, typed: str) -> None:
        assert log_in(client, typed).status_code == 302

    def test_takes_a_name_in_any_case(self, client: Client, issuer: User) -> None:
        User.objects.filter(pk=issuer.pk).update(password=HASHED)
        assert log_in(client, "CapMa.HaNoi").status_code == 302

    def test_begins_a_session_under_a_new_key(self, client: Client, member: User) -> None:
        client.cookies[settings.SESSION_COOKIE_NAME] = "planted0000000000000000000000000"
        log_in(client, member.login)
        assert client.cookies[settings.SESSION_COOKIE_NAME].value not in (
            "",
            "planted0000000000000000000000000",
        )

    def test_answers_an_unknown_login_like_a_wrong_password(self, client: Client, member: User) -> None:
        wrong = log_in(client, member.login, "không phải mật khẩu")
        unknown = log_in(client, "0119999999", "không phải mật khẩu")
        assert wrong.status_code == unknown.status_code == 422
        assert wrong.context["form"].errors == unknown.context["form"].errors

    def test_hashes_a_password_for_an_unknown_login_too(
        self, client: Client, member: User, settings: Any
    ) -> None:
        # A hasher that isn't there fails when it is asked to hash.
        settings.PASSWORD_HASHERS = ["tests.accounts.no_hasher.NoHasher"]
        with pytest.raises(NotImplementedError):
            log_in(client, "0119999999")

    def test_refuses_people_who_were_stopped(self, client: Client, member: User) -> None:
        User.objects.filter(pk=member.pk).update(is_active=False)
        assert log_in(client, member.login).status_code == 422

    def test_ends_at_once_for_people_who_are_stopped(self, client: Client, member: User) -> None:
        log_in(client, member.login)
        User.objects.filter(pk=member.pk).update(is_active=False)
        assert not is_logged_in(client)

    def test_refuses_people_of_the_demo_outside_it(self, client: Client, member: User, settings: Any) -> None:
        User.objects.filter(pk=member.pk).update(is_test=True)
        settings.TESTING = settings.DEMO = False
        assert log_in(client, member.login).status_code == 422

    @pytest.mark.parametrize(
        "typed", ["", "\0", "x" * 500, "' or 1=1--", b"\xed\xa0\x80", "０１１９", "👩‍🌾"]
    )
    def test_answers_any_login_and_password(self, client: Client, db: None, typed: Any) -> None:
        assert log_in(client, typed, typed).status_code == 422

    def test_never_shows_a_password_again(self, client: Client, member: User) -> None:
        assert "mậtkhẩubímật" not in log_in(client, member.login, "mậtkhẩubímật").text


class TestManyFailures:
    def fail(self, client: Client, login: str, times: int, address: str = "192.0.2.1") -> list[int]:
        client.defaults["REMOTE_ADDR"] = address
        return [log_in(client, login, "sai").status_code for _ in range(times)]

    def test_stop_one_login_from_one_address(self, client: Client, member: User) -> None:
        assert self.fail(client, member.login, 11) == [422] * 10 + [429]
        assert log_in(client, member.login).status_code == 429

    def test_of_a_stranger_do_not_lock_the_person_out(self, client: Client, member: User) -> None:
        self.fail(client, member.login, 12, "192.0.2.66")
        client.defaults["REMOTE_ADDR"] = "192.0.2.1"
        assert log_in(client, member.login).status_code == 302

    def test_of_a_stranger_on_the_same_network_do_not_lock_the_person_out(
        self, client: Client, member: User
    ) -> None:
        """Not even from the very same address, in a browser the person has logged in with before."""
        client.defaults["REMOTE_ADDR"] = "192.0.2.1"
        log_in(client, member.login)
        client.post("/dang-xuat/")
        stranger = Client()
        self.fail(stranger, member.login, 12, "192.0.2.1")
        self.fail(stranger, "0119999999", 101, "192.0.2.1")
        assert log_in(stranger, member.login).status_code == 429
        assert log_in(client, member.login).status_code == 302

    def test_in_a_known_browser_are_limited_too(self, client: Client, member: User) -> None:
        log_in(client, member.login)
        client.post("/dang-xuat/")
        assert self.fail(client, member.login, 11) == [422] * 10 + [429]

    def test_a_browser_is_known_for_those_who_logged_in_with_it_only(
        self, client: Client, member: User, outsider: User
    ) -> None:
        log_in(client, member.login)
        client.post("/dang-xuat/")
        forged = Client()
        forged.cookies["may-quen"] = client.cookies["may-quen"].value[:-1] + "x"
        for browser, login in ((client, outsider.login), (forged, member.login)):
            assert self.fail(browser, login, 11, "192.0.2.9") == [422] * 10 + [429]

    @pytest.mark.parametrize(
        ("addresses", "other"), [("192.0.2.{}", "198.51.100.1"), ("2001:db8:7:{}::1", "2001:db8:8::1")]
    )
    def test_from_one_network_are_limited_however_many_addresses_it_has(
        self, client: Client, member: User, addresses: str, other: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(networks, "LOGINS", ((20, timedelta(hours=1)),))
        statuses = [self.fail(client, f"01199{n:05d}", 1, addresses.format(n))[0] for n in range(1, 22)]
        assert statuses == [422] * 20 + [429]
        assert self.fail(client, member.login, 1, other) == [422]

    def test_are_forgotten_after_a_quarter_of_an_hour(self, client: Client, member: User) -> None:
        self.fail(client, member.login, 11)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_throttle SET window_from = window_from - interval '15 minutes'")
        assert log_in(client, member.login).status_code == 302

    def test_from_one_address_are_limited_over_all_logins(self, client: Client, member: User) -> None:
        with connection.cursor() as cursor:
            self.fail(client, "0119999998", 1)
            cursor.execute("UPDATE accounts_throttle SET count = 100")
        assert self.fail(client, "0119999999", 1) == [429]

    def test_do_not_include_successes(self, client: Client, member: User) -> None:
        for _ in range(12):
            assert log_in(client, member.login).status_code == 302

    def test_cannot_be_spread_by_forged_headers(self, client: Client, member: User) -> None:
        statuses = [
            client.post(
                URL, {"login": member.login, "password": "sai"}, headers={"x-forwarded-for": f"10.0.0.{n}"}
            )
            for n in range(11)
        ]
        assert statuses[-1].status_code == 429

    def test_are_counted_by_the_address_the_proxy_saw(
        self, client: Client, member: User, settings: Any
    ) -> None:
        settings.TRUSTED_PROXIES = 1
        header = {"x-forwarded-for": "10.9.9.9, 192.0.2.7"}
        for _ in range(11):
            client.post(URL, {"login": member.login, "password": "sai"}, headers=header)
        elsewhere = {"x-forwarded-for": "192.0.2.7, 192.0.2.8"}
        response = client.post(URL, {"login": member.login, "password": PASSWORD}, headers=elsewhere)
        assert response.status_code == 302

    def test_of_one_ipv6_household_are_counted_together(self, client: Client, member: User) -> None:
        statuses = []
        for number in range(11):
            client.defaults["REMOTE_ADDR"] = f"2001:db8::{number + 1}"
            statuses.append(log_in(client, member.login, "sai").status_code)
        assert statuses[-1] == 429


class TestComingBack:
    def test_goes_to_the_page_that_was_wanted(self, client: Client, member: User) -> None:
        wanted = reverse("accounts:account")
        assert client.get(wanted).url == f"{URL}?next={quote(wanted)}"
        assert log_in(client, member.login, next=wanted).url == wanted

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "http:evil.example",
            "ho-so",
            "\x01//evil.example",
            "/dang-xuat/",
            "/dang-nhap/?next=/dang-nhap/",
        ],
    )
    def test_never_leaves_the_site(self, client: Client, member: User, elsewhere: str) -> None:
        assert log_in(client, member.login, next=elsewhere).url == reverse("accounts:after_login")

    def test_keeps_the_wanted_page_over_a_wrong_password(self, client: Client, member: User) -> None:
        response = log_in(client, member.login, "sai", next="/tai-khoan/")
        assert 'name="next" value="/tai-khoan/"' in response.text

    def test_skips_the_form_for_somebody_logged_in(self, client: Client, member: User) -> None:
        client.force_login(member)
        assert client.get(f"{URL}?next=/tai-khoan/").url == "/tai-khoan/"


class TestTheSession:
    def test_ends_after_a_working_day_however_busy(self, client: Client, member: User) -> None:
        with time_machine.travel("2019-08-20T08:00:00+07:00", tick=False) as clock:
            log_in(client, member.login)
            for _ in range(47):
                clock.shift(600)
                assert is_logged_in(client)
            clock.shift(600)
            assert is_logged_in(client)  # eight hours to the second
            clock.shift(1)
            assert not is_logged_in(client)

    def test_ends_after_fifteen_idle_minutes(self, client: Client, member: User) -> None:
        with time_machine.travel("2019-08-20T08:00:00+07:00", tick=False) as clock:
            log_in(client, member.login)
            clock.shift(15 * 60 + 1)
            assert not is_logged_in(client)

    def test_is_prolonged_once_a_minute_and_costs_no_other_request_a_commit(
        self, client: Client, member: User
    ) -> None:
        with time_machine.travel("2019-08-20T08:00:00+07:00", tick=False) as clock:
            log_in(client, member.login)
            assert is_logged_in(client)
            clock.shift(59)
            with CaptureQueriesContext(connection) as quiet:
                page = client.get(reverse("accounts:account"))
            assert not [
                query for query in quiet if "django_session" in query["sql"] and "UPDATE" in query["sql"]
            ]
            assert settings.SESSION_COOKIE_NAME not in page.cookies
            clock.shift(1)
            page = client.get(reverse("accounts:account"))
            assert page.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == settings.SESSION_COOKIE_AGE
            clock.shift(settings.SESSION_COOKIE_AGE - 1)
            assert is_logged_in(client)

    def test_that_ended_is_told_on_the_log_in_page(self, client: Client, member: User) -> None:
        log_in(client, member.login)
        Session.objects.all().delete()
        page = client.get(reverse("accounts:account"), follow=True)
        assert "Phiên làm việc đã kết thúc" in page.text

    def test_of_somebody_who_logged_out_is_not_talked_about(self, client: Client, member: User) -> None:
        log_in(client, member.login)
        client.post(reverse("accounts:logout"))
        assert "Phiên làm việc đã kết thúc" not in client.get(URL).text
        assert not Session.objects.exists()

    def test_ends_by_post_only(self, client: Client, member: User) -> None:
        client.force_login(member)
        assert client.get(reverse("accounts:logout")).status_code == 405
        assert is_logged_in(client)

    def test_leaves_no_page_in_a_cache(self, client: Client, member: User) -> None:
        client.force_login(member)
        assert "no-store" in client.get(reverse("accounts:account"))["Cache-Control"]


class TestGuards:
    ISSUERS_ONLY = "/cap-ma/"
    CITIZENS_ONLY = "/tai-khoan/xac-nhan/email/"

    @pytest.fixture
    def as_role(self, client: Client, request: pytest.FixtureRequest) -> Callable[[str], Client]:
        def log_in_as(role: str) -> Client:
            client.force_login(request.getfixturevalue(role))
            return client

        return log_in_as

    @pytest.mark.parametrize("role", ["contributor", "officer", "head", "hq"])
    def test_show_no_page_to_the_wrong_role(self, as_role: Callable[[str], Client], role: str) -> None:
        assert as_role(role).get(self.ISSUERS_ONLY).status_code == 404

    @pytest.mark.parametrize("role", ["officer", "head", "issuer", "hq"])
    def test_show_no_page_of_citizens_to_staff(self, as_role: Callable[[str], Client], role: str) -> None:
        assert as_role(role).get(self.CITIZENS_ONLY).status_code == 404

    def test_let_the_right_role_in(self, as_role: Callable[[str], Client]) -> None:
        assert as_role("issuer").get(self.ISSUERS_ONLY).status_code == 200

    def test_follow_a_change_of_role_at_once(self, as_role: Callable[[str], Client], issuer: User) -> None:
        client = as_role("issuer")
        User.objects.filter(pk=issuer.pk).update(role="officer")
        assert client.get(self.ISSUERS_ONLY).status_code == 404

    def test_lead_a_stranger_to_the_log_in_page(self, client: Client, db: None) -> None:
        assert client.get("/cap-ma/?nhom=xong").url == "/dang-nhap/?next=/cap-ma/%3Fnhom%3Dxong"

    def test_send_the_whole_page_of_a_fragment_to_the_log_in_page(self, client: Client, db: None) -> None:
        response = client.get(self.ISSUERS_ONLY, headers={"hx-request": "true"})
        assert response["HX-Redirect"].startswith(f"{URL}?next=/")

    @pytest.mark.parametrize("role", ["contributor", "officer", "head", "issuer", "hq"])
    def test_give_every_role_a_first_page(self, as_role: Callable[[str], Client], role: str) -> None:
        assert as_role(role).get(reverse("accounts:after_login")).status_code == 302
