"""What the pressed button of a step asks for, and what has changed on the page since it was made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from procedures.domain.definition import Kind, Question, Step
from procedures.forms import address
from procedures.forms.builder import ACTION, Item, RowForm, StepForm, with_row, without_row

CHANGED = "_changed"  # name of the field whose change made a script ask for this page again

_FORM = re.compile(r"(next|later|refresh)|(add):([a-z0-9_]{1,60})|(remove):([a-z0-9_]{1,60}):([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Action:
    """``next`` and ``later`` save. ``refresh``, ``add`` and ``remove`` only show the page again."""

    verb: str
    table: str = ""
    row: int = 0

    @classmethod
    def of(cls, typed: QueryDict) -> "Action":
        """``next`` for anything unknown: pressing Enter has no button."""
        found = _FORM.fullmatch(str(typed.get(ACTION, "")))
        if found is None or found[1]:
            return cls(found[1] if found else "next")
        if found[2]:
            return cls("add", found[3])
        return cls("remove", found[5], int(found[6]))

    @property
    def only_shows(self) -> bool:
        return self.verb in ("refresh", "add", "remove")

    @property
    def is_for_later(self) -> bool:
        return self.verb == "later"


def retyped(typed: QueryDict, step: Step, action: Action) -> QueryDict:
    """What was typed, with the row added or taken away."""
    table = next((q for q in step.questions if q.kind is Kind.TABLE and q.name == action.table), None)
    if table is None:
        return typed
    if action.verb == "add":
        return with_row(typed, table)
    return without_row(typed, table, action.row)


@dataclass(frozen=True, slots=True)
class Changes:
    """The places of a page to be swapped: whole questions, cells of rows, parts of an address, a row."""

    items: tuple[Item, ...]
    cells: tuple[tuple[RowForm, Item], ...]
    fields: tuple[object, ...]
    added: tuple[tuple[Item, RowForm], ...]
    is_shorter: bool  # a row was taken out, maybe the one with the errors


def changes(form: StepForm, action: Action, changed: str) -> Changes:
    """What is different from the page the answers were typed on. All else is left alone, with whatever
    is being typed there."""
    before = form.shown_before or frozenset()
    items = tuple(form.items)
    return Changes(
        items=tuple(item for item in items if _is_changed(item, before, action)),
        cells=tuple(_changed_cells(items, before, action)),
        fields=tuple(field for item in items for field in _below(item, changed)),
        added=tuple(
            (item, item.rows[-1])
            for item in items
            if item.rows and action.verb == "add" and item.question.name == action.table
        ),
        is_shorter=action.verb == "remove",
    )


def _is_changed(item: Item, before: frozenset[str], action: Action) -> bool:
    name = item.question.name
    if item.question.kind is Kind.TABLE:
        return (item.rows is not None) != (name in before) or (
            action.verb == "remove" and name == action.table
        )
    return set(item.names) != _shown_of(item.question, before)


def _shown_of(question: Question, before: frozenset[str]) -> set[str]:
    names = address.names(question.name) if question.kind is Kind.ADDRESS else (question.name,)
    return set(before & set(names))


def _changed_cells(
    items: tuple[Item, ...], before: frozenset[str], action: Action
) -> Iterator[tuple[RowForm, Item]]:
    for item in items:
        if _is_changed(item, before, action):
            continue
        for row in item.rows or ():
            if not any(name.startswith(f"{row.prefix}-") for name in before):
                continue  # the row itself is new
            for cell in row.cells:
                name = f"{row.prefix}-{cell.question.name}"
                if bool(cell.fields) != (name in before):
                    yield row, cell


def _below(item: Item, changed: str) -> tuple[object, ...]:
    """The selects below the one that was changed in an address."""
    names = address.names(item.question.name)
    if item.question.kind is not Kind.ADDRESS or changed not in names[:2]:
        return ()
    return item.fields[names.index(changed) + 1 : 3]
