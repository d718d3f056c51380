"""Difficulties: from any page to the central IT centre, answered once for many, read by all offices."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from procedures.models import Difficulty
from procedures.services import difficulties
from tests import makers
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import text, url

pytestmark = pytest.mark.django_db
REPORT, LIST = reverse("casework:report_difficulty"), reverse("casework:difficulties")
WORDS = "Bấm “Đề nghị duyệt” thì trang trắng."


def of(one: Difficulty, name: str = "difficulty") -> str:
    return reverse(f"casework:{name}", kwargs={"difficulty_id": one.public_id})


def reported(by: User, words: str = WORDS, **given: Any) -> Difficulty:
    return difficulties.report(by, subject="casework", text=words, **given)


@pytest.mark.parametrize("role", ["officer", "head", "issuer", "hq"])
def test_anybody_of_the_staff_reports_from_any_page(request: pytest.FixtureRequest, role: str) -> None:
    client = browser_of(request.getfixturevalue(role))
    page = client.get(reverse("statistics:rates")).content.decode()
    assert f"{REPORT}?trang=statistics:rates" in page
    response = client.post(REPORT, {"subject": "figures", "text": WORDS, "trang": "statistics:rates"})
    assert response.status_code == 302
    one = Difficulty.objects.get()
    assert (one.page, one.reference, one.role) == ("statistics:rates", "", role)
    assert WORDS in text(client.get(LIST))


def test_a_dossier_s_reference_goes_along_only_when_ticked(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.queued(contributor)
    work = desk.get(url("dossier", dossier)).content.decode()
    assert f"trang=casework:dossier&amp;ho-so={dossier.public_id}" in work
    asked = {"trang": "casework:dossier", "ho-so": str(dossier.public_id)}
    assert str(dossier.reference) in text(desk.get(REPORT, asked))
    desk.post(REPORT, {**asked, "subject": "law", "text": WORDS})
    desk.post(REPORT, {**asked, "subject": "law", "text": f"{WORDS} Lần hai.", "with_reference": "on"})
    assert [one.reference for one in Difficulty.objects.order_by("pk")] == ["", dossier.reference]
    assert all(str(dossier.public_id) not in one.page for one in Difficulty.objects.all())


def test_another_office_s_dossier_does_not_go_along(desk_elsewhere: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    asked = {"trang": "casework:dossier", "ho-so": str(dossier.public_id)}
    assert str(dossier.reference) not in text(desk_elsewhere.get(REPORT, asked))
    desk_elsewhere.post(REPORT, {**asked, "subject": "law", "text": WORDS, "with_reference": "on"})
    assert Difficulty.objects.get().reference == ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": ""}, "Xin điền"),
        ({"subject": "xyz"}, "xyz"),
        ({"text": "x" * 3000}, "quá 2000"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(desk: Client, given: dict[str, str], words: str) -> None:
    response = desk.post(REPORT, {"subject": "law", "text": WORDS, **given})
    assert response.status_code == 422
    assert words in text(response)
    assert not Difficulty.objects.exists()


@pytest.mark.parametrize("page", ["<script>", "/can-bo/abc/", "x" * 500, "a:b c"])
def test_an_odd_page_name_is_left_out(desk: Client, page: str) -> None:
    desk.post(REPORT, {"subject": "law", "text": WORDS, "trang": page, "ho-so": "abc"})
    assert Difficulty.objects.get().page == ""


def test_the_same_words_twice_are_one_report(desk: Client) -> None:
    for _ in range(2):
        desk.post(REPORT, {"subject": "law", "text": WORDS})
    assert Difficulty.objects.count() == 1


def test_the_answer_is_read_where_it_was_asked(desk: Client, officer: User, hq: User) -> None:
    one = reported(officer)
    answered = browser_of(hq).post(of(one, "answer_difficulty"), {"answer": "Tải lại trang."})
    assert answered.status_code == 302
    assert "Tải lại trang." in text(desk.get(of(one)))


def test_a_published_answer_is_read_by_all_and_names_nobody(
    desk: Client, desk_elsewhere: Client, officer: User, hq: User
) -> None:
    one = reported(officer)
    assert "Trang trắng khi duyệt" not in text(desk_elsewhere.get(LIST))
    difficulties.answer(one, hq, "Tải lại trang.", publish_as="Trang trắng khi duyệt")
    shown = text(desk_elsewhere.get(LIST, {"q": "trắng"}))
    assert "Trang trắng khi duyệt" in shown
    assert "Tải lại trang." in shown
    assert officer.full_name not in shown
    assert WORDS not in shown
    assert "Chưa có câu trả lời nào" in text(desk_elsewhere.get(LIST, {"q": "khongco"}))


def test_what_is_the_same_gets_one_answer(
    officer: User, officer_elsewhere: User, desk_elsewhere: Client, hq: User
) -> None:
    first, same = reported(officer), reported(officer_elsewhere, "Cũng trang trắng.")
    centre = browser_of(hq)
    joined = centre.post(of(same, "join_difficulty"), {"into": str(first.public_id)})
    assert joined.headers["Location"] == of(first)
    assert "Cũng trang trắng." in text(centre.get(of(first)))
    assert "Cũng trang trắng." not in text(centre.get(LIST))
    assert difficulties.answer(first, hq, "Đã sửa.") == 2
    assert "Đã sửa." in text(desk_elsewhere.get(of(same)))
    late = reported(officer_elsewhere, "Vẫn trang trắng.")
    centre.post(of(late, "join_difficulty"), {"into": str(first.public_id)})
    assert Difficulty.objects.get(pk=late.pk).answer == "Đã sửa."


def test_nothing_is_joined_to_itself_or_to_nothing(officer: User, hq: User) -> None:
    one = reported(officer)
    centre = browser_of(hq)
    for into in (str(one.public_id), "abc", ""):
        centre.post(of(one, "join_difficulty"), {"into": into})
    assert Difficulty.objects.get().joined_to is None
    assert centre.post(of(one, "answer_difficulty"), {"answer": " "}).status_code == 422


def test_the_centre_filters_and_counts_by_office_and_subject(
    officer: User, officer_elsewhere: User, hq: User
) -> None:
    reported(officer)
    difficulties.answer(reported(officer_elsewhere, "Xong rồi."), hq, "Đã sửa.")
    centre = browser_of(hq)
    assert "Xong rồi." not in text(centre.get(LIST, {"tinh_trang": "mo"}))
    assert WORDS not in text(centre.get(LIST, {"tinh_trang": "xong"}))
    assert "Chưa có vướng mắc nào" in text(centre.get(LIST, {"loai": "law"}))
    shown = text(centre.get(LIST, {"loai": "zzz", "sau": "abc"}))
    assert "Hà Nội 0 0 0 1 0 0 0 0 1" in shown
    assert "Hồ Chí Minh 0 0 0 1 0 0 0 0 1" in shown


@pytest.mark.parametrize("words", ["a\x00b", "%", "x" * 5000, "\u202e", "' or 1=1--", "<script>"])
def test_odd_words_and_filters_break_nothing(desk: Client, words: str) -> None:
    for name in ("q", "tinh_trang", "loai", "sau"):
        response = desk.get(LIST, {name: words})
        assert response.status_code == 200
        assert "<script>" not in response.content.decode().split("</head>")[1].split("<main")[1]


@pytest.mark.parametrize("role", ["officer_elsewhere", "issuer_elsewhere", "outsider"])
def test_another_office_s_report_does_not_exist(
    request: pytest.FixtureRequest, officer: User, role: str
) -> None:
    one = reported(officer)
    client = browser_of(request.getfixturevalue(role))
    assert client.get(of(one)).status_code == 404
    for name in ("answer_difficulty", "join_difficulty"):
        assert client.post(of(one, name), {"answer": "x", "into": str(one.public_id)}).status_code == 404
    assert WORDS not in client.get(LIST).content.decode()
    assert Difficulty.objects.get().answer == ""


@pytest.mark.parametrize("role", ["officer", "head", "issuer"])
def test_only_the_centre_answers(request: pytest.FixtureRequest, officer: User, role: str) -> None:
    one = reported(officer)
    client = browser_of(request.getfixturevalue(role))
    assert client.get(of(one)).status_code == 200
    assert client.post(of(one, "answer_difficulty"), {"answer": "x"}).status_code == 404
    assert Difficulty.objects.get().answer == ""
