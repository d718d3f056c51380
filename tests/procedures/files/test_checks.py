"""What becomes of an uploaded file: scanned by a real clamd, copied in a process of its own, kept sealed."""

import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.conf import settings as active
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models.functions import Now
from PIL import Image

from accounts.models import User
from portal.lib.clamd import Scanner, ScannerAway
from portal.lib.sealed import key_id
from portal.serve import Program
from procedures.domain.lifecycle import Status
from procedures.models import Attachment, Dossier, FileCheck
from procedures.services import dispatch, drafts, files
from tests import makers
from tests.procedures.files.scanners import EICAR, Clamd

pytestmark = pytest.mark.django_db

Safety = Attachment.Safety


@pytest.fixture
def draft(contributor: User) -> Dossier:
    """A draft without files."""
    draft = makers.draft(contributor)
    for attachment in draft.attachments.all():
        drafts.detach(draft, attachment)
    return makers.fresh(draft)


def uploaded(draft: Dossier, content: bytes | None = None) -> Attachment:
    makers.attach(draft, "so_bhxh", content)
    return draft.attachments.latest("pk")


def check(attachment: Attachment) -> Attachment:
    files.check(FileCheck.objects.get(attachment=attachment).pk)
    attachment.refresh_from_db()
    return attachment


def pdf_with(payload: bytes, name: str = "mau.txt") -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.attachments[name] = pikepdf.AttachedFileSpec(made, payload)
    made.save(out)
    return out.getvalue()


