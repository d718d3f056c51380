"""Following a dossier by its reference and a code sent to the registered phone."""

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Message, Throttle, TransactionCode, User
from accounts.services import codes, messages
from portal.lib.identifiers import reference
from procedures.models import Dossier, Rating
from procedures.services import tracking
from tests import makers
from tests.procedures.casework.pages import text

# The code is sent outside a transaction, as every code.
pytestmark = pytest.mark.django_db(transaction=True)
ASK, CODE, STORY = (reverse(f"procedures:{name}") for name in ("track_ask", "track_code", "tracked"))


def sent_code() -> str:
    return codes.derive(TransactionCode.objects.filter(purpose="track").latest("pk"))


def asked(client: Client, number: str | None) -> Any:
    Throttle.objects.all().delete()
    return client.post(ASK, {"reference": number})


def opened(dossier: Dossier) -> Client:
    client = Client()
    asked(client, dossier.reference)
    given = {"reference": dossier.reference, "code": sent_code()}
    assert client.post(CODE, given).headers["Location"] == STORY
    return client


def test_the_code_opens_the_time_line_with_who_acts_next_and_the_day(contributor: User) -> None:
    dossier = makers.queued(contributor)
    shown = text(opened(dossier).get(STORY))
    assert dossier.due_on
    for words in (dossier.reference, "Đến lượt: cơ quan BHXH", f"{dossier.due_on:%d/%m/%Y}", "Diễn biến"):
        assert str(words) in shown
    assert "Báo cho ông/bà: tin nhắn 09•••••001" in shown


def test_what_only_the_account_opens_is_not_there(contributor: User, officer: User) -> None:
    dossier = makers.approved(contributor, officer, amount_vnd=44_980_714)
    page = opened(dossier).get(STORY).content.decode()
    assert "Hồ sơ được duyệt" in page
    for hidden in ("44.980.714", str(dossier.public_id), "ket-qua.pdf", "Công an Hà Nội"):
        assert hidden not in page


def test_the_message_goes_to_the_registered_phone_and_says_what_it_is_for(contributor: User) -> None:
    dossier = makers.queued(contributor)
    asked(Client(), dossier.reference)
    message = Message.objects.get(code__purpose="track")
    assert (message.channel, message.destination) == ("sms", contributor.phone)
    words = messages._sms(message, messages._context(message))
    assert sent_code() in words
    assert str(dossier.reference) in words


def test_no_answer_tells_which_references_there_are(contributor: User, offices: Any) -> None:
    dossier = makers.queued(contributor)
    assert dossier.filed_at
    nowhere = reference("001", dossier.filed_at.date(), 9_999)
    draft = makers.draft(contributor, "dinh_cu")
    User.objects.filter(pk=contributor.pk).update(phone_confirmed_at=None, email_confirmed_at=None)
    unreachable = dossier.reference
    shapes, times = set(), []
    for number in (unreachable, nowhere):
        client = Client()
        began = time.monotonic()
        response = asked(client, number)
        times.append(time.monotonic() - began)
        page = text(client.get(response.headers["Location"]))
        wrong = client.post(CODE, {"reference": number, "code": "12345678"})
        shapes.add((response.status_code, page, wrong.status_code, text(wrong)))
    assert len({(one[0], one[2]) for one in shapes}) == 1
    assert len({one[1].replace(str(unreachable), nowhere) for one in shapes}) == 1
    assert len({one[3].replace(str(unreachable), nowhere) for one in shapes}) == 1
    assert min(times) >= tracking.EQUAL_TIME.total_seconds()
    assert not TransactionCode.objects.filter(purpose="track").exists()
    assert draft.reference is None


@pytest.mark.parametrize("typed", ["00000000", "12 34 56 78"])
def test_a_wrong_code_opens_nothing(contributor: User, typed: str) -> None:
    dossier = makers.queued(contributor)
    client = Client()
    asked(client, dossier.reference)
    response = client.post(CODE, {"reference": dossier.reference, "code": typed})
    assert response.status_code == 422
    assert "Mã không đúng" in text(response)
    assert client.get(STORY).headers["Location"] == ASK


def test_a_code_is_for_one_dossier_and_one_time(contributor: User) -> None:
    one, other = makers.queued(contributor), makers.queued(contributor, "dinh_cu")
    client = Client()
    asked(client, one.reference)
    code = sent_code()
    assert client.post(CODE, {"reference": other.reference, "code": code}).status_code == 422
    assert client.post(CODE, {"reference": one.reference, "code": code}).status_code == 302
    assert Client().post(CODE, {"reference": one.reference, "code": code}).status_code == 422


def test_a_signing_code_opens_nothing(contributor: User) -> None:
    dossier = makers.queued(contributor)
    signing = TransactionCode.objects.filter(purpose="sign").latest("pk")
    asked(Client(), dossier.reference)
    given = {"reference": dossier.reference, "code": codes.derive(signing)}
    assert Client().post(CODE, given).status_code == 422


def test_the_time_line_closes_after_half_an_hour(contributor: User) -> None:
    client = opened(makers.queued(contributor))
    session = client.session
    session["tracked"] = {**session["tracked"], "until": "2019-08-20T08:00:00+07:00"}
    session.save()
    assert client.get(STORY).headers["Location"] == ASK


def test_codes_are_not_sent_without_end(contributor: User) -> None:
    dossier = makers.queued(contributor)
    client = Client()
    Throttle.objects.all().delete()
    statuses = [client.post(ASK, {"reference": dossier.reference}).status_code for _ in range(12)]
    assert statuses == [302] * 10 + [429] * 2
    assert TransactionCode.objects.filter(purpose="track").count() == 1


@pytest.mark.parametrize("number", ["", "abc", "DEMO-001-190820-0001-X", "x" * 5000])
def test_what_is_no_reference_is_said_at_once(number: str) -> None:
    response = Client().post(ASK, {"reference": number})
    assert response.status_code == 422
    assert Client().post(CODE, {"reference": number, "code": "12345678"}).status_code == 422


def test_the_two_questions_are_answered_there_too(contributor: User, officer: User) -> None:
    client = opened(makers.approved(contributor, officer))
    assert "Nộp hồ sơ dễ hay khó?" in text(client.get(STORY))
    assert client.post(STORY, {"ease": "9", "service": "1"}).status_code == 422
    client.post(STORY, {"ease": "3", "service": "4"})
    assert (Rating.objects.get().ease, Rating.objects.get().service) == (3, 4)
    assert "dễ hay khó" not in text(client.get(STORY))
