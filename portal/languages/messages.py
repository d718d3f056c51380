"""The translations as a file people edit (.po) and the one gettext loads (.mo), without system gettext."""

import os
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def sources() -> list[Path]:
    """Every .po file there is."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def compile_messages() -> list[Path]:
    """Write each .mo that is missing or older than its .po; returns those written. Another process may
    do the same at the same time: a reader never finds half a file."""
    written = []
    for source in sources():
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        partial = target.with_suffix(f".{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(partial))
        partial.replace(target)
        written.append(target)
    return written
