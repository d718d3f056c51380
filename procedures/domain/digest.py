"""The digest a transaction code is bound to: one changed byte of the dossier gives another digest.

The canonical text is JSON with sorted keys and no spaces, in NFC, so that the same dossier always has
the same bytes whatever keyboard, browser or Python wrote it.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping

from procedures.domain.conditions import Answers

FORMAT = "ho-so-bhxh/1"

_SHA256 = re.compile(r"[0-9a-f]{64}")


def canonical(
    *,
    procedure_code: str,
    edition: str,
    answers: Answers,
    office_key: str,
    filer_id: str,
    attachments: Iterable[tuple[str, str]],
    to_follow: Iterable[str],
) -> bytes:
    """The bytes that are signed. ``attachments`` are (document code, sha256 in hex).

    Raises ValueError or TypeError for what has no single spelling (floats, dates, doubled keys).
    """
    papers = sorted(attachments)
    if any(not _SHA256.fullmatch(sha256) for _, sha256 in papers):
        raise ValueError("An attachment's digest is not a SHA-256 in lower-case hex.")
    content = {
        "format": FORMAT,
        "procedure": procedure_code,
        "edition": edition,
        "answers": answers,
        "office": office_key,
        "filer": filer_id,
        "attachments": [[code, sha256] for code, sha256 in papers],
        "to_follow": sorted(to_follow),
    }
    return json.dumps(
        normal(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(
    *,
    procedure_code: str,
    edition: str,
    answers: Answers,
    office_key: str,
    filer_id: str,
    attachments: Iterable[tuple[str, str]],
    to_follow: Iterable[str],
) -> str:
    """SHA-256 of the canonical bytes, in lower-case hex."""
    signed = canonical(
        procedure_code=procedure_code,
        edition=edition,
        answers=answers,
        office_key=office_key,
        filer_id=filer_id,
        attachments=attachments,
        to_follow=to_follow,
    )
    return hashlib.sha256(signed).hexdigest()


def normal(value: object) -> object:
    """The value as canonical JSON has it: text in NFC, mappings with text keys. Raises TypeError for
    what has no single spelling, ValueError for doubled keys."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, (list, tuple)):
        return [normal(item) for item in value]
    if isinstance(value, Mapping):
        return _normal_mapping(value)
    raise TypeError(f"No canonical spelling for {type(value).__name__}.")


def _normal_mapping(value: Mapping[object, object]) -> dict[str, object]:
    kept: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError("Keys are text.")
        name = unicodedata.normalize("NFC", key)
        if name in kept:
            raise ValueError(f"Two keys are spelled {name!r}.")
        kept[name] = normal(item)
    return kept
