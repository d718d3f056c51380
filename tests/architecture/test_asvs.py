"""docs/asvs.md: every requirement that applies has a place, every place is there. Below, what had no test yet."""

import json
import logging
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.urls import reverse

from accounts.checks import scanner
from accounts.models import User
from accounts.services.login import LoginRefused, check_login
from tests.architecture.places import ROOT, is_there, places_in, words_beside

DOCUMENT = ROOT / "docs" / "asvs.md"
# The requirements of ASVS 5.0.0, levels 1 and 2, that apply to a site like this; ranges within a section.
APPLICABLE = """
1.1.1-2 1.2.1-5 1.2.9 1.3.2-4 1.3.6-7 1.3.10-11 1.4.1-3 1.5.1-2
2.1.1-3 2.2.1-3 2.3.1-4 2.4.1
3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-4 3.7.1-2
4.1.1-3 4.2.1
5.1.1 5.2.1-3 5.3.1-2 5.4.1-3
6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3
7.1.1-2 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.2
8.1.1-2 8.2.1-3 8.3.1 8.4.1
11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1
12.1.1-3 12.2.1-2 12.3.1-4
13.1.1 13.2.1-5 13.3.1-2 13.4.1-5
14.1.1-2 14.2.1-4 14.3.1-3
15.1.1-3 15.2.1-3 15.3.1-7
16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3
"""
PASSWORD = "chiếc nón lá nghiêng nghiêng bên sông Hương chiều " + "mưa " * 10 + "cuối"  # 90 letters


def applicable() -> list[str]:
    found = []
    for part in APPLICABLE.split():
        section, _, numbers = part.rpartition(".")
        first, _, last = numbers.partition("-")
        found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def lines() -> dict[str, list[str]]:
    rows = re.findall(r"^\| (\d[\d.]+) \|(.*)\|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a requirement stands there twice"
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in rows}


def test_every_requirement_that_applies_has_its_line() -> None:
    assert len(applicable()) == 190
    assert list(lines()) == applicable()


def test_every_place_named_is_there() -> None:
    gone = []
    for name, (_level, _what, state, where) in lines().items():
        places = places_in(where)
        assert places, f"{name} has no place"
        assert state in ("đạt", "văn bản", "vận hành", "chưa đạt"), name
        if state == "chưa đạt":
            assert len(words_beside(where)) > 40, f"{name} doesn't say why it isn't met"
        gone += [f"{name}: {place}" for place in places if not is_there(place)]
    assert gone == []


REAL = {
    "SECRET_KEY": "check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "CODE_KEY": "check-9876543210-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "ALLOWED_HOSTS": "example.vn",
    "PUBLIC_URL": "https://example.vn",
}
NAMES = [
    *("DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"),
    *("SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE", "SECURE_HSTS_SECONDS"),
    "CSRF_COOKIE_HTTPONLY",
    *("SECURE_SSL_REDIRECT", "SESSION_COOKIE_AGE", "SESSION_ABSOLUTE_AGE"),
]


def test_settings_of_real_operation_are_strict() -> None:
    """Read in a process of its own, as gunicorn would: without DEMO, DEBUG and pytest."""
    program = f"import json, portal.settings as s; print(json.dumps({{n: getattr(s, n) for n in {NAMES}}}))"
    kept = {name: value for name, value in os.environ.items() if name not in ("DEMO", "DEBUG", *REAL)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**kept, **REAL},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found.pop("SECURE_HSTS_SECONDS") >= 31_536_000
    assert found.pop("SESSION_COOKIE_AGE") <= 15 * 60
    assert found.pop("SESSION_ABSOLUTE_AGE") <= 12 * 3600
    assert found == {
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-sid",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "SECURE_SSL_REDIRECT": True,
    }


@pytest.mark.django_db
def test_headers_of_a_page(client: Client) -> None:
    page = client.get(reverse("accounts:login"), headers={"Origin": "https://elsewhere.example"})
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert not [name for name in page.headers if name.lower().startswith("access-control-")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "away",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"],
)
def test_next_never_leads_away(client: Client, contributor: User, away: str) -> None:
    contributor.set_password(PASSWORD)
    contributor.save()
    facts = {"login": contributor.login, "password": PASSWORD, "next": away}
    answer = client.post(reverse("accounts:login"), facts)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("accounts:after_login"))


def test_passwords_have_no_composition_rules() -> None:
    validate_password("sông hương chiều mưa")
    with pytest.raises(ValidationError):
        validate_password("password1234")


@pytest.mark.django_db
def test_the_login_page_helps_password_managers(client: Client) -> None:
    page = client.get(reverse("accounts:login")).content.decode()
    assert re.search(r'<input type="password"[^>]* autocomplete="current-password"', page)
    assert "onpaste" not in page


@pytest.mark.django_db
def test_a_long_vietnamese_password_counts_to_its_last_letter(client: Client, contributor: User) -> None:
    assert len(PASSWORD) > 64
    contributor.set_password(PASSWORD)
    contributor.save()
    login = {"login": contributor.login, "password": PASSWORD[:-1]}
    assert client.post(reverse("accounts:login"), login).status_code == 422
    assert client.post(reverse("accounts:login"), {**login, "password": PASSWORD}).status_code == 302


