"""Kiểm chứng: judging a receipt somebody brings, with the same code anybody can run without the portal.
Nothing is told that doesn't stand on the receipt already."""

import base64
import io
from dataclasses import dataclass

import pikepdf
from django.db import connection

import verify_receipt
from portal.lib import uploads
from portal.lib.digests import short_digest
from procedures.selectors import log as tree
from procedures.services import checkpoints

ATTACHED = "giay-tiep-nhan.json"
_NAMES = ("kind", "reference", "office", "at", "digest", "index", "size", "closed_at", "key")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. ``reason`` is a key of verify_receipt.WORDS, "" when all is proven."""

    reason: str = ""
    reference: str = ""
    kind: str = ""
    office: str = ""
    at: str = ""
    digest: str = ""
    index: int = 0
    size: int = 0
    closed_at: str = ""
    key: str = ""

    @property
    def is_proven(self) -> bool:
        return not self.reason


def judge(content: bytes) -> Verdict:
    """A receipt as PDF or JSON, checked against the published keys."""
    try:
        receipt = verify_receipt.read(_attached(content) if content.startswith(b"%PDF") else content)
        proven = verify_receipt.verify(receipt, known_keys())
    except verify_receipt.Refused as refused:
        return Verdict(reason=refused.reason)
    return Verdict(**{name: proven[name] for name in _NAMES})


def known_keys() -> dict[str, bytes]:
    """The log's keys, each endorsed by the one before it."""
    return {key.key_id: bytes(key.public_key) for key in tree.log_keys() if checkpoints.is_endorsed(key)}


def is_filed(reference: str, code: str) -> bool:
    """Whether a dossier of this reference was signed with this content: the short code or the whole
    digest. The same False for an unknown reference and for other content."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall_digests(%s)", [reference])
        return any(code in (digest, short_digest(digest)) for (digest,) in cursor.fetchall())


def consistency(old: int, new: int) -> dict[str, object]:
    """That a later tree only added to an earlier one. Raises ValueError, or KeyError for no such tree."""
    path = tree.consistency_of(old, new)
    return {
        "old_size": old,
        "old_root": _root(old),
        "new_size": new,
        "new_root": _root(new),
        "proof": [step.hex() for step in path],
    }


def _root(size: int) -> str:
    return base64.b64encode(tree.root_of(size)).decode()


def _attached(content: bytes) -> bytes:
    """The receipt inside a PDF; nothing readable for a PDF that has none."""
    try:
        stream = io.BytesIO(content)
        uploads.inspect(stream, len(content))
        with pikepdf.open(stream) as opened:
            file = opened.attachments[ATTACHED].get_file().obj
            if file.get("/Filter", pikepdf.Name.FlateDecode) != pikepdf.Name.FlateDecode:
                return b""
            return bytes(file.read_bytes())
    except (uploads.UploadRefused, pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError):
        return b""
