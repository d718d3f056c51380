"""Papers shown in the browser: the right officer only, and nothing in a file can do anything."""

import hashlib
import logging

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from procedures.models import AccessEntry, Attachment, Dossier
from procedures.services import files
from tests import makers
from tests.procedures.casework.pages import read, url


def files_of(dossier: Dossier) -> list[Attachment]:
    return list(dossier.attachments.order_by("pk"))


@pytest.fixture
def dossier(contributor: User) -> Dossier:
    """A queued dossier with a photograph and a PDF."""
    draft = makers.draft(contributor)
    makers.attach(draft, "so_bhxh", makers.pdf())
    return makers.checked(makers.deliver(makers.sign(draft)))


def test_the_safe_copy_is_shown_and_what_was_signed_stays_sealed(desk: Client, dossier: Dossier) -> None:
    for file in files_of(dossier):
        content = read(desk.get(f"/can-bo/tep/{file.public_id}/"))
        assert len(content) == file.copy_size
        assert hashlib.sha256(content).hexdigest() != file.sha256
        assert hashlib.sha256(files.original_of(file)).hexdigest() == file.sha256


def test_a_file_that_is_not_checked_yet_is_not_opened_and_nobody_read_it(
    desk: Client, contributor: User
) -> None:
    dossier = makers.queued(contributor)
    [file] = files_of(dossier)
    response = desk.get(f"/can-bo/tep/{file.public_id}/")
    assert response.status_code == 409
    assert "đang chờ kiểm tra" in response.content.decode()
    assert not AccessEntry.objects.filter(attachment=file).exists()
    assert "Đang chờ kiểm tra" in desk.get(url("dossier", dossier)).content.decode()


def test_a_file_is_shown_sandboxed_and_kept_nowhere(desk: Client, dossier: Dossier) -> None:
    for file in files_of(dossier):
        response = desk.get(f"/can-bo/tep/{file.public_id}/")
        assert response["Content-Type"] == file.content_type
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "no-store"
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        policy = response["Content-Security-Policy"]
        assert "sandbox" in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        read(response)


def test_the_name_for_saving_is_ours_and_plain(desk: Client, dossier: Dossier) -> None:
    photograph, pdf = files_of(dossier)
    for file, extension in ((photograph, "jpeg"), (pdf, "pdf")):
        response = desk.get(f"/can-bo/tep/{file.public_id}/")
        name = f"{dossier.reference}-so_bhxh-{file.pk}.{extension}"
        assert response["Content-Disposition"] == f'inline; filename="{name}"'
        read(response)


def test_every_reading_is_written_down_before_a_byte_leaves(
    desk: Client, dossier: Dossier, officer: User, caplog: pytest.LogCaptureFixture
) -> None:
    [file, _pdf] = files_of(dossier)
    with caplog.at_level(logging.INFO, logger="procedures"):
        read(desk.get(f"/can-bo/tep/{file.public_id}/"))
    assert f"officer {officer.pk}" in caplog.text
    assert str(file.public_id) in caplog.text
    assert "Hằng" not in caplog.text


def test_a_file_that_is_not_signed_yet_does_not_exist_here(
    desk: Client, contributor: User, officer: User
) -> None:
    dossier = makers.supplement_requested(contributor, officer)
    makers.attach(dossier, "so_bhxh", makers.pdf())
    makers.checked(dossier)
    signed, unsigned = files_of(dossier)
    assert read(desk.get(f"/can-bo/tep/{signed.public_id}/"))
    assert desk.get(f"/can-bo/tep/{unsigned.public_id}/").status_code == 404


def test_a_file_lost_from_the_disk_is_no_error_of_the_program(desk: Client, dossier: Dossier) -> None:
    [file, _pdf] = files_of(dossier)
    (settings.UPLOAD_DIR / file.copy_name).unlink()
    assert desk.get(f"/can-bo/tep/{file.public_id}/").status_code == 404
    assert desk.get(url("dossier", dossier)).status_code == 200


def test_an_officer_moved_to_another_office_loses_the_files_at_once(
    desk: Client, dossier: Dossier, officer: User, officer_elsewhere: User
) -> None:
    [file, _pdf] = files_of(dossier)
    User.objects.filter(pk=officer.pk).update(office=officer_elsewhere.office)
    assert desk.get(f"/can-bo/tep/{file.public_id}/").status_code == 404
