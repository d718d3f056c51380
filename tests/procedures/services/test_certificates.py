"""Ký bằng chứng thư số: a certificate signs what a code would sign, and files on the same path."""

import base64
import hashlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client

import verify_receipt
from accounts.models import CertificateSignature, Office, TransactionCode, User
from accounts.services import certificates, codes
from procedures.domain.errors import DomainError
from procedures.models import CoSignature, Dispatch, Dossier, Filing
from procedures.services import (
    bundle,
    checkpoints,
    content,
    cosigning,
    drafts,
    evidence,
    filing,
    log_check,
    papers,
)
from tests import makers
from tests.authority import Authority, Holder
from tests.procedures.documents.sheets import text_of
from tests.procedures.proof.offline import offline
from tests.procedures.services.test_cosigning import FAMILY, relative
from tests.procedures.services.test_filing import in_parallel

pytestmark = pytest.mark.django_db
NAME, NUMBER = "Nguyễn Thị Hằng", "001160000018"  # the contributor's


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("authority")
    return Authority(folder / "ca", folder / "trust")


@pytest.fixture(scope="module")
def known(made: Authority) -> Holder:
    return made.issue(NAME, NUMBER)


@pytest.fixture
def authority(made: Authority, settings: Any, tmp_path: Path) -> Authority:
    """Trusted by the portal, with a fresh list."""
    made.trust = tmp_path / "trust"
    made.trust.mkdir()
    settings.CERTIFICATE_TRUST_DIR = made.trust
    made.publish()
    return made


@pytest.fixture
def holder(authority: Authority, known: Holder) -> Holder:
    return known


@pytest.fixture
def draft(contributor: User) -> Dossier:
    return makers.draft(contributor)


def signed_by(holder: Holder, dossier: Dossier, *options: str) -> bytes:
    return holder.cms(content.signed_content(dossier), *options)


def refusal(dossier: Dossier, container: bytes) -> certificates.CertificateRefused:
    with pytest.raises(certificates.CertificateRefused) as refused:
        filing.file_with_certificate(dossier, dossier.filer, container)
    assert makers.fresh(dossier).status == dossier.status
    assert not CertificateSignature.objects.exists()
    return refused.value


