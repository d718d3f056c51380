"""How words find a dossier: the folded words of ``search_text`` and the office, in one index that grows
with what is found, not with what there is (docs/decisions/0075, 0142)."""

import re
from typing import Any

from django.db.models import BooleanField, F, Field, Func, TextField, Value
from django.db.models.expressions import Combinable

# Mã số BHXH, phone and CCCD number, and mã hồ sơ: of one of these there are few.
_WHOLE = re.compile(r"[0-9]{10}|[0-9]{12}|[a-z]+-[0-9]{3}-[0-9]{6}-[0-9]{4,6}-[0-9a-z]")

OF_OFFICE = "/"  # stands between an office's key and each word; in no key


class _TextSearchVector(Field[Any, Any]):
    """PostgreSQL's tsvector; never a column of ours."""

    def db_type(self, connection: Any) -> str:
        return "tsvector"


def search_words() -> Func:
    """The words of a dossier as PostgreSQL keeps them, each with the office before it: lists of common words are
    joined within the office, not within the country. Index and query say the same, so that they meet. A draft
    has no office, and no words. Behind the second wall each function must be known to tell nothing
    (``wall.LEAKPROOF``): Django's Concat has a COALESCE, which isn't."""
    office = _text("textcat", F("office_id"), Value(OF_OFFICE))
    between = _text("textcat", Value(" "), office)
    words = _text("textcat", office, _text("replace", F("search_text"), Value(" "), between))
    array = _text("string_to_array", words, Value(" "))
    return Func(array, function="array_to_tsvector", output_field=_TextSearchVector())


def _text(function: str, *arguments: Combinable) -> Func:
    return Func(*arguments, function=function, output_field=TextField())


def has_words(words: list[str], offices: list[str]) -> Func:
    """That each of the folded ``words`` begins a word of the dossier, and it is of one of the offices. A whole
    number or reference is looked for as it is."""
    asked = [
        "({})".format(" | ".join(_asked(f"{office}{OF_OFFICE}{word}", is_whole(word)) for office in offices))
        for word in words
    ]
    if len(asked) == 1:
        # Twice is the same, but PostgreSQL, which sees no statistics behind the second wall, takes one word of any
        # kind for one dossier in two hundred and reads the whole list for it; of two it knows that they are rare.
        asked *= 2
    return Func(
        search_words(),
        Func(Value(" & ".join(asked)), template="%(expressions)s::tsquery", output_field=TextField()),
        template="(%(expressions)s)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


def is_whole(word: str) -> bool:
    """Whether it is a number or reference as it stands in a dossier, and not the beginning of a word."""
    return _WHOLE.fullmatch(word) is not None


def begins_words(words: list[str], search_text: str) -> bool:
    """The same of one dossier at hand."""
    there = f" {search_text}"
    return all(f" {word}" in there for word in words)


def _asked(word: str, whole: bool) -> str:
    quoted = "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))
    return quoted if whole else f"{quoted}:*"
