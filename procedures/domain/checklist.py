"""Danh mục kiểm tra: what an officer looks at before deciding, as the edition of the dossier has it.

An item is a paper these answers ask for, or a step of the form with its answers. A single question is an
item too, once it was asked to be answered again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from procedures.domain.answers import applicable_questions, applicable_steps, relevant_answers
from procedures.domain.completeness import documents_for
from procedures.domain.conditions import Answers
from procedures.domain.definition import Procedure, Question

PAPER, STEP, QUESTION = "paper", "step", "question"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the check-list. ``code`` is unique in the dossier: paper:so_bhxh, step:nguoi_nop."""

    kind: str
    name: str
    title: str
    questions: tuple[Question, ...] = ()  # of a step: what was asked

    @property
    def code(self) -> str:
        return f"{self.kind}:{self.name}"


def items_of(procedure: Procedure, answers: Answers, filed_on: date | None) -> list[Item]:
    """Papers in the order of the sheet, then the steps. What the portal fills in itself is no item."""
    known = relevant_answers(procedure, answers)
    papers = [
        Item(PAPER, need.document.code, need.document.name)
        for need in documents_for(procedure, answers, filed_on)
        if not need.document.filled_here
    ]
    steps = [
        Item(STEP, step.name, step.title, tuple(applicable_questions(step, known)))
        for step in applicable_steps(procedure, known)
    ]
    return papers + steps


def asked_items(procedure: Procedure, documents: Iterable[str], questions: Iterable[str]) -> list[Item]:
    """What a supplement request asked for, item by item; a code the edition doesn't know keeps its code."""
    names = {document.code: document.name for document in procedure.documents}
    labels = {question.name: question.label for question in procedure.questions}
    return [
        *(Item(PAPER, code, names.get(code, code)) for code in documents),
        *(Item(QUESTION, name, labels.get(name, name)) for name in questions),
    ]
