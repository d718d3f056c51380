"""The page /dang-ky: what people type is understood, kept, and never an error of the program."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Office, Registration, User
from tests.accounts.declarations import TYPED

URL = "/dang-ky/"

# One probe each of reliability §4b; longer ones are cut where the form cuts them.
PROBES: dict[str, str | bytes] = {
    "nothing": "",
    "spaces": "   ",
    "no-break and zero-width": "\u00a0\u200b\ufeff",
    "too long by one": "x" * 201,
    "a megabyte": "á" * 500_000,
    "NUL": "a\0b",
    "lines": "a\r\nb\tc",
    "script": '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "template": "{{7*7}} {% url 'x' %}",
    "sql": "' or 1=1--",
    "path": "../../etc/passwd",
    "formula": "=cmd|' /C calc'!A0",
    "percent": "%00 %0d%0a",
    "full-width digits": "１２３４５６７８９０",
    "Arabic-Indic digits": "٠١٢٣٤٥٦٧٨٩",
    "negative": "-1",
    "exponent": "1e9",
    "not a number": "NaN",
    "leading zeros": "0000000000",
    "bidi": "\u202eabc\u202c",
    "a lone surrogate": b"\xed\xa0\x80",
    "NFD": "Nguye\u0302\u0303n",
    "emoji": "👩‍🌾",
    "marks piled up": "a" + "\u0301" * 60,
}
FIELDS = [name for name in TYPED if name != "office"]


@pytest.fixture
def page(offices: dict[str, Office], client: Client) -> Client:
    return client


def shown(response: Any, name: str) -> str:
    """The value that the box of a field shows."""
    return str(response.context["form"][name].value() or "")


class TestWhatPeopleType:
    @pytest.mark.parametrize(
        ("name", "typed", "kept"),
        [
            ("full_name", "  H'Hen   Niê ", "H'Hen Niê"),
            ("full_name", "Y Moan Ênuôl", "Y Moan Ênuôl"),
            ("full_name", "Nguye\u0302\u0303n Thi\u0323 Ha\u0306\u0300ng", "Nguyễn Thị Hằng"),
            ("full_name", "Đạt", "Đạt"),
            ("phone", "+84 912 345 678", "0912345678"),
            ("phone", "0084912345678", "0912345678"),
            ("phone", "0912.345.678", "0912345678"),
            ("bhxh_number", "01 1900 0009", "0119000009"),
            ("identity_number", "011 234 567", "011234567"),
            ("email", "Hang@Example.vn", "Hang@Example.vn"),
        ],
    )
    def test_is_kept_in_one_form(self, page: Client, name: str, typed: str, kept: str) -> None:
        response = page.post(URL, {**TYPED, name: typed})
        assert response.status_code == 302
        assert getattr(Registration.objects.get(), name) == kept

    @pytest.mark.parametrize(
        "typed", ["1/2/1960", "01-02-1960", "1.2.1960", "01021960", "1960-02-01", " 1 / 2 / 1960"]
    )
    def test_may_be_a_date_in_any_usual_form(self, page: Client, typed: str) -> None:
        page.post(URL, {**TYPED, "birth_date": typed})
        assert Registration.objects.get().birth_date.isoformat() == "1960-02-01"

    @pytest.mark.parametrize(
        "typed", ["29/2/1961", "31/04/1960", "1/2/1899", "1/2/2099", "1960", "1/2/60", "0/0/0000"]
    )
    def test_must_be_a_real_day_from_1900_to_today(self, page: Client, typed: str) -> None:
        response = page.post(URL, {**TYPED, "birth_date": typed})
        assert response.status_code == 422
        assert response.context["form"].errors["birth_date"]
        assert shown(response, "birth_date") == typed

    def test_goes_to_the_office_of_the_province_unless_another_is_chosen(self, page: Client) -> None:
        page.post(URL, TYPED)
        page.post(URL, {**TYPED, "office": "dak-lak", "phone": "0912345679"})
        offices = Registration.objects.order_by("pk").values_list("office_id", flat=True)
        assert list(offices) == ["ha-noi", "dak-lak"]

    def test_may_be_an_island_without_communes(self, page: Client) -> None:
        response = page.post(URL, {**TYPED, "province": "48", "district": "498", "commune": ""})
        assert response.status_code == 302
        assert Registration.objects.get().commune == ""

    def test_must_be_units_that_lie_within_each_other(self, page: Client) -> None:
        response = page.post(URL, {**TYPED, "province": "66"})
        assert set(response.context["form"].errors) == {"district", "commune"}


class TestBadInput:
    @pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES.keys())
    @pytest.mark.parametrize("name", FIELDS)
    def test_never_breaks_the_page_and_stays_in_its_box(self, page: Client, name: str, probe: Any) -> None:
        response = page.post(URL, {**TYPED, name: probe})
        if response.status_code == 302:
            assert Registration.objects.count() == 1
            return
        assert response.status_code in (400, 422)
        assert not Registration.objects.exists()
        if response.status_code == 422:
            assert response.context["form"].errors[name]
            assert 'class="error-summary"' in response.text
            assert "<script>alert" not in response.text
            assert shown(response, "street" if name != "street" else "full_name")

    def test_in_every_field_at_once_is_told_at_every_field(self, page: Client) -> None:
        response = page.post(URL, dict.fromkeys(FIELDS, "???"))
        assert set(response.context["form"].errors) >= set(FIELDS) - {"street"}

    def test_in_fields_that_do_not_exist_changes_nothing(self, page: Client) -> None:
        page.post(URL, {**TYPED, "status": "activated", "user": "1", "is_staff": "1", "public_id": "x"})
        assert Registration.objects.get().status == Registration.Status.WAITING

    def test_as_a_list_takes_the_last(self, page: Client) -> None:
        page.post(URL, {**TYPED, "full_name": ["Một", "Hai Ba"]})
        assert Registration.objects.get().full_name == "Hai Ba"

    @pytest.mark.parametrize("body", [b"full_name=%ff%fe", b"\xff\xfe", b"full_name=%ED%A0%80", b"&&&=="])
    def test_that_is_no_text_at_all_is_told_kindly(self, page: Client, body: bytes) -> None:
        response = page.post(URL, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in (400, 422)


class TestAnIdentityNumberThatDisagrees:
    MISMATCH = {**TYPED, "birth_date": "1/2/1961"}

    def test_is_asked_about_not_refused(self, page: Client) -> None:
        response = page.post(URL, self.MISMATCH)
        assert set(response.context["form"].errors) == {"identity_confirmed"}
        assert 'name="identity_confirmed"' in response.text

    def test_is_taken_once_confirmed(self, page: Client) -> None:
        assert page.post(URL, {**self.MISMATCH, "identity_confirmed": "on"}).status_code == 302

    def test_may_also_be_the_sex(self, page: Client) -> None:
        response = page.post(URL, {**TYPED, "sex": "nam"})
        assert set(response.context["form"].errors) == {"identity_confirmed"}

    @pytest.mark.parametrize("number", ["011234567", "C1234567"])
    def test_cannot_be_an_old_number(self, page: Client, number: str) -> None:
        assert page.post(URL, {**TYPED, "identity_number": number, "sex": "nam"}).status_code == 302

    def test_is_not_asked_about_when_it_agrees(self, page: Client) -> None:
        assert "identity_confirmed" not in page.get(URL).text


class TestChoosingAnAddress:
    def test_works_with_a_button_and_keeps_what_was_typed(self, page: Client) -> None:
        typed = {"full_name": "Nguyễn Văn A", "birth_date": "sai", "province": "01", "choose": "1"}
        response = page.post(URL, typed)
        assert response.status_code == 200
        assert shown(response, "full_name") == "Nguyễn Văn A"
        assert "Quận Ba Đình" in response.text
        assert "Phường Phúc Xá" not in response.text
        assert not response.context["form"].errors

    def test_offers_the_communes_of_the_district(self, page: Client) -> None:
        response = page.post(URL, {"province": "01", "district": "001", "choose": "1"})
        assert "Phường Phúc Xá" in response.text

    @pytest.mark.parametrize("code", ["", "xx", "0" * 9_000, "\0", "１２", "-1"])
    def test_offers_nothing_for_a_code_that_does_not_exist(self, page: Client, code: str) -> None:
        response = page.post(URL, {"province": code, "district": code, "choose": "1"})
        assert response.status_code == 200


class TestWhoeverAsks:
    """The page tells nobody whether a mã số BHXH has an account."""

    def answer(self, page: Client, number: str) -> tuple[int, str, str]:
        posted = page.post(URL, {**TYPED, "bhxh_number": number})
        after = page.get(posted.url)
        words = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", after.text)
        return posted.status_code, posted.url, words

    def test_gets_the_same_answer_for_a_taken_number(self, page: Client, contributor: User) -> None:
        assert self.answer(page, contributor.login) == self.answer(Client(), "0119000099")

    def test_is_turned_away_after_many_tries_the_same_way(self, page: Client, contributor: User) -> None:
        for number in (contributor.login, "0119000099"):
            answers = [page.post(URL, {**TYPED, "bhxh_number": number, "street": f"{n} A"}) for n in range(6)]
            assert [answer.status_code for answer in answers] == [302] * 5 + [429]

    def test_sees_the_next_steps_only_after_registering(self, page: Client) -> None:
        assert page.get(reverse("accounts:registered")).url == URL
