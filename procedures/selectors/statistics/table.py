"""The table of rates: rows in order, with the figures as they are printed. Whoever prints the table (page,
command, CSV, XLSX, PDF, a frozen report) prints ``Row.figures`` and nothing of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.lib.money import format_number, format_rate
from portal.lib.vietnamese import format_month
from procedures import catalogue
from procedures.selectors.statistics.counts import IMPORTED, NONE, Count, counts_by, next_month
from procedures.selectors.statistics.extent import Extent, Level, Series
from procedures.selectors.statistics.places import (
    COUNTRY,
    COUNTRY_NAME,
    Offices,
    all_offices,
    rows_of_places,
)

HEADINGS = ("STT", "Cơ quan BHXH", "Hồ sơ điện tử", "Tổng số hồ sơ", "Tỷ lệ")
NO_RATE = "–"


def rate_of(electronic: int, total: int) -> Decimal | None:
    """Electronic dossiers in 100, not rounded; None where there are no dossiers."""
    return Decimal(100 * electronic) / Decimal(total) if total else None


def rate_text(electronic: int, total: int) -> str:
    """ "36,99%": rounded half up to two decimals."""
    rate = rate_of(electronic, total)
    return NO_RATE if rate is None else format_rate(rate)


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``key``: of the office, region, procedure or month (its first day)."""

    place: int  # 0 for the line of the whole country
    key: str
    name: str
    count: Count

    @property
    def rate(self) -> Decimal | None:
        return rate_of(self.count.electronic, self.count.total)

    @property
    def figures(self) -> tuple[str, str, str, str, str]:
        """The cells under HEADINGS, as printed."""
        electronic, total = self.count.electronic, self.count.total
        return (
            str(self.place or ""),
            self.name,
            format_number(electronic),
            format_number(total),
            rate_text(electronic, total),
        )


@dataclass(frozen=True, slots=True)
class RateTable:
    extent: Extent
    rows: tuple[Row, ...]
    total: Row

    def row_of(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.key == key), None)


def rate_table(extent: Extent) -> RateTable:
    """The table of this extent: two queries, whatever the number of dossiers."""
    offices = all_offices()
    if extent.level is Level.PROCEDURE:
        rows = _in_order(_procedure_names(extent), counts_by("procedure", extent, offices))
    elif extent.level is Level.MONTH:
        rows = _in_order(_month_names(extent), counts_by("month", extent, offices))
    else:
        rows = _places(extent, offices)
    total = sum((row.count for row in rows), NONE)
    return RateTable(extent, tuple(rows), Row(0, COUNTRY, COUNTRY_NAME, total))


def _places(extent: Extent, offices: Offices) -> list[Row]:
    """Offices, regions or the country, lowest rate first, as the annex has them."""
    counts = counts_by("office_id", extent, offices)
    names, belongs = rows_of_places(extent, offices, counts)
    summed = dict.fromkeys(names, NONE)
    for key, count in counts.items():
        summed[belongs[key]] += count
    ordered = sorted(summed, key=lambda key: (_sorting(summed[key]), names[key]))
    return [Row(place, key, names[key], summed[key]) for place, key in enumerate(ordered, start=1)]


def _sorting(count: Count) -> Fraction:
    """Exact rates, so that nothing rounded changes the order. Those without a dossier come last."""
    return Fraction(count.electronic, count.total) if count.total else Fraction(2)


def _in_order(names: Mapping[str, str], counts: Mapping[str, Count]) -> list[Row]:
    """One row a name, and one for whatever was counted without being known."""
    every = {**names, **{key: key for key in sorted(counts) if key not in names}}
    return [
        Row(place, key, name, counts.get(key, NONE))
        for place, (key, name) in enumerate(every.items(), start=1)
    ]


def _procedure_names(extent: Extent) -> dict[str, str]:
    known = catalogue.procedures_on(extent.last)
    names = {it.code: it.name for it in known if extent.procedure in ("", it.code)}
    has_imports = extent.series is Series.FIELD and not extent.procedure
    return {**names, **({IMPORTED: "Hồ sơ giấy nhập từ báo cáo"} if has_imports else {})}


def _month_names(extent: Extent) -> dict[str, str]:
    names, month = {}, extent.first.replace(day=1)
    while month <= extent.last:
        names[month.isoformat()] = f"Tháng {format_month(month)}"
        month = next_month(month)
    return names


def month_of(key: str) -> date:
    """The first day of the month a row of Level.MONTH stands for."""
    return date.fromisoformat(key)
