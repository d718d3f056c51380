"""Notes between officers. That nobody else reads them: tests/architecture/test_internal_notes.py."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import User
from procedures.domain.errors import NotAllowed
from procedures.models import InternalNote
from procedures.services import internal_notes
from tests import makers
from tests.procedures.casework.conftest import browser_of
from tests.procedures.casework.pages import text, url

WORDS = "Gọi 09…01: người nộp nói sổ đang ở công ty cũ."


def test_a_note_of_each_kind_stands_on_the_work_page_with_who_and_when(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.queued(contributor)
    for kind, name in InternalNote.Kind.choices:
        response = desk.post(url("note", dossier), {"kind": kind, "text": f"{WORDS} {kind}"}, follow=True)
        assert "Chỉ cán bộ của cơ quan đọc được." in text(response)
        assert f"{name} Phạm Minh Châu" in text(response)
        assert f"{WORDS} {kind}" in text(response)


def test_writing_one_needs_no_lease_and_makes_nobody_s_page_old(
    contributor: User, officer: User, head: User
) -> None:
    dossier = makers.held(makers.queued(contributor), officer)
    before = dossier.events.count()
    assert browser_of(head).post(url("note", dossier), {"kind": "fact", "text": WORDS}).status_code == 302
    assert InternalNote.objects.get().by == head
    assert dossier.events.count() == before  # the filer reads events


@pytest.mark.parametrize(
    "typed", [{}, {"kind": "fact", "text": " \n"}, {"kind": "gossip", "text": "x"}, {"text": "x" * 4001}]
)
def test_what_will_not_do_is_said_and_nothing_kept(
    desk: Client, contributor: User, typed: dict[str, str]
) -> None:
    dossier = makers.queued(contributor)
    response = desk.post(url("note", dossier), typed)
    assert response.status_code == 200
    assert "Cần sửa" in text(response)
    assert not InternalNote.objects.exists()


def test_a_double_click_is_one_note_and_a_note_is_never_changed(contributor: User, officer: User) -> None:
    dossier = makers.queued(contributor)
    for _click in range(2):
        internal_notes.write(dossier, officer, kind="fact", text=WORDS)
    note = InternalNote.objects.get()
    for change in (lambda: InternalNote.objects.update(text="Khác"), note.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert InternalNote.objects.get().text == WORDS


def test_an_officer_of_another_office_writes_none(contributor: User, officer_elsewhere: User) -> None:
    dossier = makers.queued(contributor)
    with pytest.raises(NotAllowed):
        internal_notes.write(dossier, officer_elsewhere, kind="fact", text=WORDS)


def test_markup_in_a_note_is_words(desk: Client, contributor: User, officer: User) -> None:
    dossier = makers.queued(contributor)
    internal_notes.write(dossier, officer, kind="fact", text="<script>alert(1)</script>")
    assert "<script>alert" not in desk.get(url("dossier", dossier)).content.decode()
