"""Uploads in pieces (tus 1.0): what has come stays, the rest follows, and nobody gets in between."""

import base64
import hashlib
import os
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Now
from django.test import Client

from accounts.models import User
from procedures.models import Dossier, IncomingFile
from procedures.services import drafts, files, incoming
from tests import makers

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


@pytest.fixture
def draft(contributor: User) -> Dossier:
    draft = makers.draft(contributor)
    for attachment in draft.attachments.all():
        drafts.detach(draft, attachment)
    return makers.fresh(draft)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def begin(browser: Client, draft: Dossier, size: int, document: str = "so_bhxh", name: str = "Sổ.jpg") -> Any:
    named = f"filename {encoded(name)},document {encoded(document)}"
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": named}
    return browser.post(f"/ho-so/{draft.public_id}/giay-to/tep/", headers=headers)


def send(browser: Client, place: str, offset: int, piece: bytes) -> Any:
    headers = {**TUS, "Upload-Offset": str(offset)}
    return browser.patch(place, piece, content_type=PIECE, headers=headers)


def offset(browser: Client, place: str) -> int:
    return int(browser.head(place, headers=TUS)["Upload-Offset"])


def test_a_file_in_three_pieces_is_the_file(browser: Client, draft: Dossier) -> None:
    content = makers.jpeg("ba phan")
    place = begin(browser, draft, len(content))["Location"]
    at = 0
    for piece in (content[:1000], content[1000:5000], content[5000:]):
        response = send(browser, place, at, piece)
        at += len(piece)
        assert (response.status_code, response["Upload-Offset"]) == (204, str(at))

    [attachment] = draft.attachments.all()
    assert (attachment.name, attachment.sha256) == ("Sổ.jpg", hashlib.sha256(content).hexdigest())
    assert files.original_of(attachment) == content
    assert list(settings.PIECES_DIR.iterdir()) == []


def test_asking_tells_where_to_go_on_and_a_wrong_place_is_refused(browser: Client, draft: Dossier) -> None:
    content = makers.jpeg()
    place = begin(browser, draft, len(content))["Location"]
    assert offset(browser, place) == 0
    send(browser, place, 0, content[:700])
    assert offset(browser, place) == 700

    response = send(browser, place, 600, content[600:])
    assert (response.status_code, response["Upload-Offset"]) == (409, "700")
    assert offset(browser, place) == 700


def test_the_last_piece_sent_twice_makes_one_file(browser: Client, draft: Dossier) -> None:
    content = makers.jpeg()
    place = begin(browser, draft, len(content))["Location"]
    assert send(browser, place, 0, content).status_code == 204
    assert offset(browser, place) == len(content)  # whoever lost the answer asks
    again = {**TUS, "Upload-Offset": str(len(content))}
    assert browser.patch(place, b"", CONTENT_TYPE=PIECE, headers=again).status_code == 204
    assert draft.attachments.count() == 1


def test_more_than_was_promised_is_not_taken(browser: Client, draft: Dossier) -> None:
    content = makers.jpeg()
    place = begin(browser, draft, len(content))["Location"]
    assert send(browser, place, 0, content + b"<script>").status_code == 204
    assert draft.attachments.get().size == len(content)


def test_a_file_that_is_none_is_refused_with_advice_when_it_is_whole(browser: Client, draft: Dossier) -> None:
    content = b"PK\x03\x04 word/ " * 10
    place = begin(browser, draft, len(content), name="don.docx")["Location"]
    response = send(browser, place, 0, content)
    assert (response.status_code, "Word" in response.content.decode()) == (422, True)
    assert browser.head(place, headers=TUS).status_code == 410
    assert draft.attachments.count() == 0


