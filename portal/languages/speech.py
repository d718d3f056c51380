"""Vietnamese sentences of the law and of rows, in the language of the person who reads the page.

A sentence is found word for word, or as a pattern: the code says f"Đã quá {limit.days} ngày.", the list of
translations has "Đã quá {days} ngày.", and the page shows "Đã quá 90 ngày.". What people typed has no
translation and stays as it is.
"""

import re
from functools import cache, lru_cache

import polib
from django.utils.translation import get_language, gettext, to_locale

from portal.languages.messages import LOCALE

SOURCE = "vi"
_PLACE = re.compile(r"\{(\w+)\}")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile(r"(?<=[.;:])\s+")
_LONGEST = 2000  # characters of a sentence looked for; letters are longer and are not sentences
_FEWEST_LETTERS = 4  # a pattern of less would match anything


def translated(text: str) -> str:
    """``text`` in the language of the page; as it is where that is Vietnamese or nobody translated it."""
    language = get_language() or SOURCE
    if language == SOURCE or not text or len(text) > _LONGEST or not _LETTER.search(text):
        return text
    return _translated(text, language)


@lru_cache(maxsize=8192)
def _translated(text: str, language: str) -> str:
    return _whole(text, language) or _by_sentence(text, language) or text


def _whole(text: str, language: str) -> str:
    """The translation of exactly this text, "" when there is none."""
    bare = text.strip()
    if found := _exact(bare) or _by_pattern(bare, language):
        start = text[: len(text) - len(text.lstrip())]
        return f"{start}{found}{text[len(text.rstrip()) :]}"
    return ""


def _exact(text: str) -> str:
    if (found := gettext(text)) != text:
        return found
    lower = text[:1].lower() + text[1:]
    if lower != text and (found := gettext(lower)) != lower:
        return found[:1].upper() + found[1:]
    return ""


def _by_pattern(text: str, language: str) -> str:
    for longest, pattern, words in _patterns(language):
        if longest in text and (found := pattern.fullmatch(text)):
            values = {name: _exact(value) or value for name, value in found.groupdict().items()}
            return words.format(**values)
    return ""


def _by_sentence(text: str, language: str) -> str:
    """Several sentences in a row, when each of them has a translation."""
    parts = _SENTENCE_END.split(text.strip())
    found = [_whole(part, language) for part in parts] if len(parts) > 1 else []
    return " ".join(found) if found and all(found) else ""


@cache
def _patterns(language: str) -> list[tuple[str, re.Pattern[str], str]]:
    """Sentences with places: their longest literal part, how they match, their translation."""
    path = LOCALE / to_locale(language) / "LC_MESSAGES" / "django.mo"
    if not path.is_file():
        return []
    found = []
    for entry in polib.mofile(str(path)):
        pieces = _PLACE.split(entry.msgid)  # literal, name, literal, name, … literal
        literals = pieces[::2]
        letters = sum(map(len, map("".join, map(_LETTER.findall, literals))))
        if len(pieces) == 1 or not entry.msgstr or letters < _FEWEST_LETTERS:
            continue
        parts = [re.escape(piece) if at % 2 == 0 else f"(?P<{piece}>.+?)" for at, piece in enumerate(pieces)]
        found.append((letters, max(literals, key=len), re.compile("".join(parts), re.DOTALL), entry.msgstr))
    found.sort(key=lambda one: -one[0])  # the most particular first
    return [one[1:] for one in found]
