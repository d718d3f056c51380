"""The second factor of staff: what lets in, what doesn't, and that no page can be reached without it."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Authenticator, Message, Role, SecurityEvent, User
from accounts.services import authenticator, sealing, second_factor
from accounts.services.demo import DEMO_PASSWORD, STAFF, demo_totp
from accounts.services.offices import load_offices
from tests.accounts.declarations import PASSWORD
from tests.people import staff

LOGIN, FACTOR, ENROL = "/dang-nhap/", "/dang-nhap/ma-xac-thuc/", "/dang-nhap/gan-ung-dung/"
HASHED = make_password(PASSWORD)


def with_password(user: User) -> User:
    User.objects.filter(pk=user.pk).update(password=HASHED)
    user.refresh_from_db()
    return user


def with_app(user: User) -> str:
    """Bind an app; its seed."""
    seed = authenticator.begin(user)
    Authenticator.objects.filter(user=user).update(confirmed_at="2019-08-20T00:00Z")
    return seed


def digits(seed: str, ahead: int = 0) -> str:
    return pyotp.TOTP(seed).at(int(time.time()), counter_offset=ahead)


def type_password(client: Client, user: User, **more: str) -> Any:
    return client.post(LOGIN, {"login": user.login, "password": PASSWORD, **more})


def type_code(client: Client, code: str, url: str = FACTOR) -> Any:
    return client.post(url, {"app_code": code})


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:account")).status_code == 200


def staff_pages(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every guarded page of the portal by name."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from staff_pages(entry, entry.namespace or namespace)
        elif (
            getattr(entry.callback, "guarded_for", "keeper") != "keeper"
        ):  # whose key is the machine or a token
            yield f"{namespace}:{entry.name}", entry


SAMPLES = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "int": 1,
    "str": "x",
    "slug": "x",
    "path": "x",
}


def addresses() -> list[tuple[str, str]]:
    found = []
    for name, entry in staff_pages(get_resolver()):
        kinds = {key: type(it).__name__ for key, it in entry.pattern.converters.items()}
        values = {
            key: SAMPLES.get(kind.removesuffix("Converter").lower(), "x") for key, kind in kinds.items()
        }
        try:
            found.append((name, reverse(name, kwargs=values)))
        except NoReverseMatch:  # an own converter: its page is walked by the test of its part
            continue
    return found


@pytest.mark.django_db
class TestAPasswordAlone:
    @pytest.mark.parametrize("role", ["officer", "head", "issuer", "hq"])
    @pytest.mark.parametrize("has_app", [True, False])
    def test_opens_no_page_of_staff(
        self, client: Client, request: pytest.FixtureRequest, role: str, has_app: bool
    ) -> None:
        user = with_password(request.getfixturevalue(role))
        if has_app:
            with_app(user)
        assert type_password(client, user).url == (FACTOR if has_app else ENROL)
        walked = addresses()
        assert len(walked) > 30
        for name, url in walked:
            for method in (client.get, client.post):
                response = method(url)
                is_turned_away = response.status_code == 302 and response.url.startswith(LOGIN)
                assert is_turned_away or response.status_code == 405, name

    def test_shows_nobody_as_logged_in(self, client: Client, officer: User) -> None:
        type_password(client, with_password(officer))
        assert officer.full_name not in client.get("/").text

    def test_of_somebody_who_became_staff_meanwhile_is_not_enough(
        self, client: Client, contributor: User, officer: User
    ) -> None:
        type_password(client, with_password(contributor))
        assert is_in(client)
        User.objects.filter(pk=contributor.pk).update(role=Role.OFFICER, office=officer.office)
        assert not is_in(client)
        assert client.get(LOGIN).status_code == 200  # and can log in again, now with both

    def test_stays_enough_for_a_citizen(self, client: Client, contributor: User) -> None:
        assert type_password(client, with_password(contributor)).url == reverse("accounts:after_login")

    @pytest.mark.parametrize("url", [FACTOR, ENROL])
    def test_is_needed_first(self, client: Client, db: None, url: str) -> None:
        assert client.get(url).url == LOGIN
        assert type_code(client, "123456", url).url == LOGIN

    def test_is_forgotten_after_five_minutes(self, client: Client, officer: User) -> None:
        seed = with_app(with_password(officer))
        type_password(client, officer)
        session = client.session
        session["awaiting_second_factor"] |= {"until": int(time.time()) - 1}
        session.save()
        assert type_code(client, digits(seed)).url == LOGIN
        assert not is_in(client)

    @pytest.mark.parametrize(
        "change", [{"is_active": False}, {"password": make_password("another-one-2019")}]
    )
    def test_is_forgotten_when_the_account_changes(
        self, client: Client, officer: User, change: dict[str, Any]
    ) -> None:
        seed = with_app(with_password(officer))
        type_password(client, officer)
        User.objects.filter(pk=officer.pk).update(**change)
        type_code(client, digits(seed))
        assert not is_in(client)


@pytest.mark.django_db
class TestTheCodeOfTheApp:
    def test_lets_in_and_on_to_the_page_wanted(self, client: Client, officer: User) -> None:
        seed = with_app(with_password(officer))
        type_password(client, officer, next="/tai-khoan/")
        assert type_code(client, digits(seed)).url == "/tai-khoan/"
        assert is_in(client)

    def test_begins_a_session_under_a_new_key(self, client: Client, officer: User) -> None:
        seed = with_app(with_password(officer))
        type_password(client, officer)
        before = client.session.session_key
        type_code(client, digits(seed))
        assert client.session.session_key != before

    def test_is_taken_once(self, client: Client, officer: User) -> None:
        seed = with_app(with_password(officer))
        code = digits(seed)
        type_password(client, officer)
        type_code(client, code)
        other = Client()
        type_password(other, officer)
        assert type_code(other, code).status_code == 422
        assert not is_in(other)

    def test_is_not_taken_before_an_older_one_was(self, officer: User) -> None:
        seed = with_app(officer)
        assert authenticator.accept(officer, digits(seed, 1))
        assert not authenticator.accept(officer, digits(seed))

    @pytest.mark.parametrize("ahead", [-1, 0, 1])
    def test_may_be_one_step_off(self, officer: User, ahead: int) -> None:
        seed = with_app(officer)
        assert authenticator.accept(officer, f" {digits(seed, ahead)[:3]} {digits(seed, ahead)[3:]} ")

    @pytest.mark.parametrize("ahead", [-4, -3, 3, 4])
    def test_may_not_be_further_off(self, officer: User, ahead: int) -> None:
        assert not authenticator.accept(officer, digits(with_app(officer), ahead))

    @pytest.mark.parametrize(
        "typed", ["", "000000", "12345", "1234567", "１２３４５６", "\0" * 6, "x" * 9999]
    )
    def test_bears_whatever_is_typed(self, client: Client, officer: User, typed: str) -> None:
        with_app(with_password(officer))
        type_password(client, officer)
        assert type_code(client, typed).status_code == 422
        assert not is_in(client)

    def test_is_guessed_five_times_in_a_quarter_of_an_hour(self, client: Client, officer: User) -> None:
        seed = with_app(with_password(officer))
        type_password(client, officer)
        assert [type_code(client, "000000").status_code for _ in range(6)] == [422] * 5 + [429]
        assert type_code(client, digits(seed)).status_code == 429

    @pytest.mark.skipif(
        not shutil.which("oathtool"), reason="no oathtool here (Debian: apt install oathtool)"
    )
    def test_is_the_one_any_phone_makes(self, officer: User) -> None:
        seed = with_app(officer)
        made = subprocess.run(["oathtool", "--totp", "-b", seed], capture_output=True, text=True, check=True)
        assert authenticator.accept(officer, made.stdout.strip())


@pytest.mark.django_db
class TestTheSeed:
    def test_stands_in_no_row_as_it_is(self, officer: User) -> None:
        seed = with_app(officer)
        kept = bytes(Authenticator.objects.get().sealed_seed)
        assert seed.encode() not in kept

    def test_opens_for_its_owner_only(self, officer: User, issuer: User) -> None:
        with_app(officer)
        sealed = Authenticator.objects.get().sealed_seed
        Authenticator.objects.create(user=issuer, sealed_seed=sealed, confirmed_at="2019-08-20T00:00Z")
        with pytest.raises(sealing.Unreadable):
            authenticator.accept(issuer, "123456")

    def test_is_shown_until_the_app_works_and_never_again(self, client: Client, officer: User) -> None:
        type_password(client, with_password(officer))
        page = client.get(ENROL)
        seed = page.context["seed"].replace(" ", "")
        assert "data:image/png" in page.text
        assert client.get(ENROL).context["seed"] == page.context["seed"]
        assert type_code(client, "000000", ENROL).status_code == 422
        assert type_code(client, digits(seed), ENROL).url == reverse("accounts:after_login")
        assert is_in(client)
        other = Client()
        assert type_password(other, officer).url == FACTOR
        assert other.get(ENROL).url == FACTOR
        assert SecurityEvent.objects.get().kind == SecurityEvent.Kind.FACTOR_ENROLLED


@pytest.mark.django_db
class TestTheSession:
    def enter(self, user: User, seed: str, ahead: int) -> Client:
        client = Client()
        type_password(client, user)
        assert type_code(client, digits(seed, ahead)).status_code == 302
        return client

    def test_is_the_only_one_of_its_person(self, officer: User) -> None:
        seed = with_app(with_password(officer))
        first = self.enter(officer, seed, -1)
        assert is_in(first)
        second = self.enter(officer, seed, 0)
        assert not is_in(first)
        assert is_in(second)

    def test_ends_with_the_rights_on_the_next_request(self, officer: User, issuer: User) -> None:
        seed = with_app(with_password(issuer))
        client = self.enter(issuer, seed, 0)
        assert client.get("/cap-ma/").status_code == 200
        User.objects.filter(pk=issuer.pk).update(role=Role.OFFICER)
        assert client.get("/cap-ma/").status_code == 404

    def test_ends_after_a_quarter_of_an_hour_of_nothing(self, settings: Any) -> None:
        assert settings.SESSION_COOKIE_AGE == 15 * 60
        assert settings.SESSION_PROLONGED_EVERY <= 60  # tests/accounts/test_login.py: and it is prolonged


@pytest.mark.django_db
class TestALostPhone:
    def reset(self, client: Client, helper: User, person: User) -> Any:
        client.force_login(helper)
        return client.post(f"/nhan-vien/{person.login}/go-ung-dung/")

    @pytest.mark.parametrize("helper", ["issuer", "head"])
    def test_is_taken_off_by_a_second_person(
        self, client: Client, request: pytest.FixtureRequest, helper: str, officer: User
    ) -> None:
        with_app(officer)
        helping = request.getfixturevalue(helper)
        User.objects.filter(pk=officer.pk).update(email="canbo@example.vn")
        assert self.reset(client, helping, officer).status_code == 302
        assert not authenticator.is_enrolled(officer)
        event = SecurityEvent.objects.get()
        assert (event.kind, event.actor, event.person) == ("factor_reset", helping, officer)
        assert Message.objects.get().destination == "canbo@example.vn"

    def test_ends_the_session_there_was(self, client: Client, officer: User, issuer: User) -> None:
        seed = with_app(with_password(officer))
        session = TestTheSession().enter(officer, seed, 0)
        self.reset(client, issuer, officer)
        assert not is_in(session)

    def test_is_not_taken_off_by_oneself(self, client: Client, issuer: User) -> None:
        with_app(issuer)
        self.reset(client, issuer, issuer)
        assert authenticator.is_enrolled(issuer)

    @pytest.mark.parametrize("helper", ["officer", "issuer_elsewhere", "contributor", "hq"])
    def test_is_not_taken_off_by_others(
        self, client: Client, request: pytest.FixtureRequest, helper: str, head: User
    ) -> None:
        with_app(head)
        assert self.reset(client, request.getfixturevalue(helper), head).status_code == 404
        assert authenticator.is_enrolled(head)

    def test_at_the_headquarters_is_taken_off_there(self, client: Client, hq: User, issuer: User) -> None:
        with_app(hq)
        other = staff("trunguong2", "Tạ Thị Hạnh", Role.HQ, None)
        assert self.reset(client, issuer, hq).status_code == 404
        assert self.reset(client, other, hq).status_code == 302
        assert not authenticator.is_enrolled(hq)

    def test_of_a_citizen_is_no_matter_of_staff(self, officer: User, contributor: User, head: User) -> None:
        with pytest.raises(second_factor.FactorRefused):
            second_factor.reset(contributor, head)

    def test_shows_the_list_of_colleagues_to_keyholders(
        self, client: Client, head: User, officer: User
    ) -> None:
        client.force_login(head)
        assert officer.full_name in client.get("/nhan-vien/").text

    @pytest.mark.django_db(transaction=True)
    def test_leaves_a_record_nobody_can_change(self, officer: User) -> None:
        SecurityEvent.objects.create(kind="factor_reset", actor=officer, person=officer)
        for change in (SecurityEvent.objects.all().delete, lambda: SecurityEvent.objects.update(detail={})):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


@pytest.mark.django_db
class TestTheDemo:
    @pytest.fixture
    def demo(self, settings: Any) -> None:
        settings.DEMO = True
        load_offices()
        call_command("load_demo", verbosity=0)

    def test_lets_its_staff_in_with_the_codes_it_shows(self, client: Client, demo: None) -> None:
        for person in STAFF:
            other = Client()
            other.post(LOGIN, {"login": person.login, "password": DEMO_PASSWORD})
            assert type_code(other, demo_totp(person.login)).status_code == 302
            assert is_in(other)

    def test_shows_the_codes_in_its_inbox(self, client: Client, demo: None) -> None:
        page = client.get("/hop-thu-demo/").text
        assert any(demo_totp("capma.hanoi", ahead) in page for ahead in (-1, 0))

    def test_has_codes_for_the_people_of_an_older_demo_too(self, demo: None) -> None:
        Authenticator.objects.all().delete()
        call_command("load_demo", verbosity=0)
        assert Authenticator.objects.count() == len(STAFF)
