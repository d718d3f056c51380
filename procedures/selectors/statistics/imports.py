"""Imported counts, newest first, those that were replaced among them."""

from dataclasses import dataclass

from procedures.models import ImportedCount

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    imports: list[ImportedCount]
    following: int | None  # the page after begins below this number


def imports_until(after: str) -> Page:
    """A page of them; ``after``: the number the page before ended with. A mangled one shows the first."""
    found = ImportedCount.objects.select_related("office", "imported_by").order_by("-pk")
    if after.isascii() and after.isdigit() and len(after) < 18:
        found = found.filter(pk__lt=int(after))
    rows = list(found[: PAGE + 1])
    return Page(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)
