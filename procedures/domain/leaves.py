"""What the log says about one act, and how the words are hashed: a stranger with the receipt can check
it, and nobody can read anything from the log itself.

A leaf is canonical JSON. Who and what stand in it only as hashes with the leaf's own random salt; the
salt stays with the dossier and goes out with its receipt.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from procedures.domain.digest import normal

VERSION = 1
SALT_BYTES = 32


def canonical_json(value: object) -> bytes:
    """JSON with one spelling: sorted keys, no spaces, NFC, no floats. Raises TypeError or ValueError."""
    return json.dumps(
        normal(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def moment(at: datetime) -> str:
    """2026-11-23T01:02:03.000004Z: always UTC, always microseconds. Raises ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("at is naive")
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def salted(what: str, salt: bytes, content: bytes) -> str:
    """A hash nobody can guess back without the salt; ``what`` keeps its uses apart."""
    return hashlib.sha256(what.encode() + b"\x00" + salt + content).hexdigest()


def dossier_hash(salt: bytes, public_id: str, reference: str) -> str:
    return salted("dossier", salt, canonical_json([public_id, reference]))


def record_hash(salt: bytes, record: Mapping[str, object]) -> str:
    return salted("record", salt, canonical_json(record))


def leaf_content(
    *,
    kind: str,
    salt: bytes,
    public_id: str,
    reference: str,
    digest: str,
    office: str,
    at: datetime,
    record: Mapping[str, object],
) -> bytes:
    """The bytes of a leaf. ``digest``: of the content signed last; ``record``: the act in full."""
    return canonical_json(
        {
            "v": VERSION,
            "kind": kind,
            "dossier": dossier_hash(salt, public_id, reference),
            "digest": digest,
            "office": office,
            "at": moment(at),
            "record": record_hash(salt, record),
            "salt": salted("salt", salt, b""),
        }
    )


def read_leaf(content: bytes) -> dict[str, str]:
    """What a leaf says, by name; the version is left out."""
    said = json.loads(content)
    return {str(name): str(value) for name, value in said.items() if name != "v"}