class TestARightSignature:
    def test_files_on_the_path_of_a_code(self, holder: Holder, draft: Dossier) -> None:
        made = filing.file_with_certificate(draft, draft.filer, signed_by(holder, draft))
        filed = makers.deliver(makers.fresh(draft))
        assert (filed.status, filed.office_id, filed.edition) == ("queued", "ha-noi", "2019")
        assert Dispatch.objects.get().filing == made
        assert made.digest == content.digest_of(filed)
        signature = CertificateSignature.objects.get()
        assert (made.certificate, made.code) == (signature, None)
        assert (signature.holder, signature.identity_number, signature.kind) == (NAME, NUMBER, "cms")

    def test_may_be_in_a_pdf(self, holder: Holder, draft: Dossier) -> None:
        original = papers.signing_pdf_for(draft)
        assert content.digest_of(draft)[:8] in text_of(original).replace(" ", "")
        made = filing.file_with_certificate(draft, draft.filer, holder.pdf(original))
        assert made.certificate
        assert made.certificate.kind == "pdf"

    def test_may_be_pem(self, holder: Holder, draft: Dossier) -> None:
        pem = b"-----BEGIN CMS-----\n" + base64.encodebytes(signed_by(holder, draft)) + b"-----END CMS-----\n"
        assert filing.file_with_certificate(draft, draft.filer, pem).certificate

    def test_is_accepted_by_an_ocsp_answer_alone(
        self, holder: Holder, authority: Authority, draft: Dossier
    ) -> None:
        (authority.trust / "ca.crl").unlink()
        authority.answer(holder)
        assert filing.file_with_certificate(draft, draft.filer, signed_by(holder, draft)).certificate

    def test_stands_in_the_log_on_the_receipt_and_in_the_bundle(
        self, holder: Holder, authority: Authority, draft: Dossier, settings: Any, tmp_path: Path
    ) -> None:
        settings.CHECKPOINT_DIR = tmp_path / "checkpoints"
        container = signed_by(holder, draft)
        filing.file_with_certificate(draft, draft.filer, container)
        filed = makers.deliver(makers.fresh(draft))
        checkpoints.make()
        checkpoints.publish()
        receipt = evidence.receipt_of(filed)
        assert receipt
        assert receipt["signature"]["means"] == "certificate"
        assert NUMBER not in str(receipt["signature"])
        assert f"chứng thư số do {authority.name} cấp" in text_of(papers.receipt_pdf_for(filed))
        (tmp_path / "bo.zip").write_bytes(bundle.bundle_of(filed))
        assert offline(Path(settings.BASE_DIR, "verify_receipt.py"), tmp_path / "bo.zip").returncode == 0
        assert list(log_check.findings(settings.CHECKPOINT_DIR)) == []
        self.opens_with_openssl_alone(tmp_path / "bo.zip", tmp_path / "bo")
        self.is_held_against_the_log(tmp_path / "bo.zip")

    def is_held_against_the_log(self, packed: Path) -> None:
        """Another signature in its place, listed as if it were right, is found."""
        bundled = verify_receipt.read_bundle(packed)
        listed = json.loads(bundled["muc-luc.json"])
        bundled["chu-ky-so/lan-1.p7s"] = b"another"
        listed["files"]["chu-ky-so/lan-1.p7s"] = hashlib.sha256(b"another").hexdigest()
        bundled["muc-luc.json"] = json.dumps(listed).encode()
        with pytest.raises(verify_receipt.Refused, match=r"chu-ky-so/lan-1\.p7s"):
            verify_receipt.verify_bundle(bundled)

    def opens_with_openssl_alone(self, packed: Path, folder: Path) -> None:
        with zipfile.ZipFile(packed) as files:
            files.extractall(folder)
        command = [
            *["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "chu-ky-so/lan-1.p7s"],
            *["-content", "noi-dung-da-ky/lan-1.json", "-CAfile", "chu-ky-so/lan-1-chung-thu.pem"],
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert (folder / "chu-ky-so/lan-1-thu-hoi-1.der").exists()

    @pytest.mark.parametrize(
        "column", ["holder", "identity_number", "issuer", "serial", "mark", "fingerprint"]
    )
    def test_cannot_be_altered_unnoticed(
        self, holder: Holder, draft: Dossier, column: str, settings: Any, tmp_path: Path
    ) -> None:
        settings.CHECKPOINT_DIR = tmp_path / "checkpoints"
        filing.file_with_certificate(draft, draft.filer, signed_by(holder, draft))
        CertificateSignature.objects.update(**{column: "0"})
        assert ["leaf" in str(one) for one in log_check.findings(settings.CHECKPOINT_DIR)] == [True]

    def test_signs_a_supplement_too(self, holder: Holder, contributor: User, officer: User) -> None:
        asked = makers.supplement_requested(contributor, officer)
        makers.attach(asked, "so_bhxh", makers.pdf())
        asked = makers.fresh(asked)
        made = filing.file_with_certificate(asked, contributor, signed_by(holder, asked))
        assert (made.number, makers.deliver(makers.fresh(asked)).status) == (2, "queued")

    def test_signs_with_the_others(
        self, holder: Holder, contributor: User, pensioner: User, authority: Authority
    ) -> None:
        rows = [relative(person.full_name, person.login) for person in (contributor, pensioner)]
        family = makers.draft(contributor, "", procedure="tu_tuat", **FAMILY, relatives=rows)
        cosigning.ask(family)
        row = CoSignature.objects.get(dossier=family)
        container = authority.issue(pensioner.full_name, "011234567").cms(content.signed_content(family))
        cosigning.sign_with_certificate(row, pensioner, container)
        row.refresh_from_db()
        assert (row.certificate.holder, row.digest) == (pensioner.full_name, content.digest_of(family))
        assert filing.file_with_certificate(family, contributor, signed_by(holder, family))

    def test_leaves_the_way_of_the_code_open(self, holder: Holder, draft: Dossier) -> None:
        refusal(draft, b"not a signature")
        assert makers.sign(draft).status == "filed"


class TestRefused:
    """Each in its own words."""

    def test_revoked(self, authority: Authority, draft: Dossier) -> None:
        holder = authority.issue(NAME, NUMBER)
        authority.revoke(holder)
        authority.publish()
        assert "đã bị thu hồi" in refusal(draft, signed_by(holder, draft)).message

    def test_revoked_says_an_ocsp_answer(self, authority: Authority, draft: Dossier) -> None:
        holder = authority.issue(NAME, NUMBER)
        authority.revoke(holder)
        (authority.trust / "ca.crl").unlink()
        authority.answer(holder)
        assert refusal(draft, signed_by(holder, draft)).reason == "revoked"

    def test_expired(self, authority: Authority, draft: Dossier) -> None:
        holder = authority.issue(NAME, NUMBER, days=("20180101000000Z", "20200101000000Z"))
        assert "đã hết hạn" in refusal(draft, signed_by(holder, draft)).message

    def test_not_valid_yet(self, authority: Authority, draft: Dossier) -> None:
        holder = authority.issue(NAME, NUMBER, days=("20990101000000Z", "21000101000000Z"))
        assert "chưa có hiệu lực" in refusal(draft, signed_by(holder, draft)).message

    def test_of_an_unknown_issuer(self, holder: Holder, draft: Dossier, tmp_path: Path) -> None:
        stranger = Authority(tmp_path / "other", tmp_path / "nowhere", "CA lạ")
        assert (
            "không có trong danh sách"
            in refusal(draft, signed_by(stranger.issue(NAME, NUMBER), draft)).message
        )

    def test_of_an_issuer_with_a_known_name_and_another_key(
        self, authority: Authority, holder: Holder, draft: Dossier, tmp_path: Path
    ) -> None:
        forger = Authority(tmp_path / "forger", tmp_path / "nowhere", authority.name)
        assert refusal(draft, signed_by(forger.issue(NAME, NUMBER), draft)).reason in (
            "unknown_issuer",
            "status_unknown",
        )

    def test_of_which_nobody_knows_whether_it_was_revoked(
        self, authority: Authority, holder: Holder, draft: Dossier
    ) -> None:
        (authority.trust / "ca.crl").unlink()
        assert "không biết chắc" in refusal(draft, signed_by(holder, draft)).message

    @pytest.mark.parametrize(
        ("name", "number"),
        [
            ("Trần Văn Đức", "011234567"),
            (NAME, "001160000019"),
            ("Nguyễn Thị Hồng", NUMBER),
            (NAME, "160000018"),
        ],
    )
    def test_of_another_person(self, authority: Authority, draft: Dossier, name: str, number: str) -> None:
        refused = refusal(draft, signed_by(authority.issue(name, number), draft))
        assert "không phải của ông/bà" in refused.message

    def test_over_other_content(self, holder: Holder, draft: Dossier) -> None:
        container = signed_by(holder, draft)
        drafts.save_answers(draft, {"identity_issued_by": "Công an Hưng Yên"}, draft.revision)
        assert "nội dung khác" in refusal(makers.fresh(draft), container).message

    def test_over_the_pdf_of_other_content(self, holder: Holder, draft: Dossier) -> None:
        signed = holder.pdf(papers.signing_pdf_for(draft))
        drafts.save_answers(draft, {"identity_issued_by": "Công an Hưng Yên"}, draft.revision)
        assert refusal(makers.fresh(draft), signed).reason == "other_content"

    def test_over_an_altered_pdf(self, holder: Holder, draft: Dossier) -> None:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(papers.signing_pdf_for(draft))) as opened:
            opened.add_blank_page()
            opened.save(out)
        assert refusal(draft, holder.pdf(out.getvalue())).reason == "other_content"

    def test_with_something_added_after_the_signature(self, holder: Holder, draft: Dossier) -> None:
        twice = holder.pdf(papers.signing_pdf_for(draft))
        for tail in (b"\n% them\n", twice[-2000:]):
            assert refusal(draft, twice + tail).reason in ("other_content", "unreadable")

    def test_a_pdf_without_a_signature(self, holder: Holder, draft: Dossier) -> None:
        assert refusal(draft, papers.signing_pdf_for(draft)).reason == "unreadable"

    def test_by_sha_1(self, holder: Holder, draft: Dossier) -> None:
        assert "SHA-256" in refusal(draft, signed_by(holder, draft, "-md", "sha1")).message

    def test_by_a_certificate_for_something_else(self, authority: Authority, draft: Dossier) -> None:
        assert (
            refusal(draft, signed_by(authority.issue(NAME, NUMBER, use="other"), draft)).reason == "wrong_use"
        )

    def test_with_the_content_inside(self, holder: Holder, draft: Dossier) -> None:
        assert refusal(draft, signed_by(holder, draft, "-nodetach")).reason == "unreadable"

    def test_with_a_flipped_bit_anywhere(self, holder: Holder, draft: Dossier) -> None:
        container = signed_by(holder, draft)
        for at in range(0, len(container), 97):
            refusal(draft, container[:at] + bytes([container[at] ^ 1]) + container[at + 1 :])
            codes_of_throttle_forgotten()

    @pytest.mark.parametrize(
        "rubbish",
        [
            b"\x00",
            b"%PDF-1.7\n%%EOF",
            b"0\x80" * 400,
            b"-----BEGIN CMS-----",
            b"\xff" * 200_000,
            b"PK\x03\x04",
        ],
    )
    def test_rubbish(self, holder: Holder, draft: Dossier, rubbish: bytes) -> None:
        assert refusal(draft, rubbish).reason in ("unreadable", "other_content")

    def test_used_before(self, holder: Holder, contributor: User, draft: Dossier) -> None:
        """The same content again is another act: whoever has the old file has no signature for it."""
        container = signed_by(holder, draft)
        filing.file_with_certificate(draft, contributor, container)
        again = makers.draft(contributor)
        assert content.digest_of(again) == content.digest_of(draft)
        with pytest.raises(certificates.CertificateRefused, match="đã dùng"):
            filing.file_with_certificate(again, contributor, container)
        assert makers.fresh(again).status == "draft"
        assert Filing.objects.count() == 1

    def test_for_an_account_nobody_vouched_for(self, holder: Holder, draft: Dossier) -> None:
        User.objects.filter(pk=draft.filer_id).update(is_vouched=False)
        with pytest.raises(codes.CodeNotSent):
            filing.file_with_certificate(draft, draft.filer, signed_by(holder, draft))

    def test_too_often(self, holder: Holder, draft: Dossier) -> None:
        for _ in range(20):
            refusal(draft, b"x")
        assert refusal(draft, signed_by(holder, draft)).reason == "often"

    def test_an_unfinished_draft(self, holder: Holder, draft: Dossier) -> None:
        drafts.detach(draft, draft.attachments.get())
        unfinished = makers.fresh(draft)
        with pytest.raises(DomainError):
            filing.file_with_certificate(unfinished, draft.filer, signed_by(holder, unfinished))


def codes_of_throttle_forgotten() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_throttle")


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_make_one_filing(holder: Holder, contributor: User) -> None:
    dossier = makers.draft(contributor)
    container = signed_by(holder, dossier)

    def click() -> Filing:
        mine = Dossier.objects.select_related("filer").get(pk=dossier.pk)
        return filing.file_with_certificate(mine, mine.filer, container)

    outcomes = in_parallel(10, click)
    assert {getattr(outcome, "pk", outcome) for outcome in outcomes} == {Filing.objects.get().pk}
    assert CertificateSignature.objects.count() == Dispatch.objects.count() == 1


def test_the_demo_has_certificates_to_try_it_with(
    offices: dict[str, Office], settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR, settings.CERTIFICATE_TRUST_DIR = tmp_path, tmp_path / "demo-ca" / "trust"
    settings.DEMO = True
    call_command("load_demo", stdout=io.StringIO())
    call_command("demo_certificate", "0119000001", stdout=io.StringIO())
    citizen = User.objects.get(login="0119000001")
    person = Holder(tmp_path / "demo-ca", "0119000001")
    first = makers.draft(citizen)
    assert filing.file_with_certificate(first, citizen, signed_by(person, first)).certificate
    call_command("demo_certificate", "0119000001", "--revoke", stdout=io.StringIO())
    second = makers.draft(citizen, "dinh_cu")
    with pytest.raises(certificates.CertificateRefused, match="thu hồi"):
        filing.file_with_certificate(second, citizen, signed_by(person, second))


class TestThePages:
    def post(self, browser: Client, dossier: Dossier, container: bytes) -> Any:
        file = SimpleUploadedFile("ký.p7s", container)
        return browser.post(f"/ho-so/{dossier.public_id}/ky/chung-thu-so/", {"signature": file})

    @pytest.fixture
    def browser(self, contributor: User) -> Client:
        client = Client()
        client.force_login(contributor)
        return client

    def test_the_signing_page_offers_both_ways(self, holder: Holder, browser: Client, draft: Dossier) -> None:
        page = browser.get(f"/ho-so/{draft.public_id}/ky/").content.decode()
        assert "Gửi mã cho tôi" in page
        assert f"/ho-so/{draft.public_id}/ky/noi-dung.pdf" in page

    def test_without_a_trust_list_no_certificate_is_offered(
        self, browser: Client, draft: Dossier, settings: Any, tmp_path: Path
    ) -> None:
        settings.CERTIFICATE_TRUST_DIR = tmp_path / "none"
        assert "chung-thu-so" not in browser.get(f"/ho-so/{draft.public_id}/ky/").content.decode()
        assert self.post(browser, draft, b"x")["Location"] == f"/ho-so/{draft.public_id}/ky/"

    def test_what_is_downloaded_is_what_is_signed(
        self, holder: Holder, browser: Client, draft: Dossier
    ) -> None:
        answer = browser.get(f"/ho-so/{draft.public_id}/ky/noi-dung.json")
        assert answer.content == content.signed_content(draft)
        assert answer["Cache-Control"] == "no-store"
        response = self.post(browser, draft, holder.cms(answer.content))
        assert response["Location"] == f"/ho-so/{draft.public_id}/da-nop/"
        assert Filing.objects.get().certificate
        assert not TransactionCode.objects.exists()

    def test_so_is_the_pdf(self, holder: Holder, browser: Client, draft: Dossier) -> None:
        first, second = (browser.get(f"/ho-so/{draft.public_id}/ky/noi-dung.pdf").content for _ in range(2))
        assert first == second
        assert self.post(browser, draft, holder.pdf(first)).status_code == 302
        assert self.post(browser, draft, b"x")["Location"] == f"/ho-so/{draft.public_id}/da-nop/"

    def test_a_refusal_stands_at_the_field(self, holder: Holder, browser: Client, draft: Dossier) -> None:
        response = self.post(browser, draft, holder.cms(b"something else"))
        page = response.content.decode()
        assert response.status_code == 422
        assert page.count("Chữ ký này là của nội dung khác") == 2  # in the summary and at the field
        assert re.search(r'id="chung-thu-so" open>', page)

    @pytest.mark.parametrize(
        "posted", [{}, {"signature": "text"}, {"signature": SimpleUploadedFile("a", b"")}]
    )
    def test_nothing_chosen_is_said_kindly(
        self, holder: Holder, browser: Client, draft: Dossier, posted: dict[str, Any]
    ) -> None:
        response = browser.post(f"/ho-so/{draft.public_id}/ky/chung-thu-so/", posted)
        assert response.status_code == 422

    def test_an_unknown_kind_of_content_is_not_there(
        self, holder: Holder, browser: Client, draft: Dossier
    ) -> None:
        assert browser.get(f"/ho-so/{draft.public_id}/ky/noi-dung.exe").status_code == 404

    def test_a_co_signer_signs_on_the_page(
        self, authority: Authority, contributor: User, citizen: Callable[..., User], pensioner: User
    ) -> None:
        rows = [relative(person.full_name, person.login) for person in (contributor, pensioner)]
        family = makers.draft(contributor, "", procedure="tu_tuat", **FAMILY, relatives=rows)
        cosigning.ask(family)
        row = CoSignature.objects.get(dossier=family)
        client = Client()
        client.force_login(pensioner)
        assert "noi-dung.json" in client.get(f"/cung-ky/{row.pk}/").content.decode()
        signed = client.get(f"/cung-ky/{row.pk}/noi-dung.json").content
        holder = authority.issue(pensioner.full_name, "011234567")
        wrong = client.post(f"/cung-ky/{row.pk}/chung-thu-so/", {"signature": SimpleUploadedFile("a", b"x")})
        assert wrong.status_code == 422
        right = SimpleUploadedFile("a.p7s", holder.cms(signed))
        assert (
            client.post(f"/cung-ky/{row.pk}/chung-thu-so/", {"signature": right})["Location"] == "/cung-ky/"
        )
        row.refresh_from_db()
        assert row.signed_at
