"""The translations as a file people edit (.po) and the one gettext loads (.mo), without system gettext."""

import os
import re
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[2] / "locale"
# What git leaves where two branches added sentences at one place; the base of diff3 is nobody's.
_CONFLICT = re.compile(
    r"^<<<<<<< .*\n(?P<ours>(?:.*\n)*?)(?:^\|{7} .*\n(?:.*\n)*?)?^=======\n(?P<theirs>(?:.*\n)*?)^>>>>>>> .*\n",
    re.MULTILINE,
)


def sources() -> list[Path]:
    """Every .po file there is."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def read_messages(source: Path) -> polib.POFile:
    """A .po file. Of one that git could not merge, the sentences of both sides, ours first."""
    text = source.read_text(encoding="utf-8")
    if not _CONFLICT.search(text):
        return polib.pofile(text, wrapwidth=0)
    ours, theirs = (
        polib.pofile(_CONFLICT.sub(rf"\g<{side}>", text), wrapwidth=0) for side in ("ours", "theirs")
    )
    known = {entry.msgid for entry in ours if entry.translated()}
    ours.extend(entry for entry in theirs if entry.msgid not in known)
    return ours


def compile_messages() -> list[Path]:
    """Write each .mo that is missing or older than its .po; returns those written. Another process may
    do the same at the same time: a reader never finds half a file."""
    written = []
    for source in sources():
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        partial = target.with_suffix(f".{os.getpid()}")
        read_messages(source).save_as_mofile(str(partial))
        partial.replace(target)
        written.append(target)
    return written
