"""The public pages: the log, and having a receipt checked."""

import base64
import io
import json
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from portal.lib.digests import short_digest
from procedures.domain import merkle
from procedures.models import Checkpoint, Dossier
from procedures.services import checkpoints, evidence, papers
from tests import makers

pytestmark = pytest.mark.django_db
PAGE = "/kiem-chung/"


@pytest.fixture(autouse=True)
def static_files() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def dossier(contributor: User) -> Dossier:
    return makers.queued(contributor)


def upload(client: Client, content: bytes, name: str = "giay.json") -> Any:
    return client.post(PAGE, {"receipt": SimpleUploadedFile(name, content)})


def as_bytes(dossier: Dossier) -> bytes:
    return json.dumps(evidence.receipt_of(dossier)).encode()


def test_the_filer_downloads_the_receipt_and_anybody_verifies_it(
    client: Client, dossier: Dossier, contributor: User
) -> None:
    own = Client()
    own.force_login(contributor)
    receipt = own.get(f"/ho-so/{dossier.public_id}/giay-tiep-nhan.json")
    assert receipt.status_code == 200
    assert receipt["Cache-Control"] == "no-store"
    page = upload(client, receipt.content)
    assert page.status_code == 200
    assert "Giấy đúng và còn nguyên vẹn" in page.content.decode()
    assert str(dossier.reference) in page.content.decode()


def test_nobody_else_downloads_it(client: Client, dossier: Dossier, outsider: User, officer: User) -> None:
    for stranger in (outsider, officer):
        browser = Client()
        browser.force_login(stranger)
        assert browser.get(f"/ho-so/{dossier.public_id}/giay-tiep-nhan.json").status_code == 404
    assert client.get(f"/ho-so/{dossier.public_id}/giay-tiep-nhan.json").status_code == 302


def test_the_pdf_from_the_mail_is_verified_too(client: Client, dossier: Dossier) -> None:
    page = upload(client, papers.receipt_pdf_for(dossier), "giay.pdf")
    assert "Giấy đúng và còn nguyên vẹn" in page.content.decode()


def test_the_page_tells_nothing_that_is_not_on_the_receipt(
    client: Client, dossier: Dossier, contributor: User
) -> None:
    page = upload(client, as_bytes(dossier)).content.decode()
    for private in (contributor.full_name, contributor.login, contributor.phone, str(dossier.public_id)):
        assert private not in page
    assert "Đang giải quyết" not in page


def test_a_changed_receipt_is_refused_in_its_own_words(client: Client, dossier: Dossier) -> None:
    receipt = json.loads(as_bytes(dossier))
    receipt["at"] = "2019-08-20T00:00:00.000000Z"
    assert "Giấy đã bị sửa" in upload(client, json.dumps(receipt).encode()).content.decode()


def pdf_with(content: bytes, **options: Any) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    made.attachments["giay-tiep-nhan.json"] = pikepdf.AttachedFileSpec(made, content)
    out = io.BytesIO()
    made.save(out, **options)
    return out.getvalue()


NO_RECEIPTS = {
    "a byte": b"\x00",
    "empty JSON": b"{}",
    "brackets": b"[" * 200_000,
    "no text": b"\xff" * 5000,
    "nearly a PDF": b"%PDF-1.7 not really",
    "another PDF": makers.pdf(),
    "a photo": makers.jpeg(),
    "an empty proof": b'{"format": "bhxh-proof/1", "proof": {}}',
    "nearly a ZIP": b"PK\x03\x04" + b"\x00" * 100,
    "a packed row of zeros": zlib.compress(b"0" * 1_000_000),
    "a PDF with empty JSON": pdf_with(b"{}"),
    "a PDF with a row of zeros": pdf_with(b"0" * 50_000_000),
}


@pytest.mark.parametrize("content", NO_RECEIPTS.values(), ids=NO_RECEIPTS)
def test_bad_files_are_answered_calmly(client: Client, content: bytes) -> None:
    page = upload(client, content)
    assert page.status_code == 200
    assert "không phải là giấy tiếp nhận" in page.content.decode()


def test_too_large_empty_and_no_file_say_so(client: Client) -> None:
    assert "không quá 5 MB" in upload(client, b"0" * 5_000_001).content.decode()
    assert "Tệp rỗng" in upload(client, b"").content.decode()
    nothing = client.post(PAGE)
    assert nothing.status_code == 422
    assert "Xin chọn tệp" in nothing.content.decode()


