"""Notes between officers: on no page, paper, bundle or export of anybody but the office. The routes come from
the URL conf, so a new page is walked the day it is made."""

import dataclasses
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from procedures.models import InternalNote
from procedures.services import checklist, internal_notes, papers
from procedures.services.bundle import bundle_of
from tests import makers
from tests.architecture.test_isolation import (
    GROUPS,
    OFFICERS,
    ROLES,
    addresses,
    browser_of,
    group_of,
    make_ground,
    names_of,
    static_files,
)
from tests.architecture.test_walls import ROUTES
from tests.procedures.casework.pages import url
from tests.procedures.documents.sheets import text_of

__all__ = ["static_files"]  # a fixture

SECRET = "Zyxwv ghi chú nội bộ"
REMARK = "Qwert nhận xét nội bộ"


@pytest.fixture
def people(request: pytest.FixtureRequest) -> dict[str, User | None]:
    return {role: request.getfixturevalue(role) if role != "anonymous" else None for role in ROLES}


def words_of(content: bytes, kind: str) -> Iterator[str]:
    """Everything readable: of a PDF its text, of a ZIP each of its files."""
    if content.startswith(b"PK") or "zip" in kind:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield name
                yield from words_of(packed.read(name), "")
    elif content.startswith(b"%PDF"):
        yield text_of(content)
    else:
        yield content.decode(errors="replace")


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


@pytest.mark.django_db
def test_nobody_but_the_office_reads_a_note_or_a_mark_anywhere(people: dict[str, User | None]) -> None:
    officer, filer = people["officer"], people["contributor"]
    assert officer
    assert filer
    ground = make_ground(people)
    dossier = ground.dossiers[0]
    for kind in InternalNote.Kind.values:
        internal_notes.write(dossier, officer, kind=kind, text=f"{SECRET} {kind}")
    makers.held(dossier, officer)
    checklist.mark(dossier, officer, [checklist.Marked("paper:so_bhxh", "defect", REMARK)])
    page = browser_of(officer).get(url("dossier", dossier)).content.decode()
    assert page.count(SECRET) == 3  # the control: it is there to be found
    assert REMARK in page
    # Pages of the filer's other dossiers don't know this one.
    noted = dataclasses.replace(ground, dossiers=(dossier,))
    places = [
        place
        for name, route in sorted(ROUTES.items())
        for group in [group_of(name)]
        for place in (
            addresses(name, group, noted) if group else [reverse(name)] if not names_of(route) else []
        )
    ]
    leaks = []
    for role in (role for role in ROLES if role not in OFFICERS):
        client = browser_of(people[role])
        for place in places:
            response = client.get(place)
            found = " ".join(words_of(body_of(response), response.headers.get("Content-Type", "")))
            if SECRET in found or REMARK in found:
                leaks.append(f"{role} {place}")
    assert leaks == []
    assert len(places) > len(GROUPS)


@pytest.mark.django_db
def test_the_filer_s_papers_and_bundle_hold_no_note(contributor: User, officer: User) -> None:
    dossier = makers.supplemented(contributor, officer)
    internal_notes.write(dossier, officer, kind="call", text=SECRET)
    makers.held(dossier, officer)
    checklist.mark(dossier, officer, [checklist.Marked("paper:so_bhxh", "fine", REMARK)])
    dossier = makers.approve(dossier, officer)
    request = dossier.supplement_requests.get()
    made = [
        bundle_of(dossier),
        papers.receipt_pdf_for(dossier),
        papers.form_pdf_for(dossier),
        papers.decision_pdf_for(makers.decision_of(dossier)),
        papers.supplement_pdf_for(request),
    ]
    for content in made:
        found = " ".join(words_of(content, ""))
        assert found
        assert SECRET not in found
        assert REMARK not in found
