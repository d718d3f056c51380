"""Text as it can be printed: only characters the font of the papers has, dates and digests in words
and groups of an official Vietnamese document."""

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import fontpkg_be_vietnam_pro
from fontTools.ttLib import TTFont

# Việt Nam has had one time and no summer time since 1975.
VIETNAM = timezone(timedelta(hours=7))

_LONG_RUN = re.compile(r"[^\s\u200b]{41,}")
_BREAK_EVERY = 10  # characters of a long run
_LATIN = re.compile(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z])\b")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})
_LOOKS_LIKE = str.maketrans({"\u2011": "-", "\u2010": "-", "′": "'", "ʼ": "'", "→": "–", "●": "•", "■": "•"})


def printable(text: str) -> str:
    """The text with nothing the font can't show: rare Latin letters lose their strokes, the rest
    (emoji, other scripts) becomes "?". Runs without a space get invisible places to break."""
    shown = unicodedata.normalize("NFC", text)
    if not _covered().issuperset(map(ord, shown)):
        shown = "".join(map(_printable_character, shown.translate(_LOOKS_LIKE)))
    return _LONG_RUN.sub(_with_breaks, shown)


def long_date(day: date) -> str:
    """ngày 05 tháng 02 năm 2020: days under 10 and months 1 and 2 have two digits, as Circular
    01/2011/TT-BNV asks."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def long_moment(at: datetime) -> str:
    """14 giờ 05 phút, ngày 20 tháng 8 năm 2019, in Việt Nam's time. Raises ValueError for a naive
    time."""
    local = in_vietnam(at)
    return f"{local.hour:02d} giờ {local.minute:02d} phút, {long_date(local)}"


def in_vietnam(at: datetime) -> datetime:
    """The moment on Vietnamese clocks. Raises ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("at is naive")
    return at.astimezone(VIETNAM)


def grouped_digest(hex_digest: str) -> str:
    """64 hex digits as eight groups of eight, to be compared by eye."""
    return " ".join(hex_digest[start : start + 8] for start in range(0, len(hex_digest), 8))


def _with_breaks(run: re.Match[str]) -> str:
    parts = (run[0][start : start + _BREAK_EVERY] for start in range(0, len(run[0]), _BREAK_EVERY))
    return "\u200b".join(parts)


def _printable_character(char: str) -> str:
    if ord(char) in _covered():
        return char
    if unicodedata.category(char) in _UNSEEN:
        return " " if char in "\t\x0b\x0c" else ""
    plain = unicodedata.normalize("NFKD", char)
    if plain != char and all(ord(part) in _covered() for part in plain):
        return plain
    latin = _LATIN.match(unicodedata.name(char, ""))
    if latin is None:
        return "?"
    return latin[2] if latin[1] == "CAPITAL" else latin[2].lower()


@cache
def _covered() -> frozenset[int]:
    """Code points of Be Vietnam Pro (all its weights have the same) and the line break."""
    font = Path(fontpkg_be_vietnam_pro.ROOT) / "files" / "BeVietnamPro-Regular.ttf"
    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap()) | {ord("\n")}
