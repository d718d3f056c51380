"""A step of a procedure as a form: the questions that are open for these answers, in their order.

Questions open and close with the answers, so the form is made anew for every request. It lists the
fields it shows in ``SHOWN``: a question that has opened since then is asked for kindly, not as an
error. Tables are rows of small forms; a row is added or removed by posting the step, with or without
scripts, and nothing typed is lost.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.lib.vietnamese import nfc_text
from procedures.domain.answers import (
    applicable_columns,
    applicable_questions,
    broken_rules,
    is_answered,
    relevant_answers,
)
from procedures.domain.conditions import Answers
from procedures.domain.definition import Kind, Procedure, Question, Rule, Step
from procedures.forms import address
from procedures.forms.fields import as_typed, field_for
from procedures.services.calendar import legal_date
from procedures.services.content import misrouted

SHOWN = "_shown"  # names of the fields the page showed
ACTION = "_action"
CONFIRM = "_confirm"  # names of warnings the filer stays with


@dataclass(frozen=True, slots=True)
class Item:
    """One question on the page: its fields, or its rows when it is a table. Closed ones have neither."""

    question: Question
    fields: tuple[forms.BoundField, ...] = ()
    rows: tuple["RowForm", ...] | None = None
    is_controlling: bool = False
    may_grow: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(field.html_name for field in self.fields)


class QuestionForm(forms.Form):
    """Fields of some open questions, of a step or of one row of a table."""

    use_required_attribute = False
    is_row = False

    def add(self, questions: Iterable[Question], current: Answers, *, is_lenient: bool) -> None:
        for question in questions:
            if question.kind is Kind.ADDRESS:
                self.fields.update(address.fields_for(question, current.get(question.name)))
            elif question.kind is not Kind.TABLE:
                self.fields[question.name] = field_for(question, is_in_row=self.is_row)
        for field in self.fields.values():
            field.required = field.required and not is_lenient

    def bound_fields(self, question: Question) -> tuple[forms.BoundField, ...]:
        if question.kind is Kind.ADDRESS:
            return tuple(self[name] for name in address.names(question.name))
        return (self[question.name],) if question.name in self.fields else ()

    def forgive(self, shown: frozenset[str] | None) -> list[forms.BoundField]:
        """Fields that have opened since the page was made and are empty: no errors, but still to ask."""
        if shown is None:
            return []
        new = [self[name] for name in self.fields if self[name].html_name not in shown]
        for field in new:
            if field.name in self.errors and not field.value():
                del self.errors[field.name]
        return [field for field in new if not isinstance(field.field, TablePlace)]

    def answer(self, question: Question) -> Any:
        if question.kind is Kind.ADDRESS:
            return address.answer(question.name, self.cleaned_data)
        return self.cleaned_data.get(question.name)


class TablePlace(forms.Field):
    """Where messages about a whole table stand."""

    widget = forms.HiddenInput


class RowForm(QuestionForm):
    """One row of a table. A row without anything typed is no row."""

    is_row = True

    def __init__(self, table: Question, index: int, row: Answers, answers: Answers, mode: "_Mode") -> None:
        self.table, self.index = table, index
        self.columns = applicable_columns(table, row, answers)
        prefix = f"{table.name}-{index}"
        typed, initial = mode.data, _initial(table.columns, row)
        if mode.typed is not None:
            initial = _raw(table.columns, mode.typed, f"{prefix}-")
        # What was only taken over from the row above doesn't make a row.
        self.is_blank = not any(
            nfc_text(str(initial.get(column.name) or "")) for column in table.columns if not column.repeats
        )
        super().__init__(typed, prefix=prefix, initial=initial)
        self.empty_permitted = False
        self.add(self.columns, row, is_lenient=mode.is_lenient)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.is_blank:
            self._errors = forms.utils.ErrorDict()
            self.cleaned_data = {}

    @property
    def cells(self) -> Iterator[Item]:
        """Every column in order, the closed ones empty."""
        for column in self.table.columns:
            yield Item(column, self.bound_fields(column))

    @property
    def answers(self) -> dict[str, Any]:
        found = {column.name: self.answer(column) for column in self.columns}
        return {name: value for name, value in found.items() if is_answered(value)}


@dataclass(frozen=True, slots=True)
class _Mode:
    """What was typed, whether it is judged, and whether everything may be left out."""

    typed: QueryDict | None
    is_judged: bool
    is_lenient: bool

    @property
    def data(self) -> QueryDict | None:
        return self.typed if self.is_judged else None


class StepForm(QuestionForm):
    """The open questions of one step, for the answers so far.

    ``typed`` is what was posted. Judged (``is_valid``), it gives ``answers``; with ``is_judged`` off it
    is only shown again, for a page on which something opened or a row was added. ``is_lenient`` is for
    saving unfinished work: what is there must be readable, nothing has to be there.
    """

    def __init__(
        self,
        procedure: Procedure,
        step: Step,
        answers: Answers,
        typed: QueryDict | None = None,
        *,
        is_judged: bool = True,
        is_lenient: bool = False,
    ) -> None:
        self.procedure, self.step = procedure, step
        mode = _Mode(typed, is_judged, is_lenient)
        self.is_lenient = is_lenient
        own = {question.name for question in step.questions}
        self.others = {name: value for name, value in answers.items() if name not in own}
        read = dict(answers) if typed is None else {**self.others, **_read(step.questions, typed)}
        self.current = relevant_answers(procedure, read)
        self.questions = applicable_questions(step, self.current)
        self.shown_before = frozenset(str(typed[SHOWN]).split()) if typed and SHOWN in typed else None
        self.opened: list[forms.BoundField] = []
        self.readable: dict[str, list[RowForm]] = {}  # the rows of each table that can be judged together
        initial = _initial(step.questions, answers) if typed is None else _raw(step.questions, typed)
        initial = {**_prefilled(procedure, step, answers, initial), **initial}
        super().__init__(mode.data, initial=initial)
        self.add(self.questions, read, is_lenient=is_lenient)
        self.tables = {
            question.name: self._rows(question, read, mode)
            for question in self.questions
            if question.kind is Kind.TABLE
        }

    def _rows(self, table: Question, answers: Answers, mode: _Mode) -> list[RowForm]:
        self.fields[table.name] = TablePlace(label=table.label, required=False)
        if mode.typed is None:
            rows = dict(enumerate(answers.get(table.name) or ()))
        else:
            rows = {
                index: _read(table.columns, mode.typed, f"{table.name}-{index}-")
                for index in row_indexes(mode.typed, table.name)
            }
        if not rows and table.required:
            rows = {0: {}}
        return [RowForm(table, index, row, self.current, mode) for index, row in rows.items()]

    # --- judging ----------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        for question in self.questions:
            if question.kind is Kind.TABLE:
                self._clean_table(question)
        if not self.is_lenient:
            self._forgive_new_questions()
            self._break_rules()
        return self.cleaned_data

    def _clean_table(self, table: Question) -> None:
        forms_ = self.tables[table.name]
        filled = [form for form in forms_ if not form.is_blank]
        self.readable[table.name] = [form for form in filled if form.is_valid()]
        self.cleaned_data[table.name] = [form.answers for form in self.readable[table.name]]
        if len(filled) > table.max_rows:
            self.add_error(
                table.name, _("Nhiều nhất %(n)s %(row)s.") % {"n": table.max_rows, "row": table.row_name}
            )
        elif not filled and table.required and not self.is_lenient:
            self.add_error(table.name, _("Xin khai ít nhất một %s.") % table.row_name)

    def _forgive_new_questions(self) -> None:
        self.opened = self.forgive(self.shown_before)
        for rows in self.tables.values():
            for form in rows:
                if not form.is_blank:
                    self.opened += form.forgive(self.shown_before)

    def _break_rules(self) -> None:
        """Walls stand at their field. Warnings are shown after saving, from the stored answers."""
        own = {question.name: question for question in self.questions}
        answers = relevant_answers(self.procedure, {**self.others, **self.answers})
        walls = [rule for rule in broken_rules(self.procedure, answers, legal_date()) if not rule.is_warning]
        for rule in (*walls, *misrouted(self.procedure, answers)):
            if rule.question in own:
                self._put_up(rule, own[rule.question], answers)

    def _put_up(self, rule: Rule, question: Question, answers: Answers) -> None:
        if rule.rows is None:
            place = address.names(question.name)[0] if question.kind is Kind.ADDRESS else question.name
            self.add_error(place, rule.message)
            return
        for index in rule.rows(answers, legal_date()):
            self.readable[question.name][index].add_error(rule.column, rule.message)

    def is_valid(self) -> bool:
        is_right = super().is_valid()
        rows = [form for forms_ in self.tables.values() for form in forms_]
        return is_right and all(form.is_valid() for form in rows) and not self.opened

    @property
    def has_errors(self) -> bool:
        """Something is wrong, as against something new to ask."""
        return any(form.errors for form in self.all_forms)

    @property
    def all_forms(self) -> list[QuestionForm]:
        """This form and the rows of its tables, for the error summary."""
        return [self, *(form for forms_ in self.tables.values() for form in forms_)]

    @property
    def answers(self) -> dict[str, Any]:
        """What could be read, in stored form; ``None`` for every other question of the step."""
        found: dict[str, Any] = dict.fromkeys(question.name for question in self.step.questions)
        return {**found, **{question.name: self.answer(question) for question in self.questions}}

    # --- showing ----------------------------------------------------------------------------------

    @property
    def items(self) -> Iterator[Item]:
        """Every question of the step in order, the closed ones empty."""
        controls = _controls(self.step.questions)
        is_open = {question.name for question in self.questions}
        for question in self.step.questions:
            if question.name not in is_open:
                yield Item(question)
                continue
            rows = self.tables.get(question.name)
            yield Item(
                question,
                self.bound_fields(question),
                tuple(rows) if rows is not None else None,
                question.name in controls or question.kind is Kind.ADDRESS,
                rows is not None and len(rows) < question.max_rows,
            )

    @property
    def shown(self) -> str:
        """The names of all fields on the page."""
        names = [self[name].html_name for name in self.fields]
        names += [form[name].html_name for form in self.all_forms[1:] for name in form.fields]
        return " ".join(names)


# --- rows -----------------------------------------------------------------------------------------


def row_indexes(typed: QueryDict, table: str) -> list[int]:
    pattern = re.compile(rf"{re.escape(table)}-([0-9]{{1,4}})-")
    return sorted({int(found[1]) for key in typed if (found := pattern.match(key))})


def with_row(typed: QueryDict, table: Question) -> QueryDict:
    """One more row at the end. It begins with the answers of the row above that usually repeat."""
    changed = typed.copy()
    indexes = row_indexes(typed, table.name)
    if len(indexes) >= table.max_rows:
        return changed
    following = indexes[-1] + 1 if indexes else 0
    for column in table.columns:
        name = f"{table.name}-{following}-{column.name}"
        above = typed.get(f"{table.name}-{following - 1}-{column.name}", "")
        changed[name] = above if column.repeats else ""
    return changed


def without_row(typed: QueryDict, table: Question, index: int) -> QueryDict:
    changed = typed.copy()
    for key in [key for key in typed if key.startswith(f"{table.name}-{index}-")]:
        del changed[key]
    return changed


# --- reading --------------------------------------------------------------------------------------


def _read(questions: Iterable[Question], typed: QueryDict, prefix: str = "") -> dict[str, Any]:
    """What can be read of what was typed, to know which questions are open. Says nothing of errors."""
    found: dict[str, Any] = {}
    for question in questions:
        name = f"{prefix}{question.name}"
        if question.kind is Kind.TABLE:
            found[question.name] = [
                _read(question.columns, typed, f"{question.name}-{index}-")
                for index in row_indexes(typed, question.name)
            ]
        elif question.kind is Kind.ADDRESS:
            found[question.name] = address.read(name, typed)
        else:
            with suppress(ValidationError):
                found[question.name] = field_for(question).clean(typed.get(name))
    return found


def _raw(questions: Iterable[Question], typed: QueryDict, prefix: str = "") -> dict[str, str]:
    """Exactly what was typed, to be shown again."""
    names = [
        name
        for question in questions
        for name in (address.names(question.name) if question.kind is Kind.ADDRESS else (question.name,))
    ]
    return {name: typed.get(f"{prefix}{name}", "") for name in names if f"{prefix}{name}" in typed}


def _initial(questions: Iterable[Question], answers: Answers) -> dict[str, Any]:
    """Stored answers as people would type them."""
    shown: dict[str, Any] = {}
    for question in questions:
        stored = answers.get(question.name)
        if question.kind is Kind.ADDRESS:
            shown.update(address.as_typed(question.name, stored if isinstance(stored, Mapping) else {}))
        elif question.kind is not Kind.TABLE and stored is not None:
            shown[question.name] = as_typed(question.kind, stored)
    return shown


def _prefilled(
    procedure: Procedure, step: Step, answers: Answers, typed: Mapping[str, Any]
) -> dict[str, Any]:
    """What is known from another answer with the same source, for questions that have just opened."""
    known = {
        question.prefill: answers[question.name]
        for question in procedure.questions
        if question.name in answers and question.kind is not Kind.ADDRESS
    }
    return {
        question.name: as_typed(question.kind, known[question.prefill])
        for question in step.questions
        if question.prefill in known and question.prefill and question.name not in typed
    }


def _controls(questions: Iterable[Question]) -> frozenset[str]:
    """Names of the questions on which other questions of the same place depend."""
    return frozenset().union(*(question.when.questions() for question in questions))
