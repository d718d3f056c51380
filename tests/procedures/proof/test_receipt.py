"""The receipt as data and as PDF, and the verifier that anybody can keep."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings

import verify_receipt
from accounts.models import User
from procedures.models import Dossier, Leaf
from procedures.services import checkpoints, evidence, papers
from tests import makers
from tests.procedures.proof.offline import offline

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def dossier(contributor: User) -> Dossier:
    return makers.queued(contributor)


@pytest.fixture
def receipt(dossier: Dossier) -> dict[str, Any]:
    found = evidence.receipt_of(dossier)
    assert found is not None
    return found


def saved(folder: Path, receipt: object, name: str = "giay-tiep-nhan.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(receipt, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_receipt_proves_what_was_filed_when_and_where(receipt: dict[str, Any], dossier: Dossier) -> None:
    proven = verify_receipt.verify(receipt)
    filing = dossier.filings.get()
    assert proven["reference"] == dossier.reference
    assert proven["digest"] == filing.digest
    assert proven["office"] == "ha-noi"
    assert proven["kind"] == "file"
    assert receipt["signature"]["destination"] == "01•••@example.vn"
    assert receipt["signature"]["channel"] == "email"


def test_a_receipt_holds_no_contact_in_full(receipt: dict[str, Any], contributor: User) -> None:
    text = json.dumps(receipt, ensure_ascii=False)
    for private in (contributor.email, contributor.phone, contributor.full_name, contributor.login + '"'):
        assert private not in text


def test_the_verifier_works_without_the_portal_and_without_a_network(
    receipt: dict[str, Any], tmp_path: Path
) -> None:
    script = shutil.copy(ROOT / "verify_receipt.py", tmp_path)
    done = offline(script, saved(tmp_path, receipt))
    assert done.returncode == 0, done.stderr
    assert "ĐÚNG" in done.stdout
    assert receipt["reference"] in done.stdout
    assert "so mã khóa" in done.stdout


def test_the_verifier_takes_keys_from_elsewhere(receipt: dict[str, Any], tmp_path: Path) -> None:
    path, keys = saved(tmp_path, receipt), saved(tmp_path, checkpoints.published_keys(), "keys.json")
    done = offline(ROOT / "verify_receipt.py", "--keys", keys, path)
    assert done.returncode == 0, done.stderr
    assert "so mã khóa" not in done.stdout
    others = [{**row, "public_key": "A" * 43 + "="} for row in checkpoints.published_keys()]
    assert (
        offline(ROOT / "verify_receipt.py", "--keys", saved(tmp_path, others, "b.json"), path).returncode == 1
    )


def test_a_key_of_ones_own_makes_no_receipt(receipt: dict[str, Any]) -> None:
    forger = checkpoints.private_key("F" * 43)
    public = checkpoints.raw_public(forger)
    forged = json.loads(json.dumps(receipt))
    key = checkpoints.LogKey(key_id=checkpoints.key_id_of(public), public_key=public)
    size, root, at = verify_receipt.read_note(receipt["proof"]["checkpoint"])[:3]
    moment = checkpoints.datetime.fromisoformat(at)
    forged["proof"]["checkpoint"] = checkpoints.signed_note(forger, key, size, root, moment)
    encoded = checkpoints.base64.b64encode(public).decode()
    forged["proof"]["key"] = {"id": key.key_id, "public_key": encoded}
    verify_receipt.verify(forged)  # true to itself
    known = verify_receipt.read_keys(json.dumps(checkpoints.published_keys()).encode())
    with pytest.raises(verify_receipt.Refused, match="không phải của nhật ký"):
        verify_receipt.verify(forged, known)


def changes(value: Any, path: tuple[Any, ...] = ()) -> "list[tuple[Any, ...]]":
    if isinstance(value, dict):
        return [found for key in value for found in changes(value[key], (*path, key))]
    if isinstance(value, list) and value:
        return [found for place in range(len(value)) for found in changes(value[place], (*path, place))]
    return [path]


UNPROVEN = {"format", "portal", "keys", "procedure", "short_digest"}  # helpful words, said to be that


def test_any_changed_word_of_a_receipt_is_found(receipt: dict[str, Any]) -> None:
    places = [path for path in changes(receipt) if path[0] not in UNPROVEN]
    assert len(places) > 20
    for path in places:
        forged = json.loads(json.dumps(receipt))
        inner = forged
        for step in path[:-1]:
            inner = inner[step]
        was = inner[path[-1]]
        for other in (f"{was}x", "", None, 7, [], {}, str(was)[:-1] + ("0" if str(was)[-1:] != "0" else "1")):
            if other == was:
                continue
            inner[path[-1]] = other
            with pytest.raises(verify_receipt.Refused):
                verify_receipt.verify(forged)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": "bhxh-proof/1"}',
        b'{"format": "bhxh-proof/1", "proof": {}}',
        b'{"format": "bhxh-proof/1", "proof": {"salt": "\\ud800"}}',
        b'{"format": "bhxh-proof/1", "proof": []}',
        b"x" * 1_000_001,
        b"\x00" * 100,
    ],
)
def test_what_is_no_receipt_is_refused_calmly(content: bytes) -> None:
    with pytest.raises(verify_receipt.Refused, match="không phải là giấy tiếp nhận"):
        verify_receipt.verify(verify_receipt.read(content))


def test_a_receipt_says_when_its_proof_is_not_made_yet(contributor: User, tmp_path: Path) -> None:
    pending = evidence.receipt_of(makers.filed(contributor))
    assert pending is not None
    with pytest.raises(verify_receipt.Refused, match="chưa có bằng chứng"):
        verify_receipt.verify(pending)
    assert offline(ROOT / "verify_receipt.py", saved(tmp_path, pending)).returncode == 1


def test_old_receipts_stay_valid_when_the_key_changes(
    receipt: dict[str, Any], contributor: User, outsider: User, settings: Any
) -> None:
    checkpoints.announce(checkpoints.private_key("B" * 43))
    settings.LOG_KEY = "B" * 43
    later = makers.filed(outsider)
    checkpoints.make()
    keys = verify_receipt.read_keys(json.dumps(checkpoints.published_keys()).encode())
    newer = evidence.receipt_of(later)
    assert newer is not None
    assert verify_receipt.verify(receipt, keys)["key"] != verify_receipt.verify(newer, keys)["key"]


def test_the_proof_of_a_leaf_stays_the_same_when_the_log_grows(
    receipt: dict[str, Any], dossier: Dossier, outsider: User
) -> None:
    makers.filed(outsider)
    checkpoints.make()
    assert Leaf.objects.count() > receipt["proof"]["index"] + 2
    assert evidence.receipt_of(dossier) == receipt


def test_the_pdf_carries_the_receipt_and_stays_fit_for_the_archive(
    dossier: Dossier, receipt: dict[str, Any]
) -> None:
    made = papers.receipt_pdf_for(dossier)
    assert made == papers.receipt_pdf_for(dossier)
    with pikepdf.open(io.BytesIO(made)) as opened:
        inside = opened.attachments["giay-tiep-nhan.json"].get_file().read_bytes()
        metadata = bytes(opened.Root.Metadata.read_bytes())
    assert json.loads(inside) == json.loads(json.dumps(receipt))
    assert b"<pdfaid:part>3<" in metadata
    assert b"<pdfuaid:part>1<" in metadata
    assert verify_receipt.verify(verify_receipt.read(inside))["reference"] == dossier.reference
