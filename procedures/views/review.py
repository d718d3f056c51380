"""What a dossier says, put together for the check page and for the dossier's own page."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import Office
from portal.lib.digests import short_digest
from procedures.domain.completeness import MissingAnswer, MissingPaper
from procedures.domain.definition import Document, Kind, Procedure, Rule
from procedures.domain.errors import UnknownOffice
from procedures.domain.routing import Routing
from procedures.models import Dossier
from procedures.selectors.definitions import needs_of, procedure_of
from procedures.selectors.sheets import limit_words
from procedures.selectors.summaries import AnswerInWords, AnswerTable, answers_in_words
from procedures.services import calendar, content, cosigning, estimates
from procedures.views import journey
from procedures.views.papers import files_of

_NUMBERS = (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL)


@dataclass(frozen=True, slots=True)
class Part:
    """One step of the form as it stands, as components/summary_list.html and table.html show it."""

    title: str
    change_url: str
    rows: list[dict[str, Any]]
    tables: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something still to do, and where."""

    words: str
    url: str


def parts_of(dossier: Dossier, *, may_change: bool = False) -> list[Part]:
    return [
        Part(
            step.step.title,
            journey.step_url(dossier, step.step) if may_change else "",
            [_row(answer) for answer in step.answers if answer.table is None and _is_shown(answer)],
            [
                _table(answer, answer.table, is_alone=answer.question.label == step.step.title)
                for answer in step.answers
                if answer.table and answer.table.rows
            ],
        )
        for step in answers_in_words(dossier)
    ]


def of_draft(dossier: Dossier) -> dict[str, object]:
    """The whole dossier before it is signed: answers, papers, office, limit, estimate, what is missing."""
    procedure = procedure_of(dossier)
    routing = _routing(dossier)
    readiness = content.readiness(dossier)
    limit = calendar.limit_of(procedure, dossier)
    return {
        "dossier": dossier,
        "procedure": procedure,
        "stages": journey.stages(dossier, journey.CHECK),
        "back": journey.url_of(dossier, journey.PAPERS),
        "papers_url": journey.url_of(dossier, journey.PAPERS),
        "parts": parts_of(dossier, may_change=True),
        "papers": papers_of(dossier, [paper.documents for paper in readiness.papers]),
        "routing": routing,
        "office": offices(routing).first() if isinstance(routing, Routing) else None,
        "limit": limit,
        "limit_words": limit_words(limit),
        "estimate": estimates.estimate_of(dossier),
        "gaps": _gaps(dossier, procedure, readiness),
        "digest": short_digest(content.digest_of(dossier)) if isinstance(routing, Routing) else "",
        **_co_signing(dossier, is_ready=readiness.is_ready),
    }


def _co_signing(dossier: Dossier, *, is_ready: bool) -> dict[str, object]:
    """Who signs with the filer; for most procedures nobody."""
    people = cosigning.co_signers(dossier)
    return {
        "people": people,
        "may_ask": is_ready and any(person.signature is None for person in people),
        "is_awaited": any(not person.has_signed for person in people),
    }


def offices(routing: Routing) -> "QuerySet[Office]":
    return Office.objects.filter(key=routing.office_key)


def papers_of(dossier: Dossier, missing: list[tuple[Document, ...]]) -> list[dict[str, Any]]:
    """The papers as components/document_list.html shows them, each with its state and files."""
    files = files_of(dossier)
    absent = {document.code for documents in missing for document in documents}
    shown = []
    for need in needs_of(dossier):
        code = need.document.code
        on_paper = code in dossier.follows_on_paper and code not in files
        if need.group and code not in files and not on_paper and code not in absent:
            continue  # another paper of the group is there
        state = "ready" if code in files or need.document.filled_here else "on_paper" if on_paper else ""
        shown.append(
            {
                "document": need.document,
                "state": state or ("missing" if code in absent else ""),
                "files": files.get(code, []),
            }
        )
    return shown


def _routing(dossier: Dossier) -> Routing | str:
    """The office with its reason, or why it can't be told yet."""
    try:
        return content.routing_of(dossier)
    except UnknownOffice as error:
        return error.message


def _gaps(dossier: Dossier, procedure: Procedure, readiness: content.Readiness) -> list[Gap]:
    return [
        *(_answer_gap(dossier, gap) for gap in readiness.answers),
        *(_rule_gap(dossier, procedure, rule) for rule in (*readiness.rules, *readiness.warnings)),
        *(_paper_gap(dossier, procedure, gap) for gap in readiness.papers),
    ]


def _answer_gap(dossier: Dossier, gap: MissingAnswer) -> Gap:
    question = gap.column or gap.question
    return Gap(f"{gap.step.title}: {question.label}", journey.step_url(dossier, gap.step))


def _rule_gap(dossier: Dossier, procedure: Procedure, rule: Rule) -> Gap:
    step = next(step for step in procedure.steps if rule.question in {q.name for q in step.questions})
    place = f"{journey.step_url(dossier, step)}{'#xem-lai' if rule.is_warning else ''}"
    return Gap(f"{step.title}: {rule.message}", place)


def _paper_gap(dossier: Dossier, procedure: Procedure, gap: MissingPaper) -> Gap:
    name = procedure.group_name(gap.group) if gap.is_choice else gap.documents[0].name
    url = f"{journey.url_of(dossier, journey.PAPERS)}#div_tep-{gap.documents[0].code}"
    return Gap(name, url)


def _is_shown(answer: AnswerInWords) -> bool:
    return bool(answer.text) or answer.question.required


def _row(answer: AnswerInWords) -> dict[str, Any]:
    return {"label": answer.question.label, "value": answer.text}


def _table(answer: AnswerInWords, table: AnswerTable, *, is_alone: bool) -> dict[str, Any]:
    return {
        "is_caption_hidden": is_alone,
        "caption": answer.question.label,
        "headings": [
            {"label": column.label, "is_number": column.kind in _NUMBERS} for column in table.columns
        ],
        "rows": table.rows,
    }
