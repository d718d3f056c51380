"""Lines over the months of a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procedures.selectors.statistics.table import RateTable, rate_text

WIDTH, HEIGHT = 400, 230
LEFT, RIGHT, TOP, BOTTOM = 44, 378, 14, 196


@dataclass(frozen=True, slots=True)
class Point:
    x: Decimal
    y: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: ``kind`` 0 is drawn through with discs, 1 dashed with squares."""

    name: str
    kind: int
    points: tuple[Point, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Tick:
    at: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Trend:
    curves: tuple[Curve, ...]
    months: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]  # the same as a table
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM


def trend_of(named: Sequence[tuple[str, RateTable]]) -> Trend:
    """Tables by month of the same period, each with the name of its line."""
    months = named[0][1].rows
    every = max(1, -(-len(months) // 8))
    curves = tuple(_curve(name, kind, table) for kind, (name, table) in enumerate(named))
    rows = tuple(
        (
            month.name,
            *(text for _name, table in named for text in table.rows[place].figures[2:]),
        )
        for place, month in enumerate(months)
    )
    return Trend(
        curves=curves,
        months=tuple(
            Tick(_x(place, len(months)), month.key[5:7] + "/" + month.key[2:4])
            for place, month in enumerate(months)
            if place % every == 0
        ),
        levels=tuple(Tick(_y(Decimal(level)), f"{level}%") for level in range(0, 101, 20)),
        headings=_headings([name for name, _table in named]),
        rows=rows,
    )


def _headings(names: Sequence[str]) -> tuple[str, ...]:
    """Which line a column is of, where there are several."""
    words = ("Hồ sơ điện tử", "Tổng số hồ sơ", "Tỷ lệ")
    if len(names) == 1:
        return ("Tháng", *words)
    return ("Tháng", *(f"{name}: {word}" for name in names for word in words))


def _curve(name: str, kind: int, table: RateTable) -> Curve:
    number = len(table.rows)
    points = tuple(
        Point(_x(place, number), _y(row.rate), rate_text(row.count.electronic, row.count.total))
        for place, row in enumerate(table.rows)
        if row.rate is not None
    )
    path = " ".join(f"{'L' if place else 'M'}{point.x} {point.y}" for place, point in enumerate(points))
    return Curve(name, kind, points, path)


def _x(place: int, number: int) -> Decimal:
    span = Decimal(RIGHT - LEFT) / max(1, number - 1)
    return round(LEFT + place * span, 1)


def _y(rate: Decimal) -> Decimal:
    return round(BOTTOM - (BOTTOM - TOP) * rate / 100, 1)
