"""Điểm chốt: the signed root of the log, in the database and as a file anybody may keep.

A checkpoint is a signed note as transparency logs publish it (C2SP tlog-checkpoint): origin, size, root,
time, and an Ed25519 signature. The private key comes from LOG_KEY; public keys are rows, each endorsed by
the one before it, so that receipts stay valid when the key changes.
"""

import base64
import binascii
import hashlib
import json
import logging
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import connection, transaction

from procedures.models import Checkpoint, LogKey
from procedures.selectors import log as tree
from procedures.services import log

logger = logging.getLogger(__name__)

ORIGIN = "cong-ho-so-bhxh/nhat-ky"
ENDORSEMENT = b"cong-ho-so-bhxh/khoa-moi\x00"
AT_LEAST_EVERY = timedelta(days=1)
# A delivery makes a checkpoint at once, but not more often than this: a burst is covered by the next.
NOT_WITHIN = timedelta(seconds=2)
SEED_BYTES = 32


class NoLogKey(Exception):
    """LOG_KEY is missing, is no key, or isn't the one the log expects."""


# --- keys -------------------------------------------------------------------------------------------


def private_key(value: str | None = None) -> Ed25519PrivateKey:
    """The key of LOG_KEY, 32 bytes in base64. The demo takes any secret. Raises NoLogKey."""
    text = settings.LOG_KEY if value is None else value
    try:
        seed = base64.b64decode(
            text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True
        )
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != SEED_BYTES and text and (settings.DEMO or settings.TESTING):
        seed = hashlib.sha256(text.encode()).digest()
    if len(seed) != SEED_BYTES:
        raise NoLogKey("LOG_KEY must be 32 random bytes in base64: openssl rand -base64 32")
    return Ed25519PrivateKey.from_private_bytes(seed)


def raw_public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id_of(public_key: bytes) -> str:
    """Eight hex digits, as signed notes name a key."""
    return hashlib.sha256(f"{ORIGIN}\n".encode() + b"\x01" + public_key).hexdigest()[:8]


def current_key(signer: Ed25519PrivateKey) -> LogKey:
    """The row of the signing key. The very first key enters by itself, every other one by rotation.

    Raises NoLogKey for a key that was never announced: LOG_KEY was swapped behind the log's back.
    """
    public = raw_public(signer)
    key_id = key_id_of(public)
    found = LogKey.objects.filter(pk=key_id).first()
    if found is not None and bytes(found.public_key) == public:
        return found
    if LogKey.objects.exists():
        raise NoLogKey(f"key {key_id} was never announced: use manage.py rotate_log_key")
    return LogKey.objects.create(key_id=key_id, public_key=public)


def announce(successor: Ed25519PrivateKey) -> LogKey:
    """Enter the next key, endorsed by the present one, which signs on until LOG_KEY is changed."""
    signer = private_key()
    with transaction.atomic():
        log.hold_tree(wait=True)
        present, public = current_key(signer), raw_public(successor)
        return LogKey.objects.create(
            key_id=key_id_of(public),
            public_key=public,
            endorsed_by=present,
            endorsement=signer.sign(ENDORSEMENT + public),
        )


def is_endorsed(key: LogKey) -> bool:
    """Whether the key before it signed for this one; the first key stands for itself."""
    if key.endorsed_by is None:
        return not bytes(key.endorsement)
    public = bytes(key.endorsed_by.public_key)
    return is_signed(public, bytes(key.endorsement), ENDORSEMENT + bytes(key.public_key))


