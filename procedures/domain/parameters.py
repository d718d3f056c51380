"""Amounts and rates that change by decree, each with its legal basis. What isn't known here is None:
nothing is carried over, interpolated or guessed.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from procedures.domain.definition import Basis, Certainty
from procedures.domain.sources import CROSSCHECKED, KNOWN, UNSURE, circular_35, decree_162

SOURCE = Certainty.SOURCE


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in đồng, in force from a day on."""

    since: date
    vnd: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Rate:
    value: Fraction
    basis: Basis


@dataclass(frozen=True, slots=True)
class Raise:
    """A raise of pensions and monthly allowances."""

    since: date
    rate: Fraction
    basis: Basis


def _base(day: str, vnd: int, decree: str, certainty: Certainty = KNOWN) -> Amount:
    return Amount(date.fromisoformat(day), vnd, Basis(f"Nghị định số {decree}", certainty=certainty))


# Mức lương cơ sở (until 30/06/2013: lương tối thiểu chung).
BASE_SALARIES = (
    _base("1993-04-01", 120_000, "25/CP và 26/CP năm 1993", UNSURE),
    _base("1997-01-01", 144_000, "06/CP năm 1997", UNSURE),
    _base("2000-01-01", 180_000, "175/1999/NĐ-CP", UNSURE),
    _base("2001-01-01", 210_000, "77/2000/NĐ-CP"),
    _base("2003-01-01", 290_000, "03/2003/NĐ-CP"),
    _base("2005-10-01", 350_000, "118/2005/NĐ-CP"),
    _base("2006-10-01", 450_000, "94/2006/NĐ-CP"),
    _base("2008-01-01", 540_000, "166/2007/NĐ-CP"),
    _base("2009-05-01", 650_000, "33/2009/NĐ-CP"),
    _base("2010-05-01", 730_000, "28/2010/NĐ-CP"),
    _base("2011-05-01", 830_000, "22/2011/NĐ-CP"),
    _base("2012-05-01", 1_050_000, "31/2012/NĐ-CP"),
    _base("2013-07-01", 1_150_000, "66/2013/NĐ-CP", SOURCE),
    _base("2016-05-01", 1_210_000, "47/2016/NĐ-CP"),
    _base("2017-07-01", 1_300_000, "47/2017/NĐ-CP"),
    _base("2018-07-01", 1_390_000, "72/2018/NĐ-CP"),
    _base("2019-07-01", 1_490_000, "38/2019/NĐ-CP"),
    _base("2023-07-01", 1_800_000, "24/2023/NĐ-CP", SOURCE),
    _base("2024-07-01", 2_340_000, "73/2024/NĐ-CP", SOURCE),
    _base("2026-07-01", 2_530_000, "161/2026/NĐ-CP", SOURCE),
)

# Mức điều chỉnh tiền lương đã đóng BHXH, in hundredths, for benefits decided in 2019. Years before
# 1995 share one figure (Nghị định 115/2015, điểm b khoản 2 Điều 10).
ADJUSTMENT_YEAR = 2019
_FIRST_YEAR = 1994
_ADJUSTMENTS_2019 = (
    *(472, 401, 379, 367, 341, 326),  # before 1995, then 1995 to 1999
    *(332, 333, 320, 310, 288, 266, 248, 229, 186, 174),  # 2000 to 2009
    *(159, 134, 123, 115, 111, 110, 107, 104, 100, 100),  # 2010 to 2019
)
_FIRST_VOLUNTARY_YEAR = 2008

PENSION_RAISES = (
    Raise(date(2018, 7, 1), Fraction(692, 10_000), Basis("Nghị định số 88/2018/NĐ-CP", certainty=KNOWN)),
    Raise(date(2019, 7, 1), Fraction(719, 10_000), Basis("Nghị định số 44/2019/NĐ-CP", certainty=KNOWN)),
    Raise(date(2026, 7, 1), Fraction(8, 100), decree_162("Điều 2")),
)

# Every raise inside this span is in the table above; outside it, some may be missing.
RAISES_KNOWN_FROM = date(2017, 8, 1)
RAISES_KNOWN_TO = date(2019, 12, 31)


def base_salary(day: date) -> Amount | None:
    return next((amount for amount in reversed(BASE_SALARIES) if amount.since <= day), None)


def adjustment(wage_year: int, decided_on: date, *, is_voluntary: bool = False) -> Rate | None:
    """What a wage of that year is multiplied by when the decision is made on that day."""
    if decided_on.year != ADJUSTMENT_YEAR or wage_year > ADJUSTMENT_YEAR:
        return None
    value = Fraction(_ADJUSTMENTS_2019[max(wage_year, _FIRST_YEAR) - _FIRST_YEAR], 100)
    # Voluntary income before 2008 (Nghệ An farmers' insurance) takes the compulsory figure:
    # Thông tư 59/2015, khoản 2 Điều 22.
    if is_voluntary and wage_year >= _FIRST_VOLUNTARY_YEAR:
        return Rate(value, circular_35("Điều 3", KNOWN))
    certainty = KNOWN if wage_year == ADJUSTMENT_YEAR else CROSSCHECKED
    return Rate(value, circular_35("Điều 2", certainty))


def pension_raises(first: date, last: date) -> tuple[Raise, ...] | None:
    """The raises from ``first`` to ``last``, or None if the table isn't complete for that time."""
    if first < RAISES_KNOWN_FROM or last > RAISES_KNOWN_TO:
        return None
    return tuple(raised for raised in PENSION_RAISES if first < raised.since <= last)