def test_the_codes_of_the_qr_are_filled_in_and_match(client: Client, dossier: Dossier) -> None:
    url = papers.verify_url(dossier, dossier.filings.get()).removeprefix(settings.PUBLIC_URL)
    page = client.get(url).content.decode()
    assert f'value="{dossier.reference}"' in page
    digest = dossier.filings.get().digest
    for code in (
        short_digest(digest),
        short_digest(digest).lower().replace("-", " "),
        digest,
        digest.upper(),
    ):
        found = client.post(PAGE, {"ma": dossier.reference, "nd": code}).content.decode()
        assert "đã nộp qua cổng với đúng nội dung" in found
        assert contributor_words(found)


def contributor_words(page: str) -> bool:
    return "Nguyễn Thị Hằng" not in page and "Đang giải quyết" not in page


def test_other_content_and_other_dossiers_get_one_answer(client: Client, dossier: Dossier) -> None:
    wrong = client.post(PAGE, {"ma": dossier.reference, "nd": "0000-0000"}).content.decode()
    unknown = client.post(PAGE, {"ma": "DEMO-001-190820-0001-D", "nd": "0000-0000"}).content.decode()
    assert "Không khớp" in wrong
    assert "Không khớp" in unknown or "Mã hồ sơ không đúng" in unknown


@pytest.mark.parametrize(
    "typed", ["", "1", "x" * 500, "🙂", "' OR 1=1 --", "<script>", "٧ZK4-M0QX", "0" * 64 + "1"]
)
def test_mistyped_codes_are_named(client: Client, typed: str) -> None:
    page = client.post(PAGE, {"ma": typed, "nd": typed})
    assert page.status_code == 422
    assert "Cần sửa" in page.content.decode()


def test_guessing_at_one_dossier_is_stopped(client: Client, dossier: Dossier) -> None:
    answers = [
        client.post(PAGE, {"ma": dossier.reference, "nd": f"0000-000{n}"}).status_code for n in range(10)
    ]
    assert answers == [200] * 10
    assert client.post(PAGE, {"ma": dossier.reference, "nd": "0000-000Z"}).status_code == 429


def test_the_log_page_shows_checkpoints_and_keys(client: Client, dossier: Dossier, outsider: User) -> None:
    makers.filed(outsider)
    newest = checkpoints.make()
    assert newest is not None
    page = client.get("/so-nhat-ky/").content.decode()
    assert bytes(newest.root).hex()[:16] in page
    assert newest.key_id in page
    assert client.get(f"/so-nhat-ky/diem-chot/{newest.pk}.txt").content.decode() == newest.note
    assert client.get("/so-nhat-ky/moi-nhat.txt").content.decode() == newest.note
    assert client.get("/so-nhat-ky/khoa.json").json()[0]["id"] == newest.key_id


def test_a_stranger_can_check_that_the_log_only_grew(
    client: Client, dossier: Dossier, outsider: User
) -> None:
    makers.filed(outsider)
    checkpoints.make()
    old, new = Checkpoint.objects.order_by("pk")
    found = client.get(f"/so-nhat-ky/noi-tiep/{old.tree_size}-{new.tree_size}.json").json()
    roots = base64.b64decode(found["old_root"]), base64.b64decode(found["new_root"])
    assert roots == (bytes(old.root), bytes(new.root))
    proof = [bytes.fromhex(step) for step in found["proof"]]
    assert merkle.is_consistent(old.tree_size, new.tree_size, *roots, proof)


@pytest.mark.parametrize(
    "path",
    [
        "diem-chot/0.txt",
        "diem-chot/999999.txt",
        f"diem-chot/{10**30}.txt",
        "noi-tiep/0-1.json",
        "noi-tiep/5-1.json",
        "noi-tiep/1-999999.json",
        f"noi-tiep/1-{10**30}.json",
        "moi-nhat.txt",
    ],
)
def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    assert client.get(f"/so-nhat-ky/{path}").status_code == 404


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 40, "1;DROP", "٣"])
def test_the_log_page_takes_any_cursor(client: Client, dossier: Dossier, before: str) -> None:
    assert client.get("/so-nhat-ky/", {"truoc": before}).status_code == 200


def test_the_pages_ask_the_database_a_few_times(
    client: Client, dossier: Dossier, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(3):
        client.get("/so-nhat-ky/")
    content = as_bytes(dossier)
    with django_assert_max_num_queries(8):
        upload(client, content)
