"""Pictures of a table: a map of tiles, ranked bars, lines over months. Coordinates only; the templates draw
them as SVG, so they need no script and can be printed."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from portal.lib.money import format_rate
from procedures.selectors.statistics.places import Offices, rows_of_places
from procedures.selectors.statistics.table import NO_RATE, RateTable, Row

TILE, GAP = 52, 2  # in units of the drawing
STEPS = (Decimal(20), Decimal(40), Decimal(60), Decimal(80))
STEP_NAMES = ("dưới 20%", "20% đến dưới 40%", "40% đến dưới 60%", "60% đến dưới 80%", "từ 80%")
NO_STEP = "none"
_TILES_CSV = Path(__file__).with_name("tiles.csv")
# Names too long for a tile, as the annex and people shorten them.
_SHORT = {
    "thua-thien-hue": ("TT-Huế", ""),
    "ba-ria-vung-tau": ("BR –", "Vũng Tàu"),
    "ho-chi-minh": ("TP HCM", ""),
}


@dataclass(frozen=True, slots=True)
class Tile:
    x: int
    y: int
    words: tuple[str, str]
    rate: str
    step: str  # "0" (lowest) to "4", or NO_STEP


@dataclass(frozen=True, slots=True)
class TileMap:
    tiles: tuple[Tile, ...]
    width: int
    height: int
    size: int = TILE
    middle: int = TILE // 2


def step_of(rate: Decimal | None) -> str:
    """The shade of a rate. Five shades, darker is higher, told apart by lightness alone."""
    return NO_STEP if rate is None else str(sum(rate >= step for step in STEPS))


def tile_map(table: RateTable, offices: Offices) -> TileMap:
    """The 63 provinces as tiles; each has the rate of the row it belongs to in this table."""
    _names, belongs = rows_of_places(table.extent, offices, ())
    rows = {row.key: row for row in table.rows}
    tiles = tuple(
        _tile(key, place, offices[key].name, rows.get(belongs[key]))
        for key, place in _places().items()
        if key in offices
    )
    columns = max(column for _row, column in _places().values()) + 1
    lines = max(row for row, _column in _places().values()) + 1
    return TileMap(tiles, columns * (TILE + GAP) - GAP, lines * (TILE + GAP) - GAP)


def _tile(key: str, place: tuple[int, int], name: str, row: Row | None) -> Tile:
    rate = row.rate if row else None
    line, column = place
    step = TILE + GAP
    return Tile(column * step, line * step, _words(key, name), _short(rate), step_of(rate))


def _words(key: str, name: str) -> tuple[str, str]:
    """A name on two lines of at most eight letters or so."""
    if key in _SHORT:
        return _SHORT[key]
    first, _space, rest = name.partition(" ")
    return first, rest


def _short(rate: Decimal | None) -> str:
    return NO_RATE if rate is None else format_rate(rate)


@cache
def _places() -> dict[str, tuple[int, int]]:
    with _TILES_CSV.open(encoding="utf-8", newline="") as file:
        return {line["key"]: (int(line["row"]), int(line["column"])) for line in csv.DictReader(file)}


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    width: Decimal  # 0 to 100
    rate: str
    is_below: bool  # the target


def bars_of(table: RateTable, target: Decimal | None = None) -> list[Bar]:
    """Highest rate first."""
    rows = [row for row in reversed(table.rows) if row.rate is not None]
    return [
        Bar(
            row.name,
            round(row.rate or Decimal(0), 2),
            _short(row.rate),
            target is not None and (row.rate or Decimal(0)) < target,
        )
        for row in rows
    ]
