"""What changed when a dossier came back: answers before and after, and the new papers, from the two contents
that were signed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from procedures.domain.answers import relevant_answers
from procedures.domain.definition import Kind, Procedure, Question
from procedures.models import Attachment, Dossier, Filing, SupplementRequest
from procedures.selectors.checklist import Answered
from procedures.selectors.definitions import procedure_of
from procedures.selectors.summaries import AnswerTable, in_words, table_of
from procedures.selectors.supplements import reason_in_words


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A question whose answer differs; ``before`` and ``after`` are "" where it wasn't answered."""

    question: Question
    before: str
    after: str
    table_before: AnswerTable | None = None
    table_after: AnswerTable | None = None


@dataclass(frozen=True, slots=True)
class NewPaper:
    code: str
    name: str
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Between the last signed content and the one before it."""

    filing: Filing
    request: SupplementRequest
    answers: tuple[ChangedAnswer, ...]
    papers: tuple[NewPaper, ...]
    unanswered: tuple[str, ...]  # titles of what was asked for and came back unchanged

    @property
    def reason(self) -> str:
        return reason_in_words(self.request)


def difference_of(dossier: Dossier, answered: Sequence[Answered]) -> Difference | None:
    """None for a dossier that wasn't supplemented. ``answered``: of its check-list. Two queries."""
    if not answered:
        return None
    last, procedure = answered[-1], procedure_of(dossier)
    before = dossier.filings.get(number=last.filing.number - 1)
    answers = _changed(procedure, _signed(procedure, before), _signed(procedure, last.filing))
    papers = _new_papers(dossier, procedure, last.filing.number)
    changed = {answer.question.name for answer in answers}
    given = {paper.code for paper in papers}
    unchanged = [
        *(procedure.document(code).name for code in last.request.documents if code not in given),
        *(procedure.question(name).label for name in last.request.questions if name not in changed),
    ]
    return Difference(last.filing, last.request, tuple(answers), tuple(papers), tuple(unchanged))


def _signed(procedure: Procedure, filing: Filing) -> Mapping[str, Any]:
    return relevant_answers(procedure, json.loads(bytes(filing.signed_content))["answers"])


def _changed(
    procedure: Procedure, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[ChangedAnswer]:
    return [
        _change(question, before, after)
        for question in procedure.questions
        if before.get(question.name) != after.get(question.name)
    ]


def _change(question: Question, before: Mapping[str, Any], after: Mapping[str, Any]) -> ChangedAnswer:
    was, now = before.get(question.name), after.get(question.name)
    if question.kind is Kind.TABLE:
        return ChangedAnswer(
            question, "", "", table_of(question, was, before), table_of(question, now, after)
        )
    return ChangedAnswer(question, in_words(question, was), in_words(question, now))


def _new_papers(dossier: Dossier, procedure: Procedure, number: int) -> list[NewPaper]:
    found: dict[str, list[Attachment]] = {}
    for file in dossier.attachments.filter(filing_number=number).order_by("pk"):
        found.setdefault(file.document, []).append(file)
    names = {document.code: document.name for document in procedure.documents}
    return [NewPaper(code, names.get(code, code), tuple(files)) for code, files in found.items()]
