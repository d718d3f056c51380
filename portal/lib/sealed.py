"""Bytes kept so that the disk alone doesn't give them away: AES-256-GCM, one seal a file.

A seal is ``BHXH`` 0x01, the length of the key's id, the id, 12 random bytes, and what AES-GCM makes. The id and the
name under which the file is kept are part of the seal: a file put under another's name doesn't open.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MAGIC = b"BHXH\x01"
_NONCE_LENGTH = 12
MIN_SECRET = 32  # characters of a key's secret
FIRST_KEY = "1"  # the id of a key that was given without one


class Unreadable(Exception):
    """No seal, a seal of a key that isn't there, or changed bytes."""


class StoreAway(OSError):
    """Where the sealed files are kept doesn't answer, or says that it can't now. Trying again later helps."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The newest key seals; all of them open."""

    newest: str
    ciphers: Mapping[str, AESGCM]

    @classmethod
    def parse(cls, text: str) -> "Keys":
        """``id:secret`` pairs separated by commas, the newest first; of an only one the id may be left out.

        Raises ValueError for a secret under 32 characters, an id over 16, and no key at all.
        """
        pairs = [part.strip().rpartition(":") for part in text.split(",") if part.strip()]
        named = {identifier or FIRST_KEY: secret for identifier, _colon, secret in pairs}
        if not named or len(named) != len(pairs):
            raise ValueError("FILE_KEYS needs keys of different ids")
        if any(len(secret) < MIN_SECRET or len(name) > 16 for name, secret in named.items()):
            raise ValueError(f"FILE_KEYS: an id has 16 characters at most, a secret {MIN_SECRET} at least")
        return cls(next(iter(named)), {name: _cipher(secret) for name, secret in named.items()})

    def seal(self, content: bytes, name: str) -> bytes:
        head = _MAGIC + bytes([len(self.newest)]) + self.newest.encode()
        nonce = os.urandom(_NONCE_LENGTH)
        return head + nonce + self.ciphers[self.newest].encrypt(nonce, content, head + name.encode())

    def unseal(self, sealed: bytes, name: str) -> bytes:
        """What ``seal`` was given. Raises Unreadable."""
        key = key_id(sealed)
        at = len(_MAGIC) + 1 + len(key)
        try:
            nonce, body = sealed[at : at + _NONCE_LENGTH], sealed[at + _NONCE_LENGTH :]
            return self.ciphers[key].decrypt(nonce, body, sealed[:at] + name.encode())
        except (InvalidTag, KeyError, ValueError) as error:
            raise Unreadable(f"key {key or 'none'}") from error


def key_id(sealed: bytes) -> str:
    """The id of the key that sealed this; "" when it isn't sealed."""
    if not sealed.startswith(_MAGIC):
        return ""
    start = len(_MAGIC) + 1
    return sealed[start : start + sealed[start - 1]].decode("ascii", "replace")


def _cipher(secret: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"files").derive(secret.encode()))
