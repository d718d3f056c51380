"""Hạn trả toàn quốc: what the headquarters see of due dates. References and offices; nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from accounts import wall
from accounts.models import Office
from procedures.domain.lifecycle import OPEN
from procedures.models import Breach, Dossier

PAGE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind (or before) this dossier, in the order of due dates."""

    due_on: date
    pk: int

    def __str__(self) -> str:
        return f"{self.due_on.isoformat()}_{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """None for anything that isn't a place: a mangled address shows the first page."""
        day, _, pk = text.partition("_")
        try:
            found = cls(date.fromisoformat(day), int(pk))
        except ValueError:
            return None
        return found if 0 < found.pk < 2**63 else None


@dataclass(frozen=True, slots=True)
class BoardPage:
    dossiers: Sequence[Dossier]
    previous: Place | None
    next: Place | None


def due_board(
    office: str = "", *, after: Place | None = None, before: Place | None = None, size: int = PAGE
) -> BoardPage:
    """Open dossiers with a due date, soonest first; each carries ``is_told``, whether its breach was told."""
    told = Breach.objects.filter(dossier=OuterRef("pk"), due_on=OuterRef("due_on"))
    rows = (
        Dossier.objects.filter(status__in=sorted(OPEN), due_order__lt=date.max)
        .select_related("office")
        .annotate(is_told=Exists(told))
        .defer("answers", "estimate", "routing", "search_text")
    )
    if office:
        rows = rows.filter(office=office)
    start, is_onward = after or before, before is None or after is not None
    if start is not None:
        rows = rows.filter(_beyond(start, is_onward=is_onward))
    order = ("due_order", "pk") if is_onward else ("-due_order", "-pk")
    with wall.door(wall.FIGURES):
        found = list(rows.order_by(*order)[: size + 1])
    shown, is_more = found[:size], len(found) > size
    if not is_onward:
        shown.reverse()
    if not shown:
        return due_board(office, size=size) if start else BoardPage([], None, None)
    has_previous = is_more if not is_onward else start is not None
    has_next = is_more if is_onward else True
    return BoardPage(
        shown, _place(shown[0]) if has_previous else None, _place(shown[-1]) if has_next else None
    )


def all_offices() -> list[Office]:
    """For the filter, by name."""
    return list(Office.objects.order_by("name"))


def _beyond(start: Place, *, is_onward: bool) -> Q:
    side = "gt" if is_onward else "lt"
    beyond = Q(**{f"due_order__{side}": start.due_on}) | Q(
        due_order=start.due_on, **{f"pk__{side}": start.pk}
    )
    # Redundant, but it is what lets the index begin at the place.
    return beyond & Q(**{f"due_order__{side}e": start.due_on})


def _place(dossier: Dossier) -> Place:
    return Place(dossier.due_on or date.max, dossier.pk)
