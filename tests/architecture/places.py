"""`path` or `path::test` in a document: whether it is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def places_in(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def is_there(place: str) -> bool:
    path, _, test = place.partition("::")
    file = ROOT / path
    return file.exists() and (not test or f"def {test}(" in file.read_text(encoding="utf-8"))


def words_beside(text: str) -> str:
    """What is said without the places."""
    return re.sub(r"`[^`]+`", "", text).strip()
