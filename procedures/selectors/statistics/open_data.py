"""What anybody may see: the country and the offices by month, without telling of fewer than five people.

A number from 1 to 4 could point at somebody. Offices with such a number of electronic or of paper dossiers
are merged in that month, with further ones until the merged line has at least two offices and no such
number either: else the country's line minus the others would give it away. There are no sums over months
by office for the same reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from procedures.selectors.statistics.counts import (
    NONE,
    Count,
    counts_by_month_and_office,
    months_with_counts,
    next_month,
)
from procedures.selectors.statistics.extent import Extent
from procedures.selectors.statistics.places import COUNTRY, COUNTRY_NAME, all_offices
from procedures.selectors.statistics.table import Row

FEWEST = 5
MERGED = "gop"


@dataclass(frozen=True, slots=True)
class Month:
    """One month as published. ``country`` is None when the whole country has too few to tell."""

    first: date
    country: Row | None
    offices: tuple[Row, ...]  # lowest rate first
    merged: Row | None
    merged_names: tuple[str, ...]


def is_small(count: Count) -> bool:
    return 0 < count.electronic < FEWEST or 0 < count.paper < FEWEST


def published_years() -> list[int]:
    """Years with anything filed, newest first."""
    months = months_with_counts()
    return list(range(months[1].year, months[0].year - 1, -1)) if months else []


def published_months(year: int) -> list[Month]:
    """The months of a year that had dossiers, in order: two queries."""
    offices = all_offices()
    extent = Extent(first=date(year, 1, 1), last=date(year, 12, 31))
    counts = counts_by_month_and_office(extent, offices)
    names = {key: office.annex_name for key, office in offices.items()}
    return [_month(date.fromisoformat(month), counts[month], names) for month in sorted(counts)]


def last_day_of(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def _month(first: date, counts: Mapping[str, Count], names: Mapping[str, str]) -> Month:
    country = sum(counts.values(), NONE)
    if is_small(country):
        return Month(first, None, (), None, ())
    together = merged_offices(counts)
    told = sorted(
        (key for key in counts if key not in together and counts[key].total),
        key=lambda key: (Fraction(counts[key].electronic, counts[key].total), names[key]),
    )
    rows = tuple(Row(place, key, names[key], counts[key]) for place, key in enumerate(told, start=1))
    merged_names = tuple(sorted(names[key] for key in together))
    merged = (
        Row(0, MERGED, "Các cơ quan được gộp", sum((counts[key] for key in together), NONE))
        if together
        else None
    )
    return Month(first, Row(0, COUNTRY, COUNTRY_NAME, country), rows, merged, merged_names)


def merged_offices(counts: Mapping[str, Count]) -> set[str]:
    """The offices of a month that are told of only together."""
    together = {key for key, count in counts.items() if is_small(count)}
    rest = sorted((key for key in counts if key not in together), key=lambda key: (counts[key].total, key))
    while together and rest and not _is_safe(together, counts):
        together.add(rest.pop(0))
    return together


def _is_safe(together: set[str], counts: Mapping[str, Count]) -> bool:
    return len(together) > 1 and not is_small(sum((counts[key] for key in together), NONE))
