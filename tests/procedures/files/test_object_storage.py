"""The files' tests once more with the files in an S3-compatible store, over HTTP; and the store away in between."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from portal.lib.sealed import StoreAway, key_id
from portal.serve import Program
from procedures.models import Attachment, Dossier, FileCheck
from procedures.services import dispatch, drafts, files
from tests import makers
from tests.procedures.files.scanners import EICAR, Clamd
from tests.procedures.files.stores import Store, running_store, store
from tests.procedures.files.test_checks import (
    Safety,
    check,
    draft,
    test_a_clean_file_is_known_to_be_clean,
    test_a_file_taken_out_while_it_waits_leaves_nothing_behind,
    test_a_file_with_a_threat_is_never_copied,
    test_a_new_key_seals_what_comes_and_reseal_what_was_there,
    test_checking_twice_does_nothing_the_second_time,
    test_unscanned_files_are_checked_again_once_there_is_a_scanner,
    test_while_the_scanner_is_away_a_file_waits_and_the_dossier_goes_its_way,
    test_without_a_scanner_a_file_is_copied_and_marked_unscanned,
    uploaded,
)
from tests.procedures.files.test_checks import _soon as soon

__all__ = [
    "draft",
    "running_store",
    "store",
    "test_a_clean_file_is_known_to_be_clean",
    "test_a_file_taken_out_while_it_waits_leaves_nothing_behind",
    "test_a_file_with_a_threat_is_never_copied",
    "test_a_new_key_seals_what_comes_and_reseal_what_was_there",
    "test_checking_twice_does_nothing_the_second_time",
    "test_unscanned_files_are_checked_again_once_there_is_a_scanner",
    "test_while_the_scanner_is_away_a_file_waits_and_the_dossier_goes_its_way",
    "test_without_a_scanner_a_file_is_copied_and_marked_unscanned",
]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("store"),
    pytest.mark.xdist_group("store"),
]


@pytest.fixture
def page(client: Client, contributor: User) -> Client:
    client.force_login(contributor)
    client.raise_request_exception = False
    return client


def test_what_lies_there_can_not_be_read_without_the_key_and_is_nobodys_to_fetch(
    draft: Dossier, store: Store
) -> None:
    attachment = check(uploaded(draft))
    assert type(default_storage).__name__ == "SealedObjects" or default_storage.bucket_name == "ho-so"  # type: ignore[attr-defined]
    for name in (attachment.storage_name, attachment.copy_name):
        raw = store.raw(name)
        assert (key_id(raw), b"\xff\xd8\xff" in raw[:40]) == ("1", False)
        grants = store.client().get_object_acl(Bucket="ho-so", Key=name)["Grants"]
        assert not [grant for grant in grants if "AllUsers" in str(grant)]


def test_an_object_swapped_for_another_is_not_opened(draft: Dossier, store: Store) -> None:
    mine, other = check(uploaded(draft)), check(uploaded(draft, makers.jpeg("khac")))
    for field in ("storage_name", "copy_name"):
        store.put(getattr(mine, field), store.raw(getattr(other, field)))
    with pytest.raises(files.DamagedFile):
        files.original_of(mine)
    with pytest.raises(FileNotFoundError):
        files.copy_of(mine)


def test_an_object_that_is_gone_is_named_damaged_and_the_page_says_404(
    draft: Dossier, store: Store, page: Client
) -> None:
    attachment = check(uploaded(draft))
    for name in (attachment.storage_name, attachment.copy_name):
        store.client().delete_object(Bucket="ho-so", Key=name)
    with pytest.raises(files.DamagedFile):
        files.original_of(attachment)
    assert page.get(address_of(attachment)).status_code == 404


def address_of(attachment: Attachment) -> str:
    return reverse("procedures:attachment", args=[attachment.dossier.public_id, attachment.public_id])


def test_the_page_gives_the_copy_and_keeps_it_from_every_cache(draft: Dossier, page: Client) -> None:
    attachment = check(uploaded(draft))
    answer = page.get(address_of(attachment))
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "image/jpeg",
        "no-store",
    )
    assert b"".join(answer.streaming_content) == files.copy_of(attachment)  # type: ignore[arg-type]
    assert "Location" not in answer.headers  # nobody is sent to the store


def test_a_discarded_draft_leaves_no_object(
    contributor: User, store: Store, django_capture_on_commit_callbacks: Any
) -> None:
    before = store.names()
    made = makers.checked(makers.draft(contributor, "dinh_cu"))
    assert len(store.names() - before) == 2 * made.attachments.count() > 0
    with django_capture_on_commit_callbacks(execute=True):
        drafts.discard(makers.fresh(made))
    assert store.names() == before


class TestWhileTheStoreIsAway:
    def test_an_upload_says_so_at_its_paper_and_nothing_is_kept(
        self, draft: Dossier, store: Store, page: Client
    ) -> None:
        before = draft.attachments.count()
        store.stop()
        address = reverse("procedures:papers", args=[draft.public_id])
        file = SimpleUploadedFile("anh.jpg", makers.jpeg())
        answer = page.post(address, {"tep-so_bhxh": file, "revision": draft.revision})
        assert answer.status_code == 422
        assert "anh.jpg: Nơi giữ tệp đang tạm ngừng" in answer.text
        assert draft.attachments.count() == before
        store.start()
        file.seek(0)
        assert page.post(address, {"tep-so_bhxh": file, "revision": draft.revision}).status_code == 302
        assert draft.attachments.count() == before + 1

    def test_opening_a_file_says_come_back_and_not_that_it_is_gone(
        self, draft: Dossier, store: Store, page: Client
    ) -> None:
        attachment = check(uploaded(draft))
        store.stop()
        answer = page.get(address_of(attachment))
        assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
        with pytest.raises(StoreAway):
            files.original_of(attachment)

    def test_a_check_waits_and_is_never_given_up(self, draft: Dossier, store: Store) -> None:
        attachment = uploaded(draft)
        store.stop()
        for _ in range(8):  # more than a row may crash: being away is no crash
            assert check(attachment).safety == Safety.WAITING
        row = FileCheck.objects.get(attachment=attachment)
        assert (row.state, "StoreAway" in row.last_error) == ("waiting", True)

    def test_a_store_that_is_frozen_keeps_nobody_longer_than_half_a_minute(
        self, draft: Dossier, store: Store
    ) -> None:
        assert (
            default_storage.client_config.read_timeout * 2 + default_storage.client_config.connect_timeout
            < 30
        )  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_checks_what_lies_in_the_store(
    contributor: User,
    store: Store,
    clamd: Clamd,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setenv("CLAMD_URL", clamd.url)  # for the worker's process
    start_celery_worker: Callable[[], Program] = request.getfixturevalue("start_celery_worker")
    made = makers.draft(contributor)
    makers.attach(made, "so_bhxh", makers.jpeg() + EICAR)
    start_celery_worker()
    dispatch.sweep_once()
    assert soon(lambda: not FileCheck.objects.filter(state=FileCheck.State.WAITING).exists())
    found = {it.safety for it in Attachment.objects.filter(dossier=made)}
    assert found == {Safety.CLEAN, Safety.INFECTED}
    call_command("verify_files")
