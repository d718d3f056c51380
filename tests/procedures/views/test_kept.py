"""Without scripts, a page left open for more than a quarter of an hour still loses nothing: what was typed waits for
the log-in."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from procedures.models import Dossier
from tests import makers
from tests.accounts.declarations import PASSWORD

pytestmark = pytest.mark.django_db
TYPED = {"identity_issued_on": "1/6/2015", "identity_issued_by": "Công an tỉnh Hưng Yên", "_action": "next"}
NOT_SAVED = "chưa lưu"


@pytest.fixture
def member(contributor: User) -> User:
    contributor.set_password(PASSWORD)
    contributor.save()
    return contributor


@pytest.fixture
def dossier(member: User) -> Dossier:
    return makers.draft(member)


def step_of(dossier: Dossier) -> str:
    return f"/ho-so/{dossier.public_id}/buoc/{makers.procedure_of(dossier).steps[0].name}/"


def timed_out(user: User) -> Client:
    """A browser in which somebody was logged in until the session ended."""
    browser = Client()
    browser.force_login(user)
    browser.get("/ho-so/")
    Session.objects.all().delete()
    return browser


def log_in(browser: Client, user: User, wanted: str) -> Any:
    return browser.post(
        "/dang-nhap/", {"login": user.login, "password": PASSWORD, "next": wanted}, follow=True
    )


def post(browser: Client, dossier: Dossier, **more: str) -> Any:
    return browser.post(step_of(dossier), {**TYPED, "_revision": str(dossier.revision), **more})


def test_what_was_typed_is_there_after_logging_in_and_is_saved_by_the_person(
    dossier: Dossier, member: User
) -> None:
    browser = timed_out(member)
    turned_back = post(browser, dossier)
    assert turned_back["Location"].startswith("/dang-nhap/?next=")
    assert "vừa gõ được giữ lại" in browser.get(turned_back["Location"]).content.decode()
    page = log_in(browser, member, step_of(dossier)).content.decode()
    assert "Công an tỉnh Hưng Yên" in page
    assert NOT_SAVED in page
    assert makers.fresh(dossier).answers["identity_issued_by"] == "Công an Hà Nội"
    assert post(browser, dossier, _action="later").status_code == 302
    assert makers.fresh(dossier).answers["identity_issued_by"] == "Công an tỉnh Hưng Yên"


def test_it_is_shown_once(dossier: Dossier, member: User) -> None:
    browser = timed_out(member)
    post(browser, dossier)
    log_in(browser, member, step_of(dossier))
    assert NOT_SAVED not in browser.get(step_of(dossier)).content.decode()


def test_a_script_leads_to_the_log_in_and_back(dossier: Dossier, member: User) -> None:
    browser = timed_out(member)
    headers = {"HX-Request": "true"}
    answer = browser.post(step_of(dossier), {**TYPED, "_action": "refresh"}, headers=headers)
    assert answer["HX-Redirect"] == f"/dang-nhap/?next={step_of(dossier)}"
    assert "Công an tỉnh Hưng Yên" in log_in(browser, member, step_of(dossier)).content.decode()


def test_a_supplement_keeps_it_too(member: User, officer: User) -> None:
    asked = makers.supplement_requested(member, officer, documents=[], questions=["identity_issued_by"])
    place = f"/ho-so/{asked.public_id}/bo-sung/"
    browser = timed_out(member)
    browser.post(place, {"identity_issued_by": "Công an tỉnh Hưng Yên"})
    assert "Công an tỉnh Hưng Yên" in log_in(browser, member, place).content.decode()


def test_somebody_else_who_logs_in_never_sees_it(dossier: Dossier, member: User, outsider: User) -> None:
    outsider.set_password(PASSWORD)
    outsider.save()
    browser = timed_out(member)
    post(browser, dossier)
    assert log_in(browser, outsider, step_of(dossier)).status_code == 404
    for page in ("/ho-so/", "/tai-khoan/"):
        assert "Hưng Yên" not in browser.get(page).content.decode()


def test_a_browser_nobody_was_in_keeps_nothing(dossier: Dossier) -> None:
    post(Client(), dossier)
    assert not Session.objects.exists()


def test_too_much_is_not_kept(dossier: Dossier, member: User) -> None:
    post(timed_out(member), dossier, street="x" * 70_000)
    assert not Session.objects.exists()


def test_what_is_typed_on_a_page_that_does_not_ask_for_it_is_not_kept(member: User) -> None:
    timed_out(member).post("/tai-khoan/mat-khau/", {"old_password": PASSWORD, "password": "năm con mèo đen"})
    assert not Session.objects.exists()


def test_one_address_does_not_fill_the_table(dossier: Dossier, member: User) -> None:
    browser = timed_out(member)
    for _ in range(25):
        browser.cookies.pop("sessionid", None)
        post(browser, dossier)
    assert Session.objects.count() == 20
