"""How words find a dossier: the folded words of ``search_text`` and the office, in one index that grows
with what is found, not with what there is (docs/decisions/0075)."""

import re
from typing import Any

from django.db.models import BooleanField, F, Field, Func, Q, TextField, Value

# Mã số BHXH, phone and CCCD number, and mã hồ sơ: of one of these there are few.
_WHOLE = re.compile(r"[0-9]{10}|[0-9]{12}|[a-z]+-[0-9]{3}-[0-9]{6}-[0-9]{4,6}-[0-9a-z]")

OF_OFFICE = "@"  # stands before an office's key among the words; nobody's name begins with it


class _TextSearchVector(Field[Any, Any]):
    """PostgreSQL's tsvector; never a column of ours."""

    def db_type(self, connection: Any) -> str:
        return "tsvector"


def search_words() -> Func:
    """The words of a dossier as PostgreSQL keeps them. Index and query say the same, so that they meet."""
    words = Func(F("search_text"), Value(" "), function="string_to_array", output_field=TextField())
    # No COALESCE, so no Concat: behind the second wall PostgreSQL takes it for something that might tell.
    office = Func(Value(OF_OFFICE), F("office_id"), function="textcat", output_field=TextField())
    both = Func(words, office, function="array_append", output_field=TextField())
    named = Func(both, Value(""), function="array_remove", output_field=TextField())
    kept = Func(
        named, Value(None), function="array_remove", output_field=TextField()
    )  # drafts have no office
    return Func(kept, function="array_to_tsvector", output_field=_TextSearchVector())


def has_words(words: list[str], offices: list[str]) -> Func:
    """That each of the folded ``words`` begins a word of the dossier, and it is of one of the offices. A whole
    number or reference is looked for as it is."""
    of_offices = " | ".join(_quoted(f"{OF_OFFICE}{key}") for key in offices)
    asked = " & ".join([f"({of_offices})", *(_asked(word) for word in words)])
    return Func(
        search_words(),
        Func(Value(asked), template="%(expressions)s::tsquery", output_field=TextField()),
        template="(%(expressions)s)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


def is_whole(word: str) -> bool:
    """Whether it is a number or reference as it stands in a dossier, and not the beginning of a word."""
    return _WHOLE.fullmatch(word) is not None


def has_words_unindexed(words: list[str]) -> Q:
    """The same by reading each dossier: for a few at hand."""
    asked = Q()
    for word in words:
        asked &= Q(search_text__startswith=word) | Q(search_text__contains=f" {word}")
    return asked


def _asked(word: str) -> str:
    return _quoted(word) if is_whole(word) else f"{_quoted(word)}:*"


def _quoted(word: str) -> str:
    return "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))
