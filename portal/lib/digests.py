"""A digest as people compare it: by eye, or aloud on the phone."""

import re

from portal.lib.identifiers import CROCKFORD

_SHA256 = re.compile(r"[0-9a-f]{64}")


def short_digest(hex_digest: str) -> str:
    """The first 40 bits of a SHA-256 in lower-case hex as eight characters: "7ZK4-M0QX".

    Raises ValueError for anything else.
    """
    if not _SHA256.fullmatch(hex_digest):
        raise ValueError("Not a SHA-256 in lower-case hex.")
    bits = int(hex_digest[:10], 16)
    letters = "".join(CROCKFORD[(bits >> shift) & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"
