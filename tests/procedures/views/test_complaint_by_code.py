"""Who filed on paper complains through the door of the code: the phone, and the number of the identity paper."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Throttle, TransactionCode, User
from accounts.services import codes
from procedures.models import Complaint, Dossier, Notice
from procedures.services import complaints
from procedures.services.log_check import findings
from tests import makers
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import text

pytestmark = pytest.mark.django_db(transaction=True)
STORY, COMPLAIN = (reverse(f"procedures:{name}") for name in ("tracked", "tracked_complain"))
WORDS = "Tôi đã nghỉ việc trên một năm, xin xem lại."
NUMBER = "011 234 777"
GIVEN = {"identity_number": NUMBER, "text": WORDS}


@pytest.fixture
def refused(officer: User, head: User) -> Dossier:
    return makers.refuse(makers.on_paper(officer), officer)


def opened(dossier: Dossier) -> Client:
    client = Client()
    Throttle.objects.all().delete()
    client.post(reverse("procedures:track_ask"), {"reference": dossier.reference})
    code = codes.derive(TransactionCode.objects.filter(purpose="track").latest("pk"))
    given = {"reference": dossier.reference, "code": code}
    assert client.post(reverse("procedures:track_code"), given).headers["Location"] == STORY
    return client


def test_a_paper_filer_complains_with_the_same_clock_and_is_told(refused: Dossier) -> None:
    client = opened(refused)
    assert COMPLAIN in client.get(STORY).content.decode()
    asked = text(client.get(COMPLAIN))
    assert "chưa kiểm chứng" in asked
    response = client.post(COMPLAIN, GIVEN)
    assert response.headers["Location"] == STORY
    complaint = Complaint.objects.get()
    assert (complaint.text, complaint.dossier, complaint.decision) == (
        WORDS,
        refused,
        makers.decision_of(refused),
    )
    due = complaint.due_on - timezone.localdate()
    assert timedelta(days=30) <= due <= timedelta(days=40)
    shown = text(client.get(STORY))
    assert f"{complaint.due_on:%d/%m/%Y}" in shown
    assert "Ông/bà đã khiếu nại quyết định" in shown
    assert COMPLAIN not in client.get(STORY).content.decode()
    assert {one.channel for one in Notice.objects.filter(event__act=complaints.MADE)} == {"sms"}
    assert list(findings()) == []


def test_it_is_answered_and_settled_anew_like_any_other(refused: Dossier, hq: User) -> None:
    client = opened(refused)
    client.post(COMPLAIN, GIVEN)
    complaints.answer(Complaint.objects.get(), hq, outcome="upheld", text="Đúng, giải quyết lại.")
    shown = text(client.get(STORY))
    assert "đang được giải quyết lại" in shown
    assert "Khiếu nại đúng: hồ sơ được mở lại" in shown


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"identity_number": "011234778"}, "không khớp với hồ sơ"),
        ({"identity_number": ""}, "Xin ghi số giấy tờ tùy thân"),
        ({"identity_number": "abc"}, "error-summary"),
        ({"text": " "}, "Xin ghi điều ông/bà không đồng ý"),
        ({"text": "x" * 5000}, "dài quá"),
    ],
)
def test_what_will_not_do_is_said_and_kept(refused: Dossier, typed: dict[str, str], words: str) -> None:
    response = opened(refused).post(COMPLAIN, {**GIVEN, **typed})
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    if "text" not in typed:
        assert WORDS in page
    assert "011234777" not in page
    assert not Complaint.objects.exists()


def test_guessing_the_number_ends(refused: Dossier) -> None:
    client = opened(refused)
    answers = [client.post(COMPLAIN, {**GIVEN, "identity_number": "999999999"}) for _ in range(11)]
    assert "thử nhiều lần" in text(answers[-1])
    assert "thử nhiều lần" in text(client.post(COMPLAIN, GIVEN))
    assert not Complaint.objects.exists()


def test_without_the_code_nobody_complains(refused: Dossier) -> None:
    assert Client().post(COMPLAIN, GIVEN).headers["Location"] == STORY
    assert Client().get(COMPLAIN).headers["Location"] == STORY
    client = opened(refused)
    session: Any = client.session
    session["tracked"] = {**session["tracked"], "until": "2019-08-20T08:00:00+07:00"}
    session.save()
    client.post(COMPLAIN, GIVEN)
    assert not Complaint.objects.exists()


def test_who_has_an_account_logs_in_and_nothing_undecided_is_complained_about(
    contributor: User, officer: User
) -> None:
    with_account = makers.refused(contributor, officer)
    client = opened(with_account)
    page = client.get(STORY).content.decode()
    assert COMPLAIN not in page
    assert "Đăng nhập để khiếu nại" in page
    for dossier in (with_account, makers.on_paper(officer)):
        client = opened(dossier)
        assert client.post(COMPLAIN, GIVEN).headers["Location"] == STORY
    assert not Complaint.objects.exists()


def test_it_is_sent_once(refused: Dossier) -> None:
    client = opened(refused)
    for words in (WORDS, WORDS, "Khác."):
        client.post(COMPLAIN, {**GIVEN, "text": words})
    assert [one.text for one in Complaint.objects.all()] == [WORDS]


def test_the_office_finds_it_like_any_other(refused: Dossier, head: User) -> None:
    opened(refused).post(COMPLAIN, GIVEN)
    assert str(refused.reference) in text(browser_of(head).get(reverse("casework:complaints")))
