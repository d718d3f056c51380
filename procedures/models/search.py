"""How words find a dossier: the folded words of ``search_text`` and the office, in one index that grows
with what is found, not with what there is (docs/decisions/0075)."""

from typing import Any

from django.db.models import BooleanField, F, Field, Func, TextField, Value
from django.db.models.functions import Concat

OF_OFFICE = "@"  # stands before an office's key among the words; nobody's name begins with it


class _TextSearchVector(Field[Any, Any]):
    """PostgreSQL's tsvector; never a column of ours."""

    def db_type(self, connection: Any) -> str:
        return "tsvector"


def search_words() -> Func:
    """The words of a dossier as PostgreSQL keeps them. Index and query say the same, so that they meet."""
    words = Func(F("search_text"), Value(" "), function="string_to_array", output_field=TextField())
    named = Func(words, Value(""), function="array_remove", output_field=TextField())
    office = Concat(Value(OF_OFFICE), F("office_id"), output_field=TextField())
    both = Func(named, office, function="array_append", output_field=TextField())
    return Func(both, function="array_to_tsvector", output_field=_TextSearchVector())


def has_words(words: list[str], offices: list[str]) -> Func:
    """That each of the folded ``words`` begins a word of the dossier, and it is of one of the offices."""
    of_offices = " | ".join(_quoted(f"{OF_OFFICE}{key}") for key in offices)
    asked = " & ".join([f"({of_offices})", *(f"{_quoted(word)}:*" for word in words)])
    return Func(
        search_words(),
        Func(Value(asked), template="%(expressions)s::tsquery", output_field=TextField()),
        template="(%(expressions)s)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


def _quoted(word: str) -> str:
    return "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))
