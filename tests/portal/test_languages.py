"""The second language: chosen by a switch that keeps the page and what is typed; sentences found by pattern."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from portal.languages.refill import refill
from procedures.catalogue import procedure_on
from procedures.services import drafts
from procedures.services.calendar import legal_date


def test_the_switch_keeps_the_address_and_is_remembered(client: Client, db: None) -> None:
    answer = client.get(reverse("procedures:list"), {"_language": "en", "tim": "định cư"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("procedures:list") + "?tim=")
    page = client.get(answer.headers["Location"])
    assert '<html lang="en">' in page.content.decode()
    assert page.headers["Content-Language"] == "en"
    assert "Cookie" in page.headers["Vary"]


def test_pages_are_vietnamese_until_somebody_chooses(client: Client, db: None) -> None:
    page = client.get(reverse("portal:home"), headers={"accept-language": "en"})
    assert '<html lang="vi">' in page.content.decode()
    client.cookies["django_language"] = "klingon"
    assert '<html lang="vi">' in client.get(reverse("portal:home")).content.decode()


def test_a_half_filled_form_comes_again_in_the_other_language(client: Client, db: None) -> None:
    """What the button in the head sends without any script."""
    before = client.get(reverse("accounts:register")).content.decode()
    assert 'form="main-form"' in before
    assert 'id="main-form"' in before
    typed = {"full_name": 'Trần "Ba" <Văn>', "email": "ba@example.vn"}
    page = client.post(reverse("accounts:register") + "?_language=en", typed)
    text = page.content.decode()
    assert page.status_code == 200
    assert '<html lang="en">' in text
    assert 'value="Trần &quot;Ba&quot; &lt;Văn&gt;"' in text
    assert 'value="ba@example.vn"' in text
    assert '<html lang="en">' in client.get(reverse("accounts:register")).content.decode()


def test_a_step_keeps_its_rows_and_saves_nothing(client: Client, contributor: User) -> None:
    client.force_login(contributor)
    dossier = drafts.start_draft(contributor, procedure_on("bhxh_mot_lan", legal_date()))
    name = procedure_on("bhxh_mot_lan", legal_date()).steps[0].name
    step = reverse("procedures:step", args=[dossier.public_id, name])
    page = client.post(f"{step}?_language=en", {"full_name": "Tên Mới", "_action": "next"})
    assert page.status_code == 200
    assert "Tên Mới" in page.content.decode()
    dossier.refresh_from_db()
    assert dossier.answers.get("full_name") != "Tên Mới"


@pytest.mark.parametrize(
    ("page", "typed", "wanted"),
    [
        ('<input name="a" value="x">', {"a": ["1 & 2"]}, '<input name="a" value="1 &amp; 2">'),
        ('<input type="password" name="a">', {"a": ["x"]}, '<input type="password" name="a">'),
        (
            '<input type="hidden" name="a" value="1">',
            {"a": ["2"]},
            '<input type="hidden" name="a" value="1">',
        ),
        (
            '<input type="radio" name="a" value="1" checked><input type="radio" name="a" value="2">',
            {"a": ["2"]},
            '<input type="radio" name="a" value="1"><input type="radio" name="a" value="2" checked>',
        ),
        (
            '<select name="a"><option value="1" selected>x<option value="2">y</select>',
            {"a": ["2"]},
            '<select name="a"><option value="1">x<option value="2" selected>y</select>',
        ),
        (
            "<textarea name=a>\nold</textarea>!",
            {"a": ["</textarea>"]},
            "<textarea name=a>\n&lt;/textarea&gt;</textarea>!",
        ),
        (
            '<p>A&nbsp;&amp; B</p>\n<svg viewBox="0 0 1 1"/>',
            {"a": ["1"]},
            '<p>A&nbsp;&amp; B</p>\n<svg viewBox="0 0 1 1"/>',
        ),
    ],
)
def test_typed_values_return_to_their_fields_and_nothing_else_changes(
    page: str, typed: Any, wanted: str
) -> None:
    assert refill(page, typed) == wanted
