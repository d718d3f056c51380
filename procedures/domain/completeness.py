"""Is the dossier complete: which papers the answers ask for, and what is still missing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from procedures.domain.answers import (
    applicable_columns,
    applicable_questions,
    applicable_steps,
    is_answered,
    relevant_answers,
)
from procedures.domain.conditions import Answers
from procedures.domain.deadlines import is_late
from procedures.domain.definition import Document, Kind, Procedure, Question, Step
from procedures.domain.reading import rows


@dataclass(frozen=True, slots=True)
class DocumentNeed:
    """A paper these answers ask for. Of one ``group``, any one paper is enough."""

    document: Document
    group: str
    required: bool


@dataclass(frozen=True, slots=True)
class MissingPaper:
    """Something still to hand in: one paper, or any one of several."""

    documents: tuple[Document, ...]
    group: str = ""

    @property
    def is_choice(self) -> bool:
        return len(self.documents) > 1


@dataclass(frozen=True, slots=True)
class MissingAnswer:
    """A required question without an answer; ``row`` counts from 0 when it is a column of a table."""

    step: Step
    question: Question
    row: int | None = None
    column: Question | None = None


def documents_for(procedure: Procedure, answers: Answers, filed_on: date | None = None) -> list[DocumentNeed]:
    """The papers asked for, in the order of the sheet. The explanation of a late filing is asked for
    only when ``filed_on`` is given and lies beyond the filing limit."""
    known = relevant_answers(procedure, answers)
    return [
        DocumentNeed(document, document.one_of, document.required)
        for document in procedure.documents
        if document.when.holds(known) and not _is_needless_explanation(procedure, document, known, filed_on)
    ]


def _is_needless_explanation(
    procedure: Procedure, document: Document, answers: Answers, filed_on: date | None
) -> bool:
    limit = procedure.filing_limit
    if limit is None or limit.late_document != document.code:
        return False
    return filed_on is None or not is_late(limit, answers, filed_on)


def missing_documents(
    procedure: Procedure,
    answers: Answers,
    uploaded: Collection[str],
    on_paper: Collection[str] = (),
    filed_on: date | None = None,
) -> list[MissingPaper]:
    """What is still to be handed in, given the codes of uploaded papers and of papers the filer will
    send afterwards. Forms the portal fills in itself are never missing."""
    needs = documents_for(procedure, answers, filed_on)
    here = set(uploaded) | (set(on_paper) & _followable(needs))
    missing: dict[str, MissingPaper] = {}
    for need in needs:
        if not need.required or need.document.filled_here:
            continue
        if not need.group and need.document.code not in here:
            missing[need.document.code] = MissingPaper((need.document,))
        if need.group and not any(other.document.code in here for other in _group(needs, need.group)):
            papers = tuple(other.document for other in _group(needs, need.group))
            missing[f"group:{need.group}"] = MissingPaper(papers, need.group)
    return list(missing.values())


def papers_to_follow(
    procedure: Procedure,
    answers: Answers,
    uploaded: Collection[str],
    on_paper: Collection[str],
    filed_on: date | None = None,
) -> tuple[str, ...]:
    """Of the papers the filer says will be sent afterwards, those that may be and aren't uploaded."""
    allowed = _followable(documents_for(procedure, answers, filed_on)) - set(uploaded)
    return tuple(sorted(allowed & set(on_paper)))


def _followable(needs: list[DocumentNeed]) -> set[str]:
    return {
        need.document.code
        for need in needs
        if need.document.may_follow_on_paper and not need.document.filled_here
    }


def _group(needs: list[DocumentNeed], group: str) -> list[DocumentNeed]:
    return [need for need in needs if need.group == group]


def missing_answers(procedure: Procedure, answers: Answers) -> list[MissingAnswer]:
    known = relevant_answers(procedure, answers)
    return [
        gap
        for step in applicable_steps(procedure, known)
        for question in applicable_questions(step, known)
        for gap in _gaps(step, question, known)
    ]


def _gaps(step: Step, question: Question, answers: Answers) -> Iterator[MissingAnswer]:
    if not is_answered(answers.get(question.name)):
        if question.required:
            yield MissingAnswer(step, question)
        return
    if question.kind is not Kind.TABLE:
        return
    for index, row in enumerate(rows(answers, question.name)):
        for column in applicable_columns(question, row, answers):
            if column.required and not is_answered(row.get(column.name)):
                yield MissingAnswer(step, question, index, column)
