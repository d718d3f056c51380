"""Vietnamese sentences of the law and of rows, in the language of the person who reads the page.

A sentence is found word for word, or as a pattern: the code says f"Đã quá {limit.days} ngày.", the list of
translations has "Đã quá {days} ngày.", and the page shows "Đã quá 90 ngày.". One that is made of others
("Điều 60 Luật …", "khi “…” là “…”") is found by its parts, if every part is: what people typed has no
translation, so it stays as it is, and so does a sentence with a part nobody knows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import polib
from django.utils.translation import get_language, gettext, to_locale

from portal.languages.messages import LOCALE

SOURCE = "vi"
_PLACE = re.compile(r"\{(\w+)\}")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_MARKED = re.compile("[à-ỹđăơư]")
# Written small in names of places and in amounts, which stay as they are.
_NO_WORDS = frozenset(("đ", "đồng", "tỉnh", "thành", "phố", "huyện", "quận", "xã", "phường", "thị", "trấn"))
_ENDS = ".;:,"
# How sentences are joined, the widest seam first.
_SEAMS = tuple(map(re.compile, (r"(?<=[.;:])(\s+)", r"(\s[·–]\s)", r"(?<=,)(\s+)", r"( hoặc | và )")))
_BRACKETED = re.compile(r"(.+?) ?\((.+)\)|“([^“”]+)”")
_CITED = re.compile(r"(?:điểm|khoản|Điều) \w+")
_LAW = "{article} {source}"  # on the list of translations: how an article and its law are joined
_LONGEST = 2000  # characters of a sentence looked for; letters to people are longer
_LONGEST_OF_PARTS = 600
_FEWEST_LETTERS = 2  # a pattern of less is no words
_SURE = 14  # letters of a pattern that takes anything in its places


def translated(text: str) -> str:
    """``text`` in the language of the page; as it is where that is Vietnamese or nobody translated it."""
    language = get_language() or SOURCE
    if language == SOURCE or not text or len(text) > _LONGEST or not _LETTER.search(text):
        return text
    return _translated(text, language)


@lru_cache(maxsize=8192)
def _translated(text: str, language: str) -> str:
    bare = text.strip()
    found = _found(bare, language)
    return text.replace(bare, found) if found else text


@lru_cache(maxsize=8192)
def _found(text: str, language: str) -> str:
    """The translation of exactly this text, "" when there is none."""
    if not text or (text == text.upper() and text.isascii()):
        return ""
    return _exact(text) or _by_pattern(text, language) or _by_parts(text, language)


def _exact(text: str) -> str:
    if (found := gettext(text)) != text:
        return found
    lower = text[:1].lower() + text[1:]
    if lower != text and (found := gettext(lower)) != lower:
        return found[:1].upper() + found[1:]
    return ""


def _known(part: str, language: str) -> str | None:
    """A part in the other language, as it is if it has no Vietnamese words; None when nobody knows it."""
    if not part.strip():
        return part
    if found := _found(part.strip(), language):
        return part.replace(part.strip(), found)
    if part[-1] in _ENDS and (found := _found(part[:-1].strip(), language)):
        return found + part[-1]
    return None if is_vietnamese(part) else part


def is_vietnamese(text: str) -> bool:
    """Whether a word written small has a Vietnamese letter: names are written with capitals."""
    small = (word for word in _WORD.findall(text) if word[0].islower() and word not in _NO_WORDS)
    return any(_MARKED.search(word) for word in small)


# --- patterns -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pattern:
    literal: str  # the longest part without places
    regex: re.Pattern[str]
    words: str
    is_sure: bool


def _by_pattern(text: str, language: str) -> str:
    for pattern in _patterns(language):
        if pattern.literal in text and (match := pattern.regex.fullmatch(text)):
            values = {name: _known(value, language) for name, value in match.groupdict().items()}
            if pattern.is_sure or None not in values.values():
                given = {name: match[name] if value is None else value for name, value in values.items()}
                return pattern.words.format(**given)
    return ""


@cache
def _patterns(language: str) -> list[_Pattern]:
    """Sentences with places, the most particular first."""
    path = LOCALE / to_locale(language) / "LC_MESSAGES" / "django.mo"
    if not path.is_file():
        return []
    found = []
    for entry in polib.mofile(str(path)):
        pieces = _PLACE.split(entry.msgid)  # literal, name, literal, name, … literal
        literals = pieces[::2]
        letters = len(_LETTER.findall("".join(literals)))
        if len(pieces) == 1 or not entry.msgstr or letters < _FEWEST_LETTERS:
            continue
        regex = "".join(
            re.escape(piece) if at % 2 == 0 else f"(?P<{piece}>.+?)" for at, piece in enumerate(pieces)
        )
        longest = max(literals, key=len)
        found.append((letters, _Pattern(longest, re.compile(regex), entry.msgstr, letters >= _SURE)))
    found.sort(key=lambda one: -one[0])
    return [pattern for _letters, pattern in found]


# --- parts ----------------------------------------------------------------------------------------


def _by_parts(text: str, language: str) -> str:
    if len(text) > _LONGEST_OF_PARTS or not is_vietnamese(text):
        return ""
    for pieces in _splits(text):
        known = [_known(piece, language) for piece in pieces]
        kept = [piece for piece in known if piece is not None]
        if len(kept) == len(pieces) and kept != pieces:
            return "".join(kept)
    return ""


def _cut(text: str, at: re.Match[str]) -> list[str]:
    return [text[: at.start()], at[0], text[at.end() :]]


def _splits(text: str) -> Iterator[list[str]]:
    """The ways a text may be put together: sentences, a list, words in brackets, two known halves."""
    for seam in _SEAMS:
        if len(pieces := seam.split(text)) > 1:
            yield pieces
        if len(pieces) > 3:  # a joint may belong to a part: "A hoặc B" và C
            yield from (_cut(text, found) for found in seam.finditer(text))
    if match := _BRACKETED.fullmatch(text):
        yield ["“", match[3], "”"] if match[3] else [match[1], " (", match[2], ")"]
    for at in [found.start() for found in re.finditer(" ", text)]:
        head, tail = text[:at], text[at + 1 :]
        if _CITED.match(head) and _exact(head) and _exact(tail):
            yield [head, gettext(_LAW)[len("{article}") : -len("{source}")], tail]
        if head[0].isdigit() or _exact(head) or _exact(tail):
            yield [head, " ", tail]
