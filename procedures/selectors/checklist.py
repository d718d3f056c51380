"""The check-list of a dossier with what officers marked, and which defects asked for were found cured."""

from dataclasses import dataclass

from procedures.domain.checklist import PAPER, QUESTION, STEP, Item, asked_items, items_of
from procedures.models import CheckMark, Dossier, Filing, SupplementRequest
from procedures.selectors.definitions import legal_day_of, procedure_of


@dataclass(frozen=True, slots=True)
class Check:
    """An item and the mark that counts. ``is_outdated``: it was made before the filer changed the item."""

    item: Item
    mark: CheckMark | None = None
    is_outdated: bool = False

    @property
    def counts(self) -> CheckMark | None:
        return None if self.is_outdated else self.mark

    @property
    def is_fine(self) -> bool:
        return self.counts is not None and self.counts.verdict == CheckMark.Verdict.FINE

    @property
    def is_defect(self) -> bool:
        return self.counts is not None and self.counts.verdict == CheckMark.Verdict.DEFECT


@dataclass(frozen=True, slots=True)
class Answered:
    """A supplement request and the filing that answered it."""

    request: SupplementRequest
    filing: Filing


@dataclass(frozen=True, slots=True)
class CheckList:
    checks: list[Check]
    asked: list[Check]  # what the last answered request asked for
    uncured: list[Item]  # asked for in any request, answered, and not found cured since
    answered: list[Answered]

    def mark_of(self, code: str) -> CheckMark | None:
        """The mark that counts now."""
        found = self.by_code.get(code)
        return found.counts if found else None

    @property
    def by_code(self) -> dict[str, Check]:
        return {check.item.code: check for check in (*self.checks, *self.asked)}

    @property
    def defects(self) -> list[Check]:
        return [check for check in self.by_code.values() if check.is_defect]


def check_list_of(dossier: Dossier) -> CheckList:
    """Two or three queries, however large the dossier."""
    procedure = procedure_of(dossier)
    answered = answered_requests(dossier)
    changed = _changed_in(answered)
    latest = {mark.item: mark for mark in dossier.check_marks.select_related("by").order_by("pk")}
    items = items_of(procedure, dossier.answers, legal_day_of(dossier))
    checks = [_check(item, latest, changed) for item in items]
    last = answered[-1].request if answered else None
    asked = asked_items(procedure, last.documents, last.questions) if last else []
    every = {
        item.code: item
        for one in answered
        for item in asked_items(procedure, one.request.documents, one.request.questions)
    }
    uncured = [item for item in every.values() if not _check(item, latest, changed).is_fine]
    return CheckList(checks, [_check(item, latest, changed) for item in asked], uncured, answered)


def answered_requests(dossier: Dossier) -> list[Answered]:
    """Oldest first: each supplement with the request it answered, the last one made before it."""
    filings = list(dossier.filings.filter(number__gt=1).order_by("number"))
    if not filings:
        return []
    requests = list(dossier.supplement_requests.select_related("requested_by").order_by("pk"))
    pairs = [
        (filing, [request for request in requests if request.requested_at <= filing.filed_at])
        for filing in filings
    ]
    return [Answered(before[-1], filing) for filing, before in pairs if before]


def _changed_in(answered: list[Answered]) -> dict[str, int]:
    """By item: the number of the last filing in which the filer could change it."""
    changed: dict[str, int] = {}
    for one in answered:
        for code in one.request.documents:
            changed[f"{PAPER}:{code}"] = one.filing.number
        for name in one.request.questions:
            changed[f"{QUESTION}:{name}"] = one.filing.number
    return changed


def _check(item: Item, latest: dict[str, CheckMark], changed: dict[str, int]) -> Check:
    mark = latest.get(item.code)
    touched = (
        [f"{QUESTION}:{question.name}" for question in item.questions] if item.kind == STEP else [item.code]
    )
    since = max((changed.get(code, 1) for code in touched), default=1)
    return Check(item, mark, is_outdated=mark is not None and mark.filing_number < since)
