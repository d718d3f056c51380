"""Frozen reports, newest first."""

from dataclasses import dataclass

from procedures.models import ReportEdition

PAGE = 30


@dataclass(frozen=True, slots=True)
class Page:
    editions: list[ReportEdition]
    following: int | None  # the page after begins below this number


def editions_until(after: str) -> Page:
    """A page of them; ``after``: the number the page before ended with. A mangled one shows the first."""
    found = ReportEdition.objects.defer("content").select_related("frozen_by", "correction", "corrects")
    if after.isascii() and after.isdigit() and len(after) < 18:
        found = found.filter(pk__lt=int(after))
    rows = list(found[: PAGE + 1])
    return Page(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def edition_of(pk: int) -> ReportEdition:
    """Raises ReportEdition.DoesNotExist."""
    return ReportEdition.objects.select_related("frozen_by", "correction", "corrects").get(pk=pk)
