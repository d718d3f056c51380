"""The dossiers behind a cell of a table: exactly those it counted, as far as the viewer may see them."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import wall
from accounts.models import Role, User
from procedures.domain.lifecycle import Status
from procedures.models import Channel, Dossier
from procedures.selectors.statistics.counts import Count, counts_by, next_month
from procedures.selectors.statistics.extent import Extent, Level
from procedures.selectors.statistics.origins import filed_at_and_left, never_left, offices_left
from procedures.selectors.statistics.places import COUNTRY, Offices, all_offices, lineage, rows_of_places
from procedures.selectors.statistics.table import month_of

PAGE = 50
PAPER = "giay"
# No answers, no names: the list tells which dossiers, not whose.
SHOWN = (
    "public_id",
    "reference",
    "procedure",
    "edition",
    "channel",
    "status",
    "filed_at",
    "decided_at",
    "queued_at",
    "office_id",
)
CHANNELS: dict[str, tuple[str, ...]] = {
    "": tuple(Channel.values),
    Channel.ELECTRONIC: (Channel.ELECTRONIC,),
    Channel.COUNTER: (Channel.COUNTER,),
    Channel.POST: (Channel.POST,),
    PAPER: (Channel.COUNTER, Channel.POST),
}


class NotYours(Exception):
    """The viewer may know how many there are, not which."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """After which dossier a page begins: offices one after another, newest filing first."""

    office: str
    filed_at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.office}_{self.filed_at.isoformat()}_{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """None for anything that isn't a cursor: a mangled address shows the first page."""
        try:
            office, moment, pk = text.split("_")
            cursor = cls(office, datetime.fromisoformat(moment), int(pk))
        except ValueError:
            return None
        return cursor if cursor.filed_at.tzinfo and 0 < cursor.pk < 2**63 else None


@dataclass(frozen=True, slots=True)
class Page:
    number: int  # of dossiers in the whole list
    imported: int  # counted in the cell, and no dossiers of the portal
    dossiers: list[Dossier]
    next: Cursor | None


def may_list(viewer: User, offices: Offices, keys: Sequence[str]) -> bool:
    """HQ sees every list; those of an office that of their own and of what it has taken over."""
    if viewer.role == Role.HQ:
        return True
    if not viewer.is_officer or not viewer.office_id:
        return False
    return set(keys) <= set(lineage(viewer.office_id, offices))


def rows_listed(viewer: User, extent: Extent) -> set[str] | None:
    """The rows whose lists the viewer may open; None for all of them."""
    if viewer.role == Role.HQ:
        return None
    if not viewer.is_officer or not viewer.office_id or extent.level is not Level.OFFICE:
        return set()
    return set(lineage(viewer.office_id, all_offices()))


def dossiers_behind(
    viewer: User, extent: Extent, row: str, channel: str = "", after: Cursor | None = None
) -> Page:
    """One page of the list behind the cell of ``row`` (its key) and ``channel`` (of CHANNELS).

    Raises NotYours; KeyError for a row or channel there isn't.
    """
    offices = all_offices()
    channels = CHANNELS[channel]
    narrowed, keys = _cell(extent, row, offices)
    if not may_list(viewer, offices, keys):
        raise NotYours
    counts = counts_by("office_id", narrowed, offices)
    there = [key for key in sorted(keys) if _number(counts.get(key, Count()), channels)]
    with wall.door(wall.FIGURES):
        dossiers, following = _page(_counted(narrowed, channels), there, after)
    return Page(
        number=sum(_number(counts[key], channels) for key in there),
        imported=sum(counts[key].imported for key in keys if key in counts) if channel in ("", PAPER) else 0,
        dossiers=dossiers,
        next=following,
    )


def _cell(extent: Extent, row: str, offices: Offices) -> tuple[Extent, list[str]]:
    """The extent narrowed to one row of its table, and the offices whose acts it counts. The whole
    country's line is a row of every table."""
    if extent.level is Level.PROCEDURE and row != COUNTRY:
        return replace(extent, level=Level.OFFICE, procedure=row), list(offices)
    if extent.level is Level.MONTH and row != COUNTRY:
        return _one_month(extent, month_of(row)), list(offices)
    _names, belongs = rows_of_places(extent, offices, list(offices))
    keys = [key for key in offices if row in (COUNTRY, belongs[key])]
    if not keys:
        raise KeyError(row)
    return extent, keys


def _one_month(extent: Extent, month: date) -> Extent:
    last = next_month(month) - timedelta(days=1)
    return replace(extent, level=Level.OFFICE, first=max(extent.first, month), last=min(extent.last, last))


def _number(count: Count, channels: Sequence[str]) -> int:
    return sum(int(getattr(count, channel)) for channel in channels)


def _counted(extent: Extent, channels: Sequence[str]) -> QuerySet[Dossier]:
    """The dossiers of an extent, of every office."""
    dossiers = Dossier.objects.filter(
        is_test=False,
        channel__in=channels,
        filed_at__gte=_midnight(extent.first),
        filed_at__lt=_midnight(extent.last + timedelta(days=1)),
    ).exclude(status=Status.DRAFT)
    return dossiers.filter(procedure=extent.procedure) if extent.procedure else dossiers


def _page(
    dossiers: QuerySet[Dossier], keys: Sequence[str], after: Cursor | None
) -> tuple[list[Dossier], Cursor | None]:
    """The next PAGE dossiers, office after office: each query walks one office's index from the cursor."""
    found: list[Dossier] = []
    moved = offices_left()
    for key in keys:
        if after and key < after.office:
            continue
        begins = after if after and key == after.office else None
        found += _of_office(dossiers, key, begins, PAGE + 1 - len(found), has_moved=key in moved)
        if len(found) > PAGE:
            last = found[PAGE - 1]
            return found[:PAGE], Cursor(last.counted_office, last.filed_at, last.pk)  # type: ignore[attr-defined, arg-type]
    return found, None


def _of_office(
    dossiers: QuerySet[Dossier], key: str, after: Cursor | None, number: int, *, has_moved: bool
) -> list[Dossier]:
    """The next dossiers that were filed to an office, newest first: those it has, and those that have gone
    on to another."""
    if after:
        dossiers = dossiers.filter(
            Q(filed_at__lt=after.filed_at) | Q(filed_at=after.filed_at, pk__lt=after.pk),
            filed_at__lte=after.filed_at,
        )
    parts = [_newest(never_left(dossiers.filter(office_id=key)), number)]
    if has_moved:
        parts.append(_newest(filed_at_and_left(dossiers, key), number))
    merged = heapq.merge(*parts, key=lambda dossier: (dossier.filed_at, dossier.pk), reverse=True)
    return [_marked(dossier, key) for dossier in islice(merged, number)]


def _newest(dossiers: QuerySet[Dossier], number: int) -> list[Dossier]:
    return list(dossiers.only(*SHOWN).order_by("-filed_at", "-pk")[:number])


def _marked(dossier: Dossier, key: str) -> Dossier:
    dossier.counted_office = key  # type: ignore[attr-defined]
    return dossier


def _midnight(day: date) -> datetime:
    """When the day begins in Việt Nam."""
    return timezone.make_aware(datetime.combine(day, time()))
