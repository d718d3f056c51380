"""The contribution history: periods, kinds of wage, and the months before and from 01/01/2014."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from procedures.domain import reading
from procedures.domain.conditions import Answers
from procedures.domain.errors import NoEstimate

TABLE = "history"  # the question that holds the rows

# Years from 2014 on count for 2 months of wage, earlier ones for 1.5.
TURN = reading.month_number(2014, 1)


class WageKind(StrEnum):
    EMPLOYER = "employer"
    STATE_SCALE = "state_scale"
    VOLUNTARY = "voluntary"


@dataclass(frozen=True, slots=True)
class Period:
    """One row: first and last month as numbers, and the wage in đồng or the salary coefficient."""

    first: int
    last: int
    kind: WageKind
    amount: Fraction
    support: int = 0  # đồng a month the State added to voluntary contributions

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    @property
    def month_numbers(self) -> range:
        return range(self.first, self.last + 1)


def periods_of(answers: Answers) -> tuple[Period, ...]:
    """The periods in order. Raises NoEstimate while rows are missing, unfinished or overlapping."""
    rows = reading.rows(answers, TABLE)
    if not rows:
        raise NoEstimate("Chưa ước tính được vì chưa có quá trình đóng BHXH.", TABLE)
    periods = sorted((_period(row) for row in rows), key=lambda period: period.first)
    if overlaps(periods):
        raise NoEstimate("Chưa ước tính được vì có các giai đoạn đóng trùng tháng nhau.", TABLE)
    return tuple(periods)


def _period(row: Mapping[str, Any]) -> Period:
    span = month_span(row)
    kind = reading.text(row, "wage_kind")
    if span is None or span[0] > span[1] or kind not in list(WageKind):
        raise NoEstimate("Chưa ước tính được vì có giai đoạn đóng chưa khai xong.", TABLE)
    amount = wage_of(row)
    if amount is None or amount <= 0:
        raise NoEstimate("Chưa ước tính được vì có giai đoạn chưa ghi mức lương hoặc hệ số lương.", TABLE)
    support = reading.whole(row, "state_support") or 0
    return Period(*span, WageKind(kind), amount, support if kind == WageKind.VOLUNTARY else 0)


def month_span(row: Mapping[str, Any]) -> tuple[int, int] | None:
    first, last = reading.month(row, "from_month"), reading.month(row, "to_month")
    return None if first is None or last is None else (first, last)


def wage_of(row: Mapping[str, Any]) -> Fraction | None:
    """đồng a month, or the salary coefficient on the State scale."""
    if row.get("wage_kind") == WageKind.STATE_SCALE:
        return reading.decimal(row, "coefficient")
    wage = reading.whole(row, "monthly_wage")
    return None if wage is None else Fraction(wage)


def overlaps(periods: list[Period]) -> bool:
    return any(later.first <= earlier.last for earlier, later in pairwise(periods))


def months_before_and_from_2014(periods: tuple[Period, ...]) -> tuple[int, int]:
    total = sum(period.months for period in periods)
    before = sum(max(0, min(period.last, TURN - 1) - period.first + 1) for period in periods)
    return before, total - before


def counted_months(answers: Answers) -> int:
    """How many different months the finished rows cover; for warnings, so it never raises."""
    months: set[int] = set()
    for row in reading.rows(answers, TABLE):
        span = month_span(row)
        if span is not None and span[0] <= span[1]:
            months.update(range(span[0], span[1] + 1))
    return len(months)
