"""Reading the tallies: months where a whole month is asked for, days at the edges, strokes not folded yet,
and imported counts, in one statement and so in one snapshot."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db import connection
from django.db.models import Max, Min

from procedures.domain.lifecycle import Act
from procedures.models import MonthTally, TallyMark
from procedures.selectors.statistics.extent import Extent, Series, View
from procedures.selectors.statistics.places import Offices, lineage

Key = Literal["office_id", "procedure", "month"]


@dataclass(frozen=True, slots=True)
class Count:
    """Dossiers by channel; ``imported`` are paper ones that were taken over from a report."""

    electronic: int = 0
    counter: int = 0
    post: int = 0
    imported: int = 0

    @property
    def total(self) -> int:
        return self.electronic + self.counter + self.post + self.imported

    @property
    def paper(self) -> int:
        return self.total - self.electronic

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.electronic + other.electronic,
            self.counter + other.counter,
            self.post + other.post,
            self.imported + other.imported,
        )


NONE = Count()

_FROM_TALLIES = """
    SELECT office_id, procedure, channel, month, count AS n FROM procedures_monthtally
    WHERE event = %(event)s AND month >= %(months_from)s AND month < %(months_to)s
    UNION ALL
    SELECT office_id, procedure, channel, date_trunc('month', day)::date, count FROM procedures_tally
    WHERE event = %(event)s AND (day BETWEEN %(first)s AND %(head_to)s OR day BETWEEN %(tail_from)s AND %(last)s)
    UNION ALL
    SELECT office_id, procedure, channel, date_trunc('month', day)::date, 1 FROM procedures_tallymark
    WHERE event = %(event)s AND day BETWEEN %(first)s AND %(last)s
"""

IMPORTED = "nhap"  # stands where the procedure would: a report doesn't say which
# Reported by the month: a month counts when its first day is in the period. Daily counts of an office stand
# aside in a month that was reported as a whole.
_FROM_IMPORTS = """
    UNION ALL
    SELECT office_id, 'nhap', 'imported', month, count FROM procedures_importedcount
    WHERE replaced_at IS NULL AND month BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT office_id, procedure, 'imported', date_trunc('month', day)::date, count FROM procedures_dailycount d
    WHERE replaced_at IS NULL AND day BETWEEN %(first)s AND %(last)s AND NOT EXISTS (
        SELECT FROM procedures_importedcount m WHERE m.office_id = d.office_id AND m.replaced_at IS NULL
        AND m.month = date_trunc('month', d.day)::date)
"""


def counts_by(key: Key, extent: Extent, offices: Offices, event: Act = Act.FILE) -> dict[str, Count]:
    """Counts of the period by office key, procedure code or month ("2019-08-01"): one query."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for value, channel, number in _rows((key,), extent, offices, event):
        found[value][channel] = number
    return {value: Count(**channels) for value, channels in found.items()}


def counts_by_month_and_office(extent: Extent, offices: Offices) -> dict[str, dict[str, Count]]:
    """Counts of each office in each month ("2019-08-01"): one query."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for month, office, channel, number in _rows(("month", "office_id"), extent, offices, Act.FILE):
        found[month, office][channel] = number
    by_month: dict[str, dict[str, Count]] = defaultdict(dict)
    for (month, office), channels in found.items():
        by_month[month][office] = Count(**channels)
    return dict(by_month)


def months_with_counts() -> tuple[date, date] | None:
    """The first and the last month in which anything was filed."""
    folded = MonthTally.objects.filter(event=Act.FILE).aggregate(first=Min("month"), last=Max("month"))
    waiting = TallyMark.objects.filter(event=Act.FILE).aggregate(first=Min("day"), last=Max("day"))
    known = [day.replace(day=1) for found in (folded, waiting) for day in found.values() if day]
    return (min(known), max(known)) if known else None


def _rows(keys: tuple[Key, ...], extent: Extent, offices: Offices, event: Act) -> list[tuple[Any, ...]]:
    """The values of ``keys``, the channel and the number of dossiers."""
    narrowed = " AND procedure = %(procedure)s" if extent.procedure else ""
    narrowed += " AND office_id = ANY(%(offices)s)" if extent.office else ""
    with_imports = extent.series is Series.FIELD and event is Act.FILE
    kept = _FROM_TALLIES + (_FROM_IMPORTS if with_imports else "")
    columns = [*(f"{key}::text" for key in keys), "channel"]
    numbers = ", ".join(str(place) for place in range(1, len(columns) + 1))
    statement = f"""
        SELECT {", ".join(columns)}, sum(n)::bigint FROM ({kept}) AS kept
        WHERE true {narrowed} GROUP BY {numbers}
    """  # noqa: S608 - constants; values are parameters
    given: dict[str, Any] = {
        **_bounds(extent.first, extent.last),
        "event": event,
        "procedure": extent.procedure,
        "offices": offices_counted(extent, offices),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def offices_counted(extent: Extent, offices: Offices) -> list[str]:
    """The keys of the one office that is asked for: as it is now, with all that it has taken over."""
    if not extent.office or extent.view is View.THEN:
        return [extent.office]
    return lineage(extent.office, offices)


def _bounds(first: date, last: date) -> dict[str, date]:
    """Whole months [months_from, months_to) and the days before and after them."""
    day = timedelta(days=1)
    months_from = first if first.day == 1 else next_month(first)
    months_to = next_month(last) if (last + day).day == 1 else last.replace(day=1)
    if months_from >= months_to:
        return {
            "first": first,
            "last": last,
            "months_from": first,
            "months_to": first,
            "head_to": last,
            "tail_from": last + day,
        }
    return {
        "first": first,
        "last": last,
        "months_from": months_from,
        "months_to": months_to,
        "head_to": months_from - day,
        "tail_from": months_to,
    }


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
