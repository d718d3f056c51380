"""Which questions the answers open, and which answers count.

A changed branch leaves answers behind that nobody sees any more. They must be neither signed nor
routed by, so everything downstream works on ``relevant_answers``.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from procedures.domain.conditions import Answers, Naming
from procedures.domain.definition import Kind, Procedure, Question, Rule, Step


def is_answered(value: object) -> bool:
    """An empty text, list or nothing at all is no answer; ``False`` and 0 are answers."""
    return value is not None and value not in ("", [], (), {})


def applicable_steps(procedure: Procedure, answers: Answers) -> tuple[Step, ...]:
    """The pages this person goes through, in order. A page without any open question is left out."""
    known = relevant_answers(procedure, answers)
    return tuple(
        step for step in procedure.steps if step.when.holds(known) and applicable_questions(step, known)
    )


def applicable_questions(step: Step, answers: Answers) -> tuple[Question, ...]:
    return tuple(question for question in step.questions if question.when.holds(answers))


def applicable_columns(table: Question, row: Answers, answers: Answers) -> tuple[Question, ...]:
    """Columns open in this row; a column's condition sees the row first, then the other answers."""
    seen = {**answers, **row}
    return tuple(column for column in table.columns if column.when.holds(seen))


def relevant_answers(procedure: Procedure, answers: Answers) -> dict[str, Any]:
    """The answers to questions that are open. Hidden questions may control others, so this is repeated
    until nothing changes; the bound only guards against conditions that go in a circle."""
    given = {name: value for name, value in answers.items() if is_answered(value)}
    kept = given
    for _ in range(len(procedure.questions) + 1):
        again = _open_answers(procedure, given, kept)
        if again.keys() == kept.keys():
            break
        kept = again
    return _with_relevant_rows(procedure, kept)


def _open_answers(procedure: Procedure, given: Answers, seen: Answers) -> dict[str, Any]:
    return {
        question.name: given[question.name]
        for step in procedure.steps
        if step.when.holds(seen)
        for question in applicable_questions(step, seen)
        if question.name in given
    }


def _with_relevant_rows(procedure: Procedure, kept: dict[str, Any]) -> dict[str, Any]:
    for table in procedure.questions:
        if table.kind is Kind.TABLE and isinstance(kept.get(table.name), (list, tuple)):
            rows = [_relevant_row(table, row, kept) for row in kept[table.name] if isinstance(row, Mapping)]
            kept[table.name] = [row for row in rows if row]
    return {name: value for name, value in kept.items() if is_answered(value)}


def _relevant_row(table: Question, row: Answers, answers: Answers) -> dict[str, Any]:
    given = {name: value for name, value in row.items() if is_answered(value)}
    kept = given
    for _ in range(len(table.columns) + 1):
        names = [column.name for column in applicable_columns(table, kept, answers)]
        again = {name: given[name] for name in names if name in given}
        if again.keys() == kept.keys():
            break
        kept = again
    return kept


def naming(procedure: Procedure) -> Naming:
    """Labels and values in Vietnamese, for printing conditions and summaries of this procedure."""
    asked = procedure.precheck.questions if procedure.precheck else ()
    known = {
        question.name: question for top in (*procedure.questions, *asked) for question in (*top.columns, top)
    }

    def name_of(question_name: str, value: object) -> tuple[str, str]:
        question = known.get(question_name)
        if question is None:
            return question_name, str(value)
        return question.label, _value_words(question, value)

    return name_of


def _value_words(question: Question, value: object) -> str:
    if value is None:
        return "chưa trả lời"
    if isinstance(value, bool):
        return "có" if value else "không"
    labels = {choice.value: choice.label for choice in question.choices}
    return labels.get(str(value), str(value))


def broken_rules(procedure: Procedure, answers: Answers, today: date) -> tuple[Rule, ...]:
    """Rules these answers break, walls and warnings alike. A rule stands beside a question; when that
    question is closed to this person, the rule is no concern of theirs."""
    known = relevant_answers(procedure, answers)
    open_names = {
        question.name
        for step in applicable_steps(procedure, known)
        for question in applicable_questions(step, known)
    }
    return tuple(
        rule
        for rule in procedure.rules
        if rule.question in open_names and rule.when.holds(known) and rule.broken(known, today)
    )
