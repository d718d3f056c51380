"""Dossiers in the numbers of the annex of 3040/BHXH-CNTT (20/8/2019): 63 offices, 4,177,524 dossiers,
1,545,438 of them electronic.

The annex gives two numbers an office and nothing else. Assumed here (docs/decisions/0011): the working
days from 2/1 to 19/8/2019, evenly; the share of each procedure; one paper dossier in ten by post; the
last 3 % still open. Everything follows from a row's place in its office and channel, so that a load can
be repeated.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

from portal.lib import working_days
from portal.lib.identifiers import CROCKFORD, REFERENCE_PREFIX, check_character

ANNEX_CSV = Path(__file__).resolve().parent.parent / "data" / "annex-3040.csv"
FIRST_DAY, LAST_DAY = date(2019, 1, 2), date(2019, 8, 19)
EDITION = "2019"
# In 100 dossiers, by procedure.
SHARES = {
    "bhxh_mot_lan": 62,
    "tu_tuat": 14,
    "di_chuyen": 9,
    "tro_cap_qd91_613": 6,
    "huong_tiep": 4,
    "tro_cap_nha_giao": 3,
    "tro_cap_dinh_cu": 2,
}
OPEN_PER_CENT = 3
POST_IN = 10  # one paper dossier in so many came by post
# In 50 settled dossiers: 47 approved, 2 refused, 1 withdrawn.
ENDS = ["approved"] * 24 + ["refused"] + ["approved"] * 11 + ["withdrawn"] + ["approved"] * 12 + ["refused"]
ACT_OF = {"approved": "approve", "refused": "refuse", "withdrawn": "withdraw"}
PERIOD = 200  # rows after which everything but day and number repeats

# What a line has, in the order of COPY.
COLUMNS = (
    *("public_id", "reference", "procedure", "status", "filed_at", "decided_at", "created_at", "updated_at"),
    *("answers", "search_text", "queued_at", "channel", "edition", "filer_id", "office_id", "revision"),
    *("follows_on_paper", "confirmed_warnings", "is_test"),
)

# Folded names for a load that is to be searched: common ones are common, as in life; nobody's in particular.
SURNAMES = ("nguyen",) * 8 + (
    "tran",
    "tran",
    "le",
    "pham",
    "hoang",
    "phan",
    "vu",
    "dang",
    "bui",
    "do",
    "ho",
    "ly",
)
MIDDLES = ("van", "thi", "huu", "duc", "minh", "thanh", "ngoc", "quang", "kim", "xuan")
_GIVEN = (
    "an binh chau cuong dung duong giang ha hai hanh hang hien hoa hong hung huong khanh kien lan linh loan long "
    "mai manh my nam nga ngan nghia nhung oanh phuc phuong quan quyen son tam tan thao thu thuy tien toan trang "
    "trung tu tuan tung van vinh yen"
)
GIVEN = tuple(_GIVEN.split())

OPEN_ANSWERS = '{"full_name": "Hồ sơ dựng theo phụ lục 3040"}'

Cell = tuple[date, str, str, str]  # day, procedure, channel, act


class Kind(NamedTuple):
    """What a row's place decides."""

    procedure: str
    status: str
    days: int  # from filing to decision
    time: str


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """One line of the annex."""

    key: str
    electronic: int
    total: int

    def scaled(self, scale: int) -> "AnnexRow":
        """A ``scale``-th of it, rounded half up, at least one dossier."""
        total = max(1, (2 * self.total + scale) // (2 * scale))
        return AnnexRow(self.key, min(total, (2 * self.electronic + scale) // (2 * scale)), total)

    @property
    def channels(self) -> tuple[tuple[str, int], ...]:
        paper = self.total - self.electronic
        post = paper // POST_IN
        return ("electronic", self.electronic), ("counter", paper - post), ("post", post)


def annex_rows(scale: int = 1) -> list[AnnexRow]:
    """The annex as printed, in its order; ``scale`` 100 gives a hundredth of it."""
    with ANNEX_CSV.open(encoding="utf-8", newline="") as file:
        rows = [
            AnnexRow(line["key"], int(line["electronic"]), int(line["total"]))
            for line in csv.DictReader(file)
        ]
    return rows if scale == 1 else [row.scaled(scale) for row in rows]


@cache
def days_of_annex() -> tuple[date, ...]:
    days = (FIRST_DAY + timedelta(days=step) for step in range((LAST_DAY - FIRST_DAY).days + 1))
    return tuple(day for day in days if working_days.is_working_day(day))


@cache
def kinds() -> tuple[Kind, ...]:
    """One period of rows; each procedure is spread as evenly as it goes, so that small offices have all."""
    places = [(Fraction(2 * n + 1, 2 * share), code) for code, share in SHARES.items() for n in range(share)]
    codes = [code for _place, code in sorted(places)]
    return tuple(
        Kind(codes[n % 100], ENDS[n % 50], 3 + n % 8, f"{8 + n % 9:02d}:{n * 17 % 60:02d}:{n * 7 % 60:02d}")
        for n in range(PERIOD)
    )


def kinds_of(first: int, after: int) -> list[Kind]:
    """The kinds of the rows from ``first`` until before ``after``."""
    start, length = first % PERIOD, after - first
    return list((kinds() * (length // PERIOD + 2))[start : start + length])


@cache
def _endings(check: str) -> list[str]:
    """The last parts of references, "0000-K" to "9999-K", of an office and day whose number 0000 has this
    check character: it is linear, so the two parts are XORed instead of computed 4.2 million times."""
    start = CROCKFORD.index(check)
    numbers = [f"{n:04d}" for n in range(10_000)]
    return [f"{n}-{CROCKFORD[start ^ CROCKFORD.index(check_character(n))]}" for n in numbers]


@dataclass
class OfficeLoad:
    """The rows of one office, as COPY takes them, and what they add up to."""

    row: AnnexRow
    number: int  # place in the annex, part of the public ids
    office_code: str
    filer_id: int
    keeps_open: bool = True  # False for an office that is closed: all its dossiers are settled
    is_named: bool = False  # every dossier has a name and a number to be found by
    made: int = 0
    cells: Counter[Cell] = field(default_factory=Counter)
    sequences: dict[date, int] = field(default_factory=dict)

    def blocks(self) -> Iterator[bytes]:
        """One block of lines a working day, oldest first. ``made``, ``cells`` and ``sequences`` grow along."""
        days = days_of_annex()
        for place, day in enumerate(days):
            lines: list[str] = []
            for channel, number in self.row.channels:
                first, after = number * place // len(days), number * (place + 1) // len(days)
                open_from = number - (number * OPEN_PER_CENT // 100 if self.keeps_open else 0)
                settled_until = min(max(first, open_from), after)
                self._settled(lines, day, channel, kinds_of(first, settled_until))
                self._open(lines, day, channel, kinds_of(settled_until, after))
            if lines:
                self.made += len(lines)
                self.sequences[day] = len(lines)
                yield "".join(lines).encode()

    def _settled(self, lines: list[str], day: date, channel: str, rows: list[Kind]) -> None:
        made, ids, head, endings, tail = self._constant(day, channel)
        words = head.lower() if self.is_named else ""
        decided = {days: f"{day + timedelta(days=days)} 17:30:00+07" for days in range(3, 11)}
        lines.extend(
            f"{ids}{made + n:012x}\t{head}{endings[n]}\t{procedure}\t{status}\t{day} {time}+07\t{decided[days]}"
            f"\t{day} {time}+07\t{decided[days]}\t{{}}\t{words and words + endings[n].lower() + self._named(made + n)}"
            f"\t{day} {time}+07\t{tail}"
            for n, (procedure, status, days, time) in enumerate(rows, start=len(lines) + 1)
        )
        for (procedure, status, days), count in Counter(kind[:3] for kind in rows).items():
            self.cells[day, procedure, channel, "file"] += count
            self.cells[day + timedelta(days=days), procedure, channel, ACT_OF[status]] += count

    def _open(self, lines: list[str], day: date, channel: str, rows: list[Kind]) -> None:
        made, ids, head, endings, tail = self._constant(day, channel)
        words = head.lower()
        lines.extend(
            f"{ids}{made + n:012x}\t{head}{endings[n]}\t{procedure}\tqueued\t{day} {time}+07\t\\N"
            f"\t{day} {time}+07\t{day} {time}+07\t{OPEN_ANSWERS}\t{words}{endings[n].lower()}"
            f"{self._named(made + n)}\t{day} {time}+07\t{tail}"
            for n, (procedure, _status, _days, time) in enumerate(rows, start=len(lines) + 1)
        )
        for procedure, count in Counter(kind.procedure for kind in rows).items():
            self.cells[day, procedure, channel, "file"] += count

    def _named(self, place: int) -> str:
        """A name and a mã số BHXH for the search; "" in a load without them."""
        if not self.is_named:
            return ""
        surname, middle = SURNAMES[place % len(SURNAMES)], MIDDLES[place // len(SURNAMES) % len(MIDDLES)]
        return f" {surname} {middle} {GIVEN[place * 7 % len(GIVEN)]} 9{self.number:02d}{place:07d}"

    def _constant(self, day: date, channel: str) -> tuple[int, str, str, list[str], str]:
        """What the lines of a day and channel share: rows made before, beginning of the public ids,
        beginning and endings of the references, the last columns."""
        numbered = f"{self.office_code}{day:%y%m%d}"
        return (
            self.made,
            f"30402019-{self.number:04x}-8000-8000-",
            f"{REFERENCE_PREFIX}-{self.office_code}-{day:%y%m%d}-",
            _endings(check_character(f"{numbered}0000")),
            f"{channel}\t{EDITION}\t{self.filer_id}\t{self.row.key}\t0\t[]\t[]\tf\n",
        )