def is_signed(public_key: bytes, signature: bytes, content: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- checkpoints ------------------------------------------------------------------------------------


def make(*, soon: bool = False) -> Checkpoint | None:
    """Place the waiting leaves and sign the root; None when there is no news and the last one is of today.

    ``soon``: right after a delivery. Then never twice within NOT_WITHIN, and never waiting for another
    that is making one. Raises NoLogKey.
    """
    signer = private_key()
    with transaction.atomic():
        if not log.hold_tree(wait=not soon):
            return None
        last, now = tree.latest_checkpoint(), _now()
        age = now - last.made_at if last else AT_LEAST_EVERY
        if soon and age < NOT_WITHIN:
            return None
        size = log.sequence()
        if last and last.tree_size == size and age < AT_LEAST_EVERY:
            return None
        key, root = current_key(signer), tree.root_of(size)
        note = signed_note(signer, key, size, root, now)
        made = Checkpoint.objects.create(tree_size=size, root=root, key=key, note=note, made_at=now)
        transaction.on_commit(publish, robust=True)
    return made


def make_soon() -> None:
    """After a delivery, so that the receipt usually carries its proof. Whatever goes wrong, the delivery
    stands, and the next minute's checkpoint has the leaf."""
    try:
        make(soon=True)
    except Exception:
        logger.exception("no checkpoint after a delivery")


def note_body(size: int, root: bytes, at: datetime) -> str:
    """The text that is signed."""
    return f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n"


def signed_note(signer: Ed25519PrivateKey, key: LogKey, size: int, root: bytes, at: datetime) -> str:
    body = note_body(size, root, at)
    signature = bytes.fromhex(key.key_id) + signer.sign(body.encode())
    return f"{body}\n— {ORIGIN} {base64.b64encode(signature).decode()}\n"


def is_genuine(checkpoint: Checkpoint) -> bool:
    """Whether the row says what its note says, and the note is signed by the row's key."""
    key = checkpoint.key
    body = note_body(checkpoint.tree_size, bytes(checkpoint.root), checkpoint.made_at)
    head, _, line = checkpoint.note.partition(f"\n— {ORIGIN} ")
    try:
        signature = base64.b64decode(line.rstrip("\n"), validate=True)
    except (binascii.Error, ValueError):
        return False
    is_named = signature[:4].hex() == key.key_id == key_id_of(bytes(key.public_key))
    is_same = head == body and checkpoint.note == f"{body}\n— {ORIGIN} {line}" and line.endswith("\n")
    return is_named and is_same and is_signed(bytes(key.public_key), signature[4:], body.encode())


def _now() -> datetime:
    """The database's clock, to the second: what the note says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('second', clock_timestamp())")
        found: datetime = cursor.fetchone()[0]
    return found


# --- files ------------------------------------------------------------------------------------------


def folder() -> Path:
    return Path(settings.CHECKPOINT_DIR)


def path_of(checkpoint: Checkpoint) -> Path:
    """A folder a day."""
    at = checkpoint.made_at.astimezone(UTC)
    name = f"{checkpoint.pk:010d}-{checkpoint.tree_size}.txt"
    return folder() / f"{at:%Y}" / f"{at:%m}" / f"{at:%d}" / name


def publish() -> int:
    """Write the files of the newest checkpoints, back to the last that has one, and of the keys."""
    missing = []
    for checkpoint in Checkpoint.objects.order_by("-pk").iterator(chunk_size=50):
        if path_of(checkpoint).exists():
            break
        missing.append(checkpoint)
    for checkpoint in reversed(missing):
        _write(path_of(checkpoint), checkpoint.note)
    if missing:
        _write(folder() / "keys.json", keys_text())
    return len(missing)


def keys_text() -> str:
    return json.dumps(published_keys(), ensure_ascii=False, indent=2) + "\n"


def published_keys() -> list[dict[str, object]]:
    return [
        {
            "id": key.key_id,
            "origin": ORIGIN,
            "algorithm": "Ed25519",
            "public_key": base64.b64encode(bytes(key.public_key)).decode(),
            "since": key.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "endorsed_by": key.endorsed_by_id,
            "endorsement": base64.b64encode(bytes(key.endorsement)).decode(),
        }
        for key in tree.log_keys()
    ]


def _write(path: Path, text: str) -> None:
    """All of it or nothing, also when the machine dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
