"""Working days in Việt Nam: weekends, public holidays and swapped days from the ``holidays``
package, under a table of corrections that an administrator keeps, since each coming year's Tết and
swapped days are announced by the Government only the year before."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from holidays import HolidayBase, country_holidays

# day: whether it is worked. Wins over the calendar.
Overrides = Mapping[date, bool]

NO_OVERRIDES: Overrides = {}
_DAY = timedelta(days=1)


def is_working_day(day: date, overrides: Overrides = NO_OVERRIDES) -> bool:
    """Whether offices are open: Saturday 4/5/2019 was worked, Monday 29/4/2019 was not."""
    known = overrides.get(day)
    return _calendar(day.year).is_working_day(day) if known is None else known


def add_working_days(start: date, days: int, overrides: Overrides = NO_OVERRIDES) -> date:
    """The ``days``-th working day after ``start``; ``start`` itself is not counted, and 0 gives it
    back. Raises ValueError below 0."""
    if days < 0:
        raise ValueError(f"days below 0: {days}")
    day = start
    while days:
        day += _DAY
        days -= is_working_day(day, overrides)
    return day


def count_working_days(start: date, end: date, overrides: Overrides = NO_OVERRIDES) -> int:
    """Working days after ``start`` up to and including ``end``; 0 when ``end`` is not later."""
    span = (end - start).days
    return sum(is_working_day(start + _DAY * step, overrides) for step in range(1, span + 1))


@cache
def _calendar(year: int) -> HolidayBase:
    """The calendar of a year with its neighbours (a swapped day may lie across New Year). Never
    changes once made, so threads may share it."""
    return country_holidays("VN", years=(year - 1, year, year + 1), expand=False)