def zipped(payload: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("eicar.com", payload)
    return out.getvalue()


def test_without_a_scanner_a_file_is_copied_and_marked_unscanned(draft: Dossier) -> None:
    attachment = check(uploaded(draft))
    assert (attachment.safety, attachment.copy_type) == (Safety.UNSCANNED, "image/jpeg")
    assert Image.open(io.BytesIO(files.copy_of(attachment))).size == (480, 640)


def test_a_clean_file_is_known_to_be_clean(draft: Dossier, clamd: Clamd, settings: Any) -> None:
    settings.CLAMD_URL = clamd.url
    assert check(uploaded(draft)).safety == Safety.CLEAN


@pytest.mark.parametrize(
    "content",
    [
        makers.jpeg() + EICAR,
        pdf_with(EICAR),
        pdf_with(zipped(EICAR), "mau.zip"),
    ],
    ids=["behind a picture", "attached to a PDF", "zipped and attached to a PDF"],
)
def test_a_file_with_a_threat_is_never_copied(
    draft: Dossier, clamd: Clamd, settings: Any, content: bytes
) -> None:
    settings.CLAMD_URL = clamd.url
    attachment = check(uploaded(draft, content))
    assert (attachment.safety, attachment.copy_name) == (Safety.INFECTED, "")
    assert attachment.threat.startswith("Local.EICAR")
    with pytest.raises(FileNotFoundError):
        files.copy_of(attachment)


def test_while_the_scanner_is_away_a_file_waits_and_the_dossier_goes_its_way(
    contributor: User, clamd: Clamd, settings: Any
) -> None:
    settings.CLAMD_URL = clamd.url
    clamd.stop()
    dossier = makers.queued(contributor)
    [attachment] = dossier.attachments.all()
    for _ in range(8):  # more than a row may crash: being away is no crash
        assert check(attachment).safety == Safety.WAITING
    assert dossier.status == Status.QUEUED

    row = FileCheck.objects.get(attachment=attachment)
    assert (row.state, "ScannerAway" in row.last_error) == ("waiting", True)
    clamd.start()
    assert check(attachment).safety == Safety.CLEAN


def test_a_scanner_that_hangs_or_is_over_its_limits_has_not_said_ok(clamd: Clamd, tmp_path: Any) -> None:
    with pytest.raises(ScannerAway, match="size limit exceeded"):
        Scanner(clamd.url).threat_in(b"\0" * (21 * 1024 * 1024))
    clamd.freeze()
    began = time.monotonic()
    with pytest.raises(ScannerAway):
        Scanner(clamd.url, patience=1).threat_in(b"x")
    assert time.monotonic() - began < 3


@pytest.mark.django_db(transaction=True)
def test_a_worker_checks_what_the_sweeper_hands_it_and_again_when_the_scanner_is_back(
    contributor: User, clamd: Clamd, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("CLAMD_URL", clamd.url)  # for the worker's process
    start_celery_worker: Callable[[], Program] = request.getfixturevalue("start_celery_worker")
    clamd.stop()
    draft = makers.draft(contributor)
    start_celery_worker()
    assert dispatch.sweep_once() == 1
    row = FileCheck.objects.get(attachment__dossier=draft)
    assert _soon(lambda: "ScannerAway" in FileCheck.objects.get(pk=row.pk).last_error)

    clamd.start()
    FileCheck.objects.filter(pk=row.pk).update(next_try_at=Now())  # half a minute later
    dispatch.sweep_once()
    assert _soon(lambda: Attachment.objects.get(pk=row.attachment_id).safety == Safety.CLEAN)


def _soon(happened: Callable[[], bool], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.1)
    return False


def test_a_file_taken_out_while_it_waits_leaves_nothing_behind(draft: Dossier) -> None:
    attachment = check(uploaded(draft))
    names = [attachment.storage_name, attachment.copy_name]
    row = FileCheck.objects.get(attachment=attachment)
    with_hooks(lambda: drafts.detach(makers.fresh(draft), attachment))
    files.check(row.pk)
    assert [name for name in names if default_storage.exists(name)] == []


def with_hooks(act: Callable[[], object]) -> None:
    """Run what the act leaves for after the commit, as a test in a transaction doesn't."""
    from django.test import TestCase  # noqa: PLC0415

    with TestCase.captureOnCommitCallbacks(execute=True):
        act()


def test_checking_twice_does_nothing_the_second_time(draft: Dossier) -> None:
    attachment = check(uploaded(draft))
    first = attachment.copy_name
    assert check(attachment).copy_name == first


def test_on_disk_nothing_can_be_read_without_the_key(draft: Dossier) -> None:
    attachment = check(uploaded(draft))
    for name in (attachment.storage_name, attachment.copy_name):
        raw = (active.UPLOAD_DIR / name).read_bytes()
        assert (key_id(raw), b"\xff\xd8\xff" in raw[:40]) == ("1", False)


def test_a_file_swapped_for_another_on_disk_is_not_opened(draft: Dossier) -> None:
    mine, other = check(uploaded(draft)), check(uploaded(draft, makers.jpeg("khac")))
    folder = active.UPLOAD_DIR
    for field in ("storage_name", "copy_name"):
        raw = (folder / getattr(other, field)).read_bytes()
        (folder / getattr(mine, field)).write_bytes(raw)
    with pytest.raises(files.DamagedFile):
        files.original_of(mine)
    with pytest.raises(FileNotFoundError):
        files.copy_of(mine)


def test_a_new_key_seals_what_comes_and_reseal_what_was_there(draft: Dossier, settings: Any) -> None:
    attachment = check(uploaded(draft))
    old = settings.FILE_KEYS
    settings.FILE_KEYS = f"2026b:{'n' * 40},1:{old}"
    assert files.original_of(attachment)  # still opens
    call_command("reseal_files")
    settings.FILE_KEYS = f"2026b:{'n' * 40}"
    attachment.refresh_from_db()
    assert attachment.key_id == "2026b"
    assert files.original_of(attachment)
    assert files.copy_of(attachment)


def test_files_from_before_they_were_sealed_are_sealed_if_they_are_the_signed_ones(draft: Dossier) -> None:
    mine, other = uploaded(draft), uploaded(draft, makers.jpeg("khac"))
    content = files.original_of(mine)
    for attachment in (mine, other):
        (active.UPLOAD_DIR / attachment.storage_name).write_bytes(content)
    Attachment.objects.filter(pk=mine.pk).update(key_id="")
    call_command("reseal_files")
    assert files.original_of(mine) == content
    Attachment.objects.filter(pk=other.pk).update(key_id="")
    with pytest.raises(files.DamagedFile):
        call_command("reseal_files")


def test_unscanned_files_are_checked_again_once_there_is_a_scanner(
    draft: Dossier, clamd: Clamd, settings: Any
) -> None:
    attachment = check(uploaded(draft))
    settings.CLAMD_URL = clamd.url
    call_command("recheck_files")
    first = attachment.copy_name
    assert check(attachment).safety == Safety.CLEAN
    assert attachment.copy_name not in ("", first)


def test_a_file_over_the_limits_of_a_copy_costs_only_the_copy(draft: Dossier) -> None:
    attachment = uploaded(draft, bomb())
    assert check(attachment).safety == Safety.UNREADABLE


def bomb() -> bytes:
    """A small PDF that opens, with more objects behind its page than a copy may have."""
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    heap = pikepdf.Array([made.make_indirect(pikepdf.Dictionary()) for _ in range(50_001)])
    made.pages[0].Resources = pikepdf.Dictionary(Properties=pikepdf.Dictionary(Heap=heap))
    made.save(out)
    return out.getvalue()
