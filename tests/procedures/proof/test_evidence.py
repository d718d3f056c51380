"""The bundle that verifies by itself, and the list of who looked."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

import verify_receipt
from accounts.models import User
from procedures.models import AccessEntry, Dossier, Notice
from procedures.services import access, bundle, checkpoints, notices
from tests import makers
from tests.procedures.proof.offline import offline

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)


@pytest.fixture(autouse=True)
def static_files() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def settled(contributor: User, officer: User) -> Dossier:
    """Filed, supplemented, opened by the officer, and everything in the log."""
    dossier = makers.supplemented(contributor, officer)
    browser_of(officer).get(f"/can-bo/{dossier.public_id}/")
    for notice in Notice.objects.filter(dossier=dossier, kind="receipt"):
        notices.send(notice.pk)
    checkpoints.make()
    return makers.fresh(dossier)


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def packed(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "bo.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def test_the_bundle_holds_everything_and_verifies_with_its_own_script_offline(
    settled: Dossier, contributor: User, tmp_path: Path
) -> None:
    answer = browser_of(contributor).get(f"/ho-so/{settled.public_id}/bo-bang-chung.zip")
    assert answer.status_code == 200
    files = unpacked(answer.content)
    assert files["noi-dung-da-ky/lan-1.json"] == bytes(settled.filings.get(number=1).signed_content)
    assert files["noi-dung-da-ky/lan-2.json"] == bytes(settled.filings.get(number=2).signed_content)
    assert sum(name.startswith("giay-to/") for name in files) == settled.attachments.count()
    assert files["giay-to-cua-cong/giay-tiep-nhan.pdf"].startswith(b"%PDF")
    told = json.loads(files["tin-nhan.json"])
    assert any(message["sent_at"] for message in told)
    assert json.loads(files["nguoi-xem.json"])[0]["who"].startswith("Cán bộ xử lý")
    script = tmp_path / "verify_receipt.py"
    script.write_bytes(files["verify_receipt.py"])
    archive = tmp_path / "bo-bang-chung.zip"
    archive.write_bytes(answer.content)
    done = offline(script, archive)
    assert done.returncode == 0, done.stdout + done.stderr
    for act in ("file", "request_supplement", "supplement", "deliver"):
        assert f"  {act}: hồ sơ {settled.reference}" in done.stdout


def test_the_decision_is_in_the_bundle_with_its_reason_and_amount(contributor: User, officer: User) -> None:
    dossier = makers.approved(contributor, officer)
    checkpoints.make()
    files = unpacked(bundle.bundle_of(dossier))
    name = next(name for name in files if name.endswith("-approve.json"))
    assert json.loads(files[name])["proof"]["record"]["amount_vnd"] == 44_980_714
    assert "giay-to-cua-cong/ket-qua.pdf" in files
    assert verify_receipt.verify_bundle(files)


def test_the_same_rows_give_the_same_bundle(settled: Dossier) -> None:
    assert bundle.bundle_of(settled) == bundle.bundle_of(settled)


def test_any_changed_missing_or_exchanged_file_is_found(settled: Dossier) -> None:
    files = unpacked(bundle.bundle_of(settled))
    for name in files:
        if name == "muc-luc.json":
            continue
        with pytest.raises(verify_receipt.Refused):
            verify_receipt.verify_bundle({**files, name: files[name] + b" "})
        with pytest.raises(verify_receipt.Refused):
            verify_receipt.verify_bundle({key: value for key, value in files.items() if key != name})


def test_a_list_of_files_made_to_fit_does_not_help(settled: Dossier) -> None:
    """Whoever changes a signed file can write a new list of digests, but no new proof."""
    files = unpacked(bundle.bundle_of(settled))
    proven = [name for name in files if name.startswith(("noi-dung-da-ky/", "giay-to/", "bang-chung/"))]
    for name in proven:
        changed = files[name].replace(b"2", b"3", 1) if name.endswith(".json") else files[name] + b"x"
        listed = json.loads(files["muc-luc.json"])
        listed["files"][name] = verify_receipt.hashlib.sha256(changed).hexdigest()
        forged = {**files, name: changed, "muc-luc.json": json.dumps(listed).encode()}
        with pytest.raises(verify_receipt.Refused):
            verify_receipt.verify_bundle(forged)


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04junk", b"PK\x05\x06" + b"\x00" * 18])
def test_what_is_no_bundle_is_refused_calmly(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    done = offline(ROOT / "verify_receipt.py", path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_nobody_else_gets_the_bundle_or_the_list(settled: Dossier, outsider: User, officer: User) -> None:
    for page in ("bo-bang-chung.zip", "ai-da-xem/"):
        for stranger in (outsider, officer):
            assert browser_of(stranger).get(f"/ho-so/{settled.public_id}/{page}").status_code == 404
        assert Client().get(f"/ho-so/{settled.public_id}/{page}").status_code == 302


def test_a_draft_has_no_bundle(contributor: User) -> None:
    draft = makers.draft(contributor)
    browser = browser_of(contributor)
    assert browser.get(f"/ho-so/{draft.public_id}/bo-bang-chung.zip").status_code == 404
    assert browser.get(f"/ho-so/{draft.public_id}/ai-da-xem/").status_code == 302


# --- who looked -------------------------------------------------------------------------------------


def test_every_look_of_an_officer_is_listed_for_the_filer(contributor: User, officer: User) -> None:
    dossier = makers.checked(makers.queued(contributor))
    desk = browser_of(officer)
    paper = dossier.attachments.first()
    assert paper is not None
    assert desk.get(f"/can-bo/{dossier.public_id}/").status_code == 200
    assert b"".join(desk.get(f"/can-bo/tep/{paper.public_id}/").streaming_content)
    assert AccessEntry.objects.filter(dossier=dossier).count() == 2
    page = browser_of(contributor).get(f"/ho-so/{dossier.public_id}/ai-da-xem/").content.decode()
    assert "Trang hồ sơ" in page
    assert "Cán bộ xử lý, " in page
    assert "Giải quyết hồ sơ" in page
    assert officer.full_name not in page


@pytest.mark.parametrize("what", ["page", "file"])
def test_nothing_is_shown_when_the_look_can_not_be_written(
    contributor: User, officer: User, what: str
) -> None:
    dossier = makers.checked(makers.queued(contributor))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no space'; END $$; "
            "CREATE TRIGGER full_disk BEFORE INSERT ON procedures_accessentry "
            "FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    paper = dossier.attachments.first()
    assert paper is not None
    path = f"/can-bo/{dossier.public_id}/" if what == "page" else f"/can-bo/tep/{paper.public_id}/"
    with pytest.raises(Exception, match="no space"):
        browser_of(officer).get(path)


def test_another_provinces_officer_leaves_no_look_and_sees_nothing(
    contributor: User, officer_elsewhere: User
) -> None:
    dossier = makers.queued(contributor)
    assert browser_of(officer_elsewhere).get(f"/can-bo/{dossier.public_id}/").status_code == 404
    assert not AccessEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_look_can_not_be_taken_back(contributor: User, officer: User) -> None:
    access.record(makers.queued(contributor), officer)
    with pytest.raises(Exception, match="append-only"):
        AccessEntry.objects.update(role="hq")
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procedures_accessentry")


def test_a_long_list_is_paged_and_costs_as_much_as_a_short_one(
    contributor: User, officer: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    dossier = makers.queued(contributor)
    for _ in range(60):
        access.record(dossier, officer)
    browser = browser_of(contributor)
    with django_assert_max_num_queries(9):
        first = browser.get(f"/ho-so/{dossier.public_id}/ai-da-xem/").content.decode()
    assert first.count("Trang hồ sơ") == 50
    assert "Lượt xem cũ hơn" in first
    for cursor in ("", "x", "9" * 30, "-1"):
        assert browser.get(f"/ho-so/{dossier.public_id}/ai-da-xem/?truoc={cursor}").status_code == 200
