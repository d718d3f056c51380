"""A code signs what it was asked for and nothing else: of each of the seven procedures every answer, every cell of
every table, every paper promised, every file's every byte that is changed between asking and typing is refused."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.models import TransactionCode, User
from accounts.services import codes
from procedures.domain.answers import relevant_answers
from procedures.domain.errors import DomainError, UnknownOffice
from procedures.models import Attachment, Dossier, Filing
from procedures.selectors.definitions import procedure_of
from procedures.services import content, files, filing
from tests import makers
from tests.journeys.test_procedures import JOURNEYS

pytestmark = pytest.mark.django_db
SIGN = TransactionCode.Purpose.SIGN


def other(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value[:-1]}{'x' if value[-1:] != 'x' else 'y'}"
        case None:
            return "x"
    raise TypeError(type(value))


def changed(value: Any) -> Iterator[Any]:
    """The value with each of its parts changed, one at a time; of a table also a row less and a row more."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from ({**value, name: one} for one in changed(part))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from ([*value[:at], one, *value[at + 1 :]] for one in changed(part))
        yield value[1:] if value else [{}]
        yield [*value, *value[:1]] if value else ["x"]
    else:
        yield other(value)


def is_refused(code: TransactionCode) -> bool:
    """Whether the right digits no longer sign the dossier as it stands. The count of tries never is why."""
    TransactionCode.objects.filter(pk=code.pk).update(tries=0)
    try:
        digest = content.digest_of(Dossier.objects.get(pk=DRAFTS[code.pk]))
    except UnknownOffice:
        return True
    assert digest != code.digest
    try:
        codes.verify(code.user, SIGN, digest, codes.derive(code))
    except codes.CodeRefused:
        return True
    return False


DRAFTS: dict[int, int] = {}  # the code's dossier


def asked(dossier: Dossier) -> TransactionCode:
    digest = content.digest_of(dossier)
    code = codes.ask_code(dossier.filer, SIGN, digest, subject="x", channel="email")
    DRAFTS[code.pk] = dossier.pk
    return code


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.procedure)
def test_every_answer_is_bound(journey: Any, request: pytest.FixtureRequest) -> None:
    filer: User = request.getfixturevalue(journey.filer)
    dossier = makers.draft(filer, "", procedure=journey.procedure, **journey.answers)
    code = asked(dossier)
    answers = relevant_answers(procedure_of(dossier), dossier.answers)
    tried = 0
    for name, value in answers.items():
        for one in changed(value):
            Dossier.objects.filter(pk=dossier.pk).update(answers={**dossier.answers, name: one})
            assert is_refused(code), (name, one)
            tried += 1
    assert tried >= len(answers) >= 8
    Dossier.objects.filter(pk=dossier.pk).update(answers=dossier.answers)
    TransactionCode.objects.filter(pk=code.pk).update(tries=0)
    assert codes.verify(filer, SIGN, content.digest_of(makers.fresh(dossier)), codes.derive(code)) == code


@pytest.mark.parametrize(
    "change",
    [
        {"procedure": "huong_tiep"},
        {"follows_on_paper": ["so_bhxh"]},
        {"office_id": "ho-chi-minh"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_so_is_everything_around_the_answers(contributor: User, change: dict[str, Any]) -> None:
    dossier = makers.draft(contributor)
    code = asked(dossier)
    if "follows_on_paper" in change:
        dossier.attachments.all().delete()
    Dossier.objects.filter(pk=dossier.pk).update(**change)
    assert is_refused(code)


def test_the_dossier_of_another_person_with_the_same_words_is_another(
    contributor: User, outsider: User
) -> None:
    mine = makers.draft(contributor)
    code = asked(mine)
    Dossier.objects.filter(pk=mine.pk).update(filer=outsider)
    assert is_refused(code)


@pytest.fixture
def papers(contributor: User) -> Dossier:
    dossier = makers.draft(contributor)
    makers.attach(dossier, "so_bhxh", makers.pdf(2))
    return makers.fresh(dossier)


def flipped(content_: bytes, at: int) -> bytes:
    return content_[:at] + bytes([content_[at] ^ 1]) + content_[at + 1 :]


def test_a_byte_of_any_file_is_bound(papers: Dossier) -> None:
    code = asked(papers)
    for attachment in papers.attachments.all():
        original = files.original_of(attachment)
        for at in {0, len(original) // 3, len(original) // 2, len(original) - 1}:
            sha256 = hashlib.sha256(flipped(original, at)).hexdigest()
            Attachment.objects.filter(pk=attachment.pk).update(sha256=sha256)
            assert is_refused(code)
        Attachment.objects.filter(pk=attachment.pk).update(sha256=attachment.sha256)


def test_a_byte_changed_on_the_disk_is_refused_before_anything_is_signed(papers: Dossier) -> None:
    """By somebody who can write to the disk and knows the keys: the row says what was uploaded."""
    code = codes.derive(filing.ask_for_code(papers, "email"))
    for attachment in papers.attachments.all():
        original = files.original_of(attachment)
        for at in {0, len(original) // 2, len(original) - 1}:
            name, _key = files.keep(ContentFile(flipped(original, at)))
            Attachment.objects.filter(pk=attachment.pk).update(storage_name=name)
            with pytest.raises(DomainError, match="không còn nguyên vẹn"):
                filing.file_dossier(makers.fresh(papers), papers.filer, code)
        Attachment.objects.filter(pk=attachment.pk).update(storage_name=attachment.storage_name)
    assert not Filing.objects.exists()
    assert filing.file_dossier(makers.fresh(papers), papers.filer, code)


def test_a_file_more_or_less_is_bound(papers: Dossier) -> None:
    code = asked(papers)
    makers.attach(papers, "so_bhxh", makers.pdf(3))
    assert is_refused(code)
    papers.attachments.order_by("-pk")[:1].get().delete()
    papers.attachments.order_by("-pk")[:1].get().delete()
    assert is_refused(code)


def test_the_signed_content_names_all_of_it(papers: Dossier) -> None:
    said = json.loads(content.signed_content(papers))
    assert set(said) == {
        "format",
        "procedure",
        "edition",
        "answers",
        "office",
        "filer",
        "attachments",
        "to_follow",
    }
