"""Complaining about a decision, and who answers; two questions after the result."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from procedures.models import Complaint, Dossier, Notice, Rating
from procedures.services import complaints
from procedures.services.log_check import findings
from tests import makers
from tests.people import staff
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import text

pytestmark = pytest.mark.django_db
WORDS = "Tôi đã nghỉ việc trên một năm, xin xem lại sổ BHXH trang 3."


@pytest.fixture
def refused(contributor: User, officer: User, head: User) -> Dossier:
    return makers.refused(contributor, officer)


@pytest.fixture
def reviewer(officer: User) -> User:
    return staff("canbo3.hanoi", "Hoàng Văn Thái", Role.OFFICER, officer.office)


def page(dossier: Dossier, name: str) -> str:
    return reverse(f"procedures:{name}", kwargs={"public_id": dossier.public_id})


def complained(dossier: Dossier) -> Complaint:
    return complaints.complain(dossier, dossier.filer, WORDS)


def answer_of(complaint: Complaint) -> str:
    return reverse("casework:complaint", kwargs={"complaint_id": complaint.public_id})


def test_a_complaint_begins_from_the_decision_with_its_own_clock(browser: Client, refused: Dossier) -> None:
    assert page(refused, "complain") in browser.get(page(refused, "dossier")).content.decode()
    asked = text(browser.get(page(refused, "complain")))
    assert "chưa kiểm chứng" in asked
    assert "không phải người đã đề nghị hay ký" in asked
    assert browser.post(page(refused, "complain"), {"text": WORDS}).status_code == 302
    complaint = Complaint.objects.get()
    due = complaint.due_on - timezone.localdate()
    assert timedelta(days=30) <= due <= timedelta(days=40)  # the next working day after 30
    shown = text(browser.get(page(refused, "dossier")))
    assert f"{complaint.due_on:%d/%m/%Y}" in shown
    assert "Ông/bà đã khiếu nại quyết định" in shown
    assert {one.kind for one in Notice.objects.filter(event__act="complaint_made")} == {"complaint_made"}
    assert list(findings()) == []


@pytest.mark.parametrize("typed", ["", "   ", "x" * 5000])
def test_a_complaint_without_words_or_with_far_too_many_is_not_kept(
    browser: Client, refused: Dossier, typed: str
) -> None:
    response = browser.post(page(refused, "complain"), {"text": typed})
    assert response.status_code == 422
    assert "Xin ghi" in text(response)
    assert not Complaint.objects.exists()


def test_there_is_one_complaint_and_none_without_a_decision(
    browser: Client, refused: Dossier, contributor: User
) -> None:
    for words in (WORDS, WORDS, "Khác."):
        browser.post(page(refused, "complain"), {"text": words})
    assert [one.text for one in Complaint.objects.all()] == [WORDS]
    waiting = makers.queued(contributor, "dinh_cu")
    assert browser.get(page(waiting, "complain")).status_code == 302
    browser.post(page(waiting, "complain"), {"text": WORDS})
    assert Complaint.objects.count() == 1


def test_somebody_who_had_no_part_answers(
    browser: Client, refused: Dossier, reviewer: User, officer: User, head: User
) -> None:
    complaint = complained(refused)
    given = {"outcome": "upheld", "answer": "Khiếu nại đúng. Cơ quan giải quyết lại trong 5 ngày."}
    for had_part in (officer, head):
        shown = browser_of(had_part).get(answer_of(complaint))
        assert "Ông/bà đã tham gia quyết định này" in text(shown)
        assert browser_of(had_part).post(answer_of(complaint), given).status_code == 422
    assert Complaint.objects.get().answered_at is None
    assert browser_of(reviewer).post(answer_of(complaint), given).status_code == 302
    shown = text(browser.get(page(refused, "dossier")))
    assert "Khiếu nại đúng" in shown
    assert "giải quyết lại trong 5 ngày" in shown
    assert "Hoàng Văn Thái" in shown
    assert Notice.objects.filter(kind="complaint_answered").count() == 2
    assert list(findings()) == []
    again = browser_of(reviewer).post(answer_of(complaint), {**given, "outcome": "dismissed"})
    assert again.status_code == 422
    assert Complaint.objects.get().outcome == "upheld"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"answer": "Đã xem."}, "chọn một kết luận"),
        ({"outcome": "xyz", "answer": "Đã xem."}, "xyz"),
        ({"outcome": "upheld"}, "Xin điền"),
    ],
)
def test_an_answer_has_a_conclusion_and_words(
    refused: Dossier, reviewer: User, given: dict[str, str], words: str
) -> None:
    complaint = complained(refused)
    response = browser_of(reviewer).post(answer_of(complaint), given)
    assert response.status_code == 422
    assert words in text(response)
    assert Complaint.objects.get().answered_at is None


def test_where_everybody_had_a_part_the_headquarters_answer(
    refused: Dossier, hq: User, officer: User
) -> None:
    complaint = complained(refused)
    assert str(refused.reference) in text(browser_of(hq).get(reverse("casework:complaints")))
    given = {"outcome": "dismissed", "answer": "Kết quả đúng quy định."}
    assert browser_of(hq).post(answer_of(complaint), given).status_code == 302
    assert Complaint.objects.get().reviewer == hq


def test_where_somebody_is_left_it_is_none_of_the_headquarters_business(
    refused: Dossier, reviewer: User, hq: User
) -> None:
    complaint = complained(refused)
    assert browser_of(hq).get(answer_of(complaint)).status_code == 404
    assert str(refused.reference) not in text(browser_of(hq).get(reverse("casework:complaints")))


def test_a_complaint_is_taken_back_before_it_is_answered(
    browser: Client, refused: Dossier, reviewer: User
) -> None:
    complaint = complained(refused)
    assert browser.post(page(refused, "complaint_back")).status_code == 302
    assert "đã rút khiếu nại" in text(browser.get(page(refused, "dossier")))
    response = browser_of(reviewer).post(answer_of(complaint), {"outcome": "upheld", "answer": "Đúng."})
    assert response.status_code == 422
    assert Complaint.objects.get().answered_at is None


@pytest.mark.parametrize("role", ["officer_elsewhere", "issuer", "outsider", "contributor"])
def test_nobody_else_finds_a_complaint(request: pytest.FixtureRequest, refused: Dossier, role: str) -> None:
    complaint = complained(refused)
    client = browser_of(request.getfixturevalue(role))
    assert client.get(answer_of(complaint)).status_code == 404
    assert client.post(answer_of(complaint), {"outcome": "upheld", "answer": "x"}).status_code == 404
    if role == "outsider":
        for name in ("complain", "complaint_back", "rate"):
            assert client.post(page(refused, name), {"text": "x"}).status_code == 404
    assert Complaint.objects.get().answered_at is None


# --- two questions --------------------------------------------------------------------------------


def rate(browser: Client, dossier: Dossier, **given: Any) -> Any:
    return browser.post(page(dossier, "rate"), {"ease": "4", "service": "5", **given}, follow=True)


def test_after_the_result_two_questions_are_asked_once(browser: Client, refused: Dossier) -> None:
    assert "Nộp hồ sơ dễ hay khó?" in text(browser.get(page(refused, "dossier")))
    assert "Cảm ơn" in text(rate(browser, refused))
    rate(browser, refused, ease="1")
    rating = Rating.objects.get()
    assert (rating.ease, rating.service, rating.office_id) == (4, 5, "ha-noi")
    assert "dễ hay khó" not in text(browser.get(page(refused, "dossier")))


@pytest.mark.parametrize("given", [{"ease": "0"}, {"ease": "6"}, {"service": ""}, {"service": "x"}])
def test_a_rating_that_is_no_rating_is_not_kept(
    browser: Client, refused: Dossier, given: dict[str, str]
) -> None:
    assert "trả lời cả hai câu" in text(rate(browser, refused, **given))
    assert not Rating.objects.exists()


def test_nothing_is_rated_before_the_result(browser: Client, contributor: User) -> None:
    dossier = makers.queued(contributor)
    rate(browser, dossier)
    assert not Rating.objects.exists()


def test_the_headquarters_see_the_offices_and_nobody_s_name(
    browser: Client, refused: Dossier, hq: User
) -> None:
    rate(browser, refused)
    complained(refused)
    shown = text(browser_of(hq).get(reverse("casework:opinions")))
    assert "Hà Nội 1 4,0 5,0 1 0 1 0" in shown
    assert "Hằng" not in shown
