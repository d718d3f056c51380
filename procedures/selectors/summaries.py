"""A dossier's answers in words, in the order of the form: for the check page, the officer and the PDFs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts.models import Office
from portal.lib.banks import bank_of
from portal.lib.money import format_vnd
from portal.lib.units import path_of
from portal.lib.vietnamese import format_date
from procedures.domain.answers import (
    applicable_columns,
    applicable_questions,
    applicable_steps,
    is_answered,
    relevant_answers,
)
from procedures.domain.conditions import Answers
from procedures.domain.definition import Kind, Question, Step
from procedures.models import Dossier
from procedures.selectors.definitions import procedure_of


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """A repeating question: column questions, and one text a cell."""

    columns: tuple[Question, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class AnswerInWords:
    question: Question
    text: str  # "" when not answered
    table: AnswerTable | None = None


@dataclass(frozen=True, slots=True)
class StepInWords:
    step: Step
    answers: tuple[AnswerInWords, ...]


def answers_in_words(dossier: Dossier) -> tuple[StepInWords, ...]:
    """Every open question of every step with its answer as a person reads it."""
    procedure = procedure_of(dossier)
    known = relevant_answers(procedure, dossier.answers)
    return tuple(
        StepInWords(step, tuple(_answer(question, known) for question in applicable_questions(step, known)))
        for step in applicable_steps(procedure, known)
    )


def in_words(question: Question, value: object) -> str:
    """One stored answer as text; "" for none. Codes no list knows any more are shown as they are."""
    if not is_answered(value):
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, Mapping):
        return _address(value)
    if question.kind is Kind.MONEY and isinstance(value, int):
        return format_vnd(value)
    return _text(question, str(value))


def _text(question: Question, value: str) -> str:
    match question.kind:
        case Kind.CHOICE:
            return next((choice.label for choice in question.choices if choice.value == value), value)
        case Kind.DATE:
            return format_date(date.fromisoformat(value))
        case Kind.MONTH:
            year, month = value.split("-")
            return f"{month}/{year}"
        case Kind.DECIMAL:
            return value.replace(".", ",")
        case Kind.BANK:
            return _bank(value)
        case Kind.PROVINCE:
            return _office(value)
    return value


def _address(value: Mapping[str, object]) -> str:
    try:
        place = path_of(str(value.get("commune", "")))
    except KeyError:
        place = ""
    return ", ".join(part for part in (str(value.get("street", "")), place) if part)


def _bank(code: str) -> str:
    try:
        return bank_of(code).name
    except KeyError:
        return code


def _office(key: str) -> str:
    names = Office.objects.filter(key=key).values_list("official_name", flat=True)
    return names.first() or key


def _answer(question: Question, known: Answers) -> AnswerInWords:
    value = known.get(question.name)
    if question.kind is Kind.TABLE:
        return AnswerInWords(question, "", table_of(question, value, known))
    return AnswerInWords(question, in_words(question, value))


def table_of(question: Question, value: object, known: Answers) -> AnswerTable:
    """The rows of a repeating question as a person reads them."""
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    used = {column.name for row in rows for column in applicable_columns(question, row, known)}
    columns = tuple(column for column in question.columns if column.name in used)
    return AnswerTable(
        columns,
        tuple(tuple(in_words(column, row.get(column.name)) for column in columns) for row in rows),
    )