@pytest.mark.django_db
@override_settings(PASSWORD_HASHERS=settings.PASSWORD_HASHERS[1:])  # without the cheap one of the tests
def test_passwords_are_kept_by_argon2() -> None:
    user = User.objects.create_user("0119000077", PASSWORD, full_name="Lê Văn Ba")
    assert user.password.startswith("argon2$argon2id$")


@pytest.mark.django_db
def test_people_of_the_demo_stay_in_the_demo(rf: "pytest.FixtureRequest") -> None:
    User.objects.create_user("0119000077", PASSWORD, full_name="Lê Văn Ba", is_test=True)
    request = rf.post("/")  # type: ignore[attr-defined]
    with override_settings(DEMO=False, TESTING=False), pytest.raises(LoginRefused):
        check_login(request, "0119000077", PASSWORD, "192.0.2.1")
    with override_settings(DEMO=True):
        assert check_login(request, "0119000077", PASSWORD, "192.0.2.1").is_test


@pytest.mark.django_db
def test_a_session_key_is_random_and_new_after_logging_in(client: Client, contributor: User) -> None:
    contributor.set_password(PASSWORD)
    contributor.save()
    session = client.session
    session["before"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = given = str(session.session_key)
    client.post(reverse("accounts:login"), {"login": contributor.login, "password": PASSWORD})
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert after != given
    assert re.fullmatch(r"[a-z0-9]{32}", after)  # 165 bits
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = given
    assert stranger.get(reverse("procedures:my_dossiers")).status_code == 302


@pytest.mark.django_db
def test_after_logging_out_the_old_cookie_opens_nothing(client: Client, contributor: User) -> None:
    client.force_login(contributor)
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get(reverse("procedures:my_dossiers")).status_code == 200
    client.post(reverse("accounts:logout"))
    again = Client()
    again.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert again.get(reverse("procedures:my_dossiers")).status_code == 302


@pytest.mark.django_db
def test_an_account_that_was_closed_is_out_at_the_next_click(client: Client, contributor: User) -> None:
    client.force_login(contributor)
    assert client.get(reverse("procedures:my_dossiers")).status_code == 200
    User.objects.filter(pk=contributor.pk).update(is_active=False)
    assert client.get(reverse("procedures:my_dossiers")).status_code == 302


@pytest.mark.django_db
def test_a_new_password_ends_older_sessions(client: Client, contributor: User) -> None:
    client.force_login(contributor)
    contributor.set_password(PASSWORD)
    contributor.save()
    assert client.get(reverse("procedures:my_dossiers")).status_code == 302


@pytest.mark.django_db
def test_private_pages_are_kept_by_no_cache(client: Client, contributor: User) -> None:
    client.force_login(contributor)
    assert "no-store" in client.get(reverse("procedures:my_dossiers")).headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "route", ["procedures:track", "accounts:register", "accounts:login", "procedures:verify"]
)
def test_what_a_stranger_was_answered_is_kept_by_no_cache(client: Client, route: str) -> None:
    """A declaration with its mistakes, where a dossier stands: of people who aren't logged in."""
    assert "no-store" in client.post(reverse(route), {"full_name": "Lê Văn Ba"}).headers["Cache-Control"]


@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True)
@pytest.mark.parametrize("route", ["portal:health_detail", "portal:metrics", "accounts:sms_receipt"])
def test_over_plain_http_a_machine_is_refused_and_a_browser_led_to_https(client: Client, route: str) -> None:
    refused = client.post(
        reverse(route), "{}", "application/json", headers={"Authorization": "Bearer secret"}
    )
    assert (refused.status_code, "Location" in refused.headers) == (403, False)
    assert client.get(reverse("accounts:login")).headers["Location"].startswith("https://")
    assert client.post(reverse(route), secure=True).status_code in (403, 404, 405)


def test_a_portal_without_a_scanner_is_named_before_it_is_opened() -> None:
    with override_settings(CLAMD_URL=""):
        assert [found.id for found in scanner()] == ["accounts.W004"]
    with override_settings(CLAMD_URL="tcp://clamav:3310"):
        assert scanner() == []


def test_scripts_store_nothing_in_the_browser() -> None:
    """But whether an officer wants keys, and where a file on its way goes on: neither says who or what."""
    ours = list((ROOT / "static").rglob("*.js"))
    assert ours
    for path in ours:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"sessionStorage|indexedDB|document\.cookie", text), path
        stored = re.findall(r"localStorage\.setItem\(([^,)]+)", text)
        assert set(stored) <= {"OFF", "file.key"}, f"{path}: {stored}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/.git/config", "/.env", "/manage.py", "/static/", "/static/../portal/settings.py", "/var/secrets.env"],
)
def test_nothing_of_the_source_is_served(client: Client, address: str) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_trace_is_answered_by_nobody(client: Client) -> None:
    answer = client.trace(reverse("accounts:login"), headers={"X-Mine": "secret-of-mine"})
    assert answer.status_code == 405
    assert b"secret-of-mine" not in answer.content


@pytest.mark.django_db
def test_an_address_writes_one_line_into_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/khong-co%0A2026-01-01 ERROR gia-mao/")
    formatter = logging.Formatter("%(message)s")
    written = [formatter.format(record) for record in caplog.records if record.name == "django.request"]
    assert written
    assert all("\n" not in line for line in written)
