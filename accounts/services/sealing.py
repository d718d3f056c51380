"""Secrets that must be read again, kept so that the database alone doesn't give them away.

AES-256-GCM under a key derived from CODE_KEY. What the secret is for and whose it is are part of the
seal: a seed copied into another person's row doesn't open.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_LENGTH = 12


class Unreadable(Exception):
    """The seal is of another key or for something else."""


def seal(secret: bytes, bound_to: str) -> bytes:
    """The secret, sealed for ``bound_to`` (for example "totp:42")."""
    nonce = os.urandom(_NONCE_LENGTH)
    return nonce + _cipher().encrypt(nonce, secret, bound_to.encode())


def unseal(sealed: bytes, bound_to: str) -> bytes:
    """What ``seal`` was given. Raises Unreadable."""
    try:
        return _cipher().decrypt(sealed[:_NONCE_LENGTH], sealed[_NONCE_LENGTH:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def _cipher() -> AESGCM:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sealing")
    return AESGCM(key.derive(settings.CODE_KEY.encode()))
