"""Every letter about a dossier says in its subject what it is about, and its two parts say the same."""

import html
import re
from typing import Any

import pytest
from django.utils import timezone

from accounts import gateways
from accounts.models import User
from portal.lib.working_days import add_working_days
from procedures.models import Dossier, Notice
from procedures.selectors.definitions import procedure_of
from procedures.services import apologies, complaints, notices
from tests import makers

pytestmark = pytest.mark.django_db

TO_OTHERS = {"co_sign_asked", "co_signed", "co_signature_voided"}  # about drafts, which have no reference yet


@pytest.fixture
def dossier(kind: str, contributor: User, officer: User, hq: User) -> Dossier:
    """One to which what the letter tells has happened."""
    if kind == "supplement_requested":
        return makers.supplement_requested(contributor, officer)
    if kind == "apologised":
        late = makers.held(makers.queued(contributor), officer)
        new_due_on = add_working_days(timezone.localdate(), 8)
        apologies.apologise(late, officer, new_due_on=new_due_on, reason="Chờ xác minh.")
        return makers.fresh(late)
    refused = makers.refused(contributor, officer)
    complaint = complaints.complain(refused, contributor, "Tôi không đồng ý.")
    if kind == "reopened":
        complaints.answer(complaint, hq, outcome="upheld", text="Đúng.")
    return makers.fresh(refused)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What leaves through the gateways, which are somebody else's machines."""
    letters: list[dict[str, Any]] = []
    send = gateways.send

    def keep(channel: str, destination: str, subject: str, text: str, page: str = "", *paper: Any) -> Any:
        letters.append({"channel": channel, "subject": subject, "text": text, "html": page})
        return send(channel, destination, subject, text, page, *paper)

    monkeypatch.setattr(gateways, "send", keep)
    return letters


@pytest.mark.parametrize("kind", Notice.Kind.values)
def test_a_letter_names_procedure_and_reference_and_its_parts_say_the_same(
    kind: str, dossier: Dossier, sent: list[dict[str, Any]]
) -> None:
    event = dossier.events.latest("pk")
    Notice.objects.all().delete()
    notices.notify(dossier, event, Notice.Kind(kind))
    for notice in Notice.objects.all():
        notices.send(notice.pk)
    letters = [letter for letter in sent if letter["channel"] == "email"]
    assert letters
    for letter in letters:
        assert letter["subject"].startswith(f"{procedure_of(dossier).plain_name}: ")
        assert kind in TO_OTHERS or str(dossier.reference) in letter["subject"]
        body = letter["html"].partition("<body>")[2].partition("</body>")[0]
        assert html.unescape(re.sub(r"<[^>]+>", " ", body)).split() == letter["text"].split()
    for letter in sent:
        assert "{" not in letter["text"]
        assert letter["channel"] == "email" or letter["text"].isascii()