@pytest.mark.parametrize(
    ("size", "document", "words"),
    [
        (0, "so_bhxh", "0 byte"),
        (10 * 1024 * 1024 + 1, "so_bhxh", "10 MB"),
        (10, "qd_phuc_vien", "không cần"),
        (10, "", "không cần"),
        (10, "\u202e", "không cần"),
    ],
)
def test_what_has_no_place_is_refused_before_a_byte_is_sent(
    browser: Client, draft: Dossier, size: int, document: str, words: str
) -> None:
    response = begin(browser, draft, size, document)
    assert (response.status_code, words in response.content.decode()) == (422, True)
    assert IncomingFile.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Upload-Length": "10"},
        {**TUS, "Upload-Length": "-1"},
        {**TUS, "Upload-Length": "９"},
        {**TUS, "Upload-Length": "1" * 40, "Upload-Metadata": "filename ???,,document"},
        {**TUS},
    ],
)
def test_nonsense_is_refused_and_nothing_is_kept(
    browser: Client, draft: Dossier, headers: dict[str, str]
) -> None:
    response = browser.post(f"/ho-so/{draft.public_id}/giay-to/tep/", headers=headers)
    assert response.status_code in (412, 422)
    assert IncomingFile.objects.count() == 0


def test_a_piece_needs_its_type_and_version(browser: Client, draft: Dossier) -> None:
    place = begin(browser, draft, 10)["Location"]
    assert browser.patch(place, b"x", content_type="image/jpeg", headers=TUS).status_code == 415
    assert browser.patch(place, b"x", content_type=PIECE).status_code == 412


def test_files_on_their_way_have_their_place_already(browser: Client, draft: Dossier) -> None:
    for _ in range(20):
        assert begin(browser, draft, 100).status_code == 201
    response = begin(browser, draft, 100)
    assert (response.status_code, "20 tệp" in response.content.decode()) == (422, True)
    browser.delete(str(begin_again(browser, draft)), headers=TUS)
    assert begin(browser, draft, 100).status_code == 201


def begin_again(browser: Client, draft: Dossier) -> str:
    one = IncomingFile.objects.first()
    assert one is not None
    return f"/ho-so/{draft.public_id}/giay-to/tep/{one.public_id}/"


def test_two_writers_do_not_mix(browser: Client, draft: Dossier) -> None:
    content = makers.jpeg()
    place = begin(browser, draft, len(content))["Location"]
    row = IncomingFile.objects.get()
    with incoming._writing(row):
        assert send(browser, place, 0, content).status_code == 423
    assert offset(browser, place) == 0


def test_a_signed_dossier_takes_no_more_pieces(browser: Client, contributor: User) -> None:
    draft = makers.draft(contributor)
    content = makers.jpeg("muon")
    place = begin(browser, draft, len(content))["Location"]
    send(browser, place, 0, content[:100])
    makers.sign(draft)
    response = send(browser, place, 100, content[100:])
    assert (response.status_code, "đã nộp" in response.content.decode()) == (422, True)
    assert draft.attachments.count() == 1


def test_what_nobody_goes_on_with_is_removed(browser: Client, draft: Dossier) -> None:
    place = begin(browser, draft, 5000)["Location"]
    send(browser, place, 0, b"x" * 100)
    left = [
        Path(settings.FILE_UPLOAD_TEMP_DIR) / "abc.upload",
        settings.UPLOAD_DIR / "abc.part",
        settings.PIECES_DIR / uuid.uuid4().hex,  # of a draft that was discarded
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert incoming.tidy() == 0
    for path in left:
        os.utime(path, (0, time.time() - 301))
    IncomingFile.objects.update(touched_at=Now() - Value(incoming.KEPT) - Value(incoming.KEPT / 24))
    assert incoming.tidy() == 4
    assert not any(path.exists() for path in left)
    assert browser.head(place, headers=TUS).status_code == 404


def test_nobody_else_finds_a_file_on_its_way(
    client: Client, browser: Client, draft: Dossier, outsider: User
) -> None:
    place = begin(browser, draft, 100)["Location"]
    client.force_login(outsider)
    for answer in (
        client.head(place, headers=TUS),
        send(client, place, 0, b"x"),
        client.delete(place, headers=TUS),
    ):
        assert answer.status_code == 404
    assert begin(client, draft, 100).status_code == 404
    assert offset(browser, place) == 0
