"""Every file of the corpus gets its answer: refused with advice, copied clean, or kept from everybody."""

import io
import re
from typing import Any

import pikepdf
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from portal.lib.uploads import UploadRefused
from procedures.models import Attachment, Dossier, FileCheck
from procedures.services import drafts, files
from tests import makers
from tests.procedures.files.corpus import SECRET, Case, cases
from tests.procedures.files.scanners import Clamd

pytestmark = pytest.mark.django_db

CASES = {case.name: case for case in cases()}
DANGEROUS = (
    *(b"/JavaScript", b"/JS", b"/OpenAction", b"/AA", b"/Launch", b"/EmbeddedFile", b"/EF", b"/AF"),
    *(b"/XFA", b"/AcroForm", b"/Annots", b"/Metadata", b"/PieceInfo", b"/Thumb", b"/ByteRange", b"<script"),
)


@pytest.fixture
def draft(contributor: User) -> Dossier:
    draft = makers.draft(contributor)
    for attachment in draft.attachments.all():
        drafts.detach(draft, attachment)
    return makers.fresh(draft)


def answer_to(case: Case, draft: Dossier) -> tuple[str, Attachment | None]:
    """What became of the file: words of a refusal, or how it ended and its row."""
    content = case.make()
    before = draft.attachments.count()
    try:
        file = SimpleUploadedFile("x", content)
        file._name = case.file_name  # as it comes over the wire: Django's own setter would tidy it up
        attachment = drafts.attach(draft, "so_bhxh", file)
    except UploadRefused as error:
        assert draft.attachments.count() == before
        return str(error), None
    files.check(FileCheck.objects.get(attachment=attachment).pk)
    attachment.refresh_from_db()
    assert files.original_of(attachment) == content, "the original is kept byte for byte"
    return ("copied" if attachment.may_be_opened else attachment.safety), attachment


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.answer != "infected"])
def test_each_file_gets_its_answer(name: str, draft: Dossier) -> None:
    case = CASES[name]
    answer, attachment = answer_to(case, draft)
    assert case.answer in answer
    if attachment is None or not attachment.may_be_opened:
        return
    assert_shown_name_is_harmless(attachment.name)
    content = files.copy_of(attachment)
    assert SECRET not in content
    if attachment.copy_type == "image/jpeg":
        assert_only_a_picture(content, case.size)
    else:
        assert_only_looks(content.replace(b"/JS", b"/F1") if "called JS" in name else content)


def assert_shown_name_is_harmless(name: str) -> None:
    assert 0 < len(name) <= 100
    assert not re.search(r"[\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069]", name)


def assert_only_a_picture(content: bytes, size: tuple[int, int] | None) -> None:
    assert content.startswith(b"\xff\xd8\xff")
    assert content.endswith(b"\xff\xd9")
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as copy:
        copy.load()
        assert copy.mode in ("L", "RGB")
        assert not copy.getexif()
        assert {"icc_profile", "comment", "exif"}.isdisjoint(copy.info)
        assert size in (None, copy.size)


def assert_only_looks(content: bytes) -> None:
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    with pikepdf.open(io.BytesIO(content)) as copy:
        out = io.BytesIO()
        copy.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    plain = out.getvalue()
    assert [key for key in DANGEROUS if re.search(re.escape(key) + rb"(?![A-Za-z])", plain)] == []


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.answer == "infected"])
def test_each_threat_is_found(name: str, draft: Dossier, clamd: Clamd, settings: Any) -> None:
    settings.CLAMD_URL = clamd.url
    answer, attachment = answer_to(CASES[name], draft)
    assert answer == "infected"
    assert attachment is not None
    assert not attachment.copy_name


def test_what_was_typed_into_a_form_is_still_to_be_read(draft: Dossier) -> None:
    for name, words in (
        ("a PDF with a form filled in", "DA DIEN SAN"),
        ("a PDF with a font called JS", "VAN DOC DUOC"),
    ):
        _answer, attachment = answer_to(CASES[name], draft)
        assert attachment is not None
        assert words in pypdf.PdfReader(io.BytesIO(files.copy_of(attachment))).pages[0].extract_text()


def test_the_officer_is_told_of_a_signature_the_copy_lost(draft: Dossier) -> None:
    for name, is_signed in (("a signed PDF", True), ("a PDF with a form filled in", False)):
        _answer, attachment = answer_to(CASES[name], draft)
        assert attachment is not None
        assert attachment.is_signed == is_signed


def test_a_deep_picture_keeps_its_shades(draft: Dossier) -> None:
    """16 bits of grey are scaled to 8, not cut off at white."""
    _answer, attachment = answer_to(CASES["a 16-bit PNG"], draft)
    assert attachment is not None
    with Image.open(io.BytesIO(files.copy_of(attachment))) as copy:
        darkest, lightest = copy.getextrema()
        assert (darkest < 8, lightest > 247, 118 < copy.getpixel((32, 24)) < 142) == (True, True, True)
