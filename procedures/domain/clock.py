"""The legal clock: from the day a dossier is complete to its due date, past days off and days that
aren't counted.

A day is counted when it comes after the day the dossier was complete and nothing stops the clock on it.
A stop begins on the day after it was asked for and ends with the day it ends on, just as the day a dossier
comes isn't counted: what is asked and answered on one day costs nobody anything.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from procedures.domain.definition import Unit
from procedures.domain.errors import NoDeadline

IsWorkingDay = Callable[[date], bool]

_DAY = timedelta(days=1)
_FURTHEST = 1500  # days; a calendar that needs more is broken


@dataclass(frozen=True, slots=True)
class Stop:
    """Days that aren't counted, both included."""

    first: date
    last: date

    @classmethod
    def pause(cls, began: date, ended: date) -> "Stop":
        """Of a pause: the day it began was still the office's, the day it ended isn't."""
        return cls(began + _DAY, ended)

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


def due_date(
    complete_on: date, days: int, unit: Unit, is_working_day: IsWorkingDay, stops: Iterable[Stop] = ()
) -> date:
    """The last day of a limit of so many days. Raises NoDeadline when the calendar never gets there."""
    stopped = tuple(stops)

    def is_counted(day: date) -> bool:
        is_of_unit = unit is Unit.DAY or is_working_day(day)
        return is_of_unit and not any(stop.has(day) for stop in stopped)

    left = days
    for ahead in range(1, _FURTHEST):
        day = complete_on + _DAY * ahead
        left -= left > 0 and is_counted(day)
        # A limit in calendar days that ends on a day off, or while the clock stands, ends later.
        if left == 0 and is_working_day(day) and is_counted(day):
            return day
    raise NoDeadline("Lịch ngày làm việc chưa có ngày hẹn trả cho hồ sơ này.")


def counted_days(first: date, last: date, is_working_day: IsWorkingDay) -> int:
    """Working days after ``first`` up to and including ``last``."""
    span = (last - first).days
    return sum(is_working_day(first + _DAY * ahead) for ahead in range(1, span + 1))
