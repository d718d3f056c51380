"""The second language: chosen by a switch that keeps the page and what is typed; sentences found by pattern."""

import re
from typing import Any

import pytest
from django import forms
from django.template import Context, Engine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.services import contacts, own_codes
from portal.languages.refill import refill
from portal.languages.speech import translated
from portal.templatetags.languages import official
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


@pytest.mark.parametrize(
    ("sentence", "english"),
    [
        (
            "Đã quá 90 ngày. Vẫn nộp được, kèm văn bản giải trình lý do nộp chậm.",
            "More than 90 days have passed.",
        ),
        ("5 ngày làm việc", "5 working days"),
        ("2 năm 8 tháng", "2 years 8 months"),
        ("Điều 4 Thông tư số 56/2017/TT-BYT", "Article 4 of Circular No. 56/2017/TT-BYT"),
        ("Cán bộ xử lý, BHXH tỉnh Thanh Hóa", "Case officer, BHXH tỉnh Thanh Hóa"),
        ("khi “Bệnh đang mắc” là “Bệnh khác”", "if “Disease” is “Another disease”"),
        (
            "khi “Gia đình đề nghị hưởng” là “Trợ cấp tuất hàng tháng (và mai táng)” và có dòng trong “Thân nhân” mà "
            "“Suy giảm từ 81% hoặc khuyết tật đặc biệt nặng?” là “có”",
            "if “The family asks for” is “The monthly survivors' allowance (and the funeral grant)” and a row of "
            "“Relatives” has “Loss of 81% or more, or very severe disability?” as “yes”",
        ),
        ("144.000.000 đ + 14.900.000 đ mai táng", "144.000.000 đ + 14.900.000 đ funeral grant"),
        ("Hồ sơ đã giao cho Lò Văn Pún, từ 00:35 ngày 26/11/2026.", "since 00:35 on 26/11/2026."),
    ],
)
def test_a_sentence_of_the_law_is_found_whole_by_pattern_or_by_parts(sentence: str, english: str) -> None:
    assert translated(sentence) == sentence
    with translation.override("en"):
        assert english in translated(sentence)


@pytest.mark.parametrize(
    "typed",
    [
        "Nguyễn Thị Hằng",
        "Chuyển nơi ở từ tháng 3",
        "Tôi không đồng ý: tháng 3 chưa được tính.",
        "",
        "ABC-123",
        "12 ngõ 3",
    ],
)
def test_what_people_typed_stays_as_it_is(typed: str) -> None:
    with translation.override("en"):
        assert translated(typed) == typed


def test_a_page_translates_what_it_shows_and_never_what_a_field_holds() -> None:
    engine = Engine.get_default()
    page = engine.get_template("components/event_list.html")
    events = [{"title": "Ông/bà đã rút hồ sơ", "at": None, "text": "Có\nGiấy tờ"}]
    field = forms.CharField(initial="Có").get_bound_field(forms.Form(), "answer")
    with translation.override("en"):
        shown = page.render(Context({"events": events}))
        assert "You withdrew the dossier" in shown
        assert "Yes<br>Papers" in shown
        assert 'value="Có"' in str(field)
        choice = forms.ChoiceField(choices=[("Có", "Có")]).get_bound_field(forms.Form(), "answer")
        assert '<option value="Có">Yes</option>' in str(choice)


def test_official_names_stand_in_vietnamese_beside_the_translation() -> None:
    assert official("Sổ bảo hiểm xã hội") == "Sổ bảo hiểm xã hội"
    with translation.override("en"):
        assert official("Sổ bảo hiểm xã hội") == (
            'Social insurance book <span lang="vi" class="soft small">(Sổ bảo hiểm xã hội)</span>'
        )


def test_the_button_enter_presses_is_the_form_s_own_and_never_the_language(client: Client, db: None) -> None:
    html = client.get(reverse("accounts:register")).content.decode()
    buttons = re.findall(r"<button[^>]*>", html)
    of_form = [one for one in buttons if "_language" in one or html.index(one) > html.index('id="main-form"')]
    assert "_language" not in of_form[0]
    assert any("_language" in one for one in of_form)
    assert re.search(r'<label[^>]*for="doi-ngon-ngu"', html)


def test_what_is_kept_and_sent_is_vietnamese_whatever_the_page(contributor: User) -> None:
    with translation.override("en"):
        code = contacts.ask_contact_code(contributor, "sms")
        added = own_codes.ask(contributor, "app")
    assert code.subject == "số điện thoại"
    assert added.subject == "việc gắn ứng dụng xác thực"
