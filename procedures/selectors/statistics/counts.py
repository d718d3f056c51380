"""Reading the tallies: months where a whole month is asked for, days at the edges, strokes not folded yet,
and imported counts, in one statement and so in one snapshot."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db import connection

from procedures.domain.lifecycle import Act
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
# Reported by the month: a month counts when its first day is in the period.
_FROM_IMPORTS = """
    UNION ALL
    SELECT office_id, 'nhap', 'imported', month, count FROM procedures_importedcount
    WHERE replaced_at IS NULL AND month BETWEEN %(first)s AND %(last)s
"""


def counts_by(key: Key, extent: Extent, offices: Offices, event: Act = Act.FILE) -> dict[str, Count]:
    """Counts of the period by office key, procedure code or month ("2019-08-01"): one query."""
    narrowed = " AND procedure = %(procedure)s" if extent.procedure else ""
    narrowed += " AND office_id = ANY(%(offices)s)" if extent.office else ""
    with_imports = extent.series is Series.FIELD and not extent.procedure and event is Act.FILE
    kept = _FROM_TALLIES + (_FROM_IMPORTS if with_imports else "")
    statement = f"""
        SELECT {key}::text, channel, sum(n)::bigint FROM ({kept}) AS kept
        WHERE true {narrowed} GROUP BY 1, 2
    """  # noqa: S608 - constants; values are parameters
    given: dict[str, Any] = {
        **_bounds(extent.first, extent.last),
        "event": event,
        "procedure": extent.procedure,
        "offices": offices_counted(extent, offices),
    }
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        for value, channel, number in cursor.fetchall():
            found[value][channel] = number
    return {value: Count(**channels) for value, channels in found.items()}


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
