"""P7, Decision 52/2013: a tenth of the monthly pension for every year of teaching, once."""

from datetime import date
from fractions import Fraction

from portal.lib.money import format_vnd
from procedures.domain import reading
from procedures.domain.conditions import Answers
from procedures.domain.errors import NoEstimate
from procedures.domain.estimate import Estimate, Line, Rule, Term
from procedures.domain.sources import UNSURE, decision_52, decree_14
from procedures.domain.wording import number, span

TABLE = "teaching"
MINIMUM_TEACHING_MONTHS = 60
RATE = Fraction(10, 100)
_POSSIBLE_MINIMUM = 3_000_000  # unsure: shown as a remark, never added

# Odd months, as read for Decree 14/2020: 3 to 6 are half a year, more than 6 a whole one.
_HALF_FROM, _HALF_TO = 3, 6


def years_counted(teaching_months: int) -> Fraction:
    years, odd = divmod(teaching_months, reading.MONTHS_A_YEAR)
    if odd < _HALF_FROM:
        return Fraction(years)
    return Fraction(years) + (Fraction(1, 2) if odd <= _HALF_TO else 1)


def amount(teaching_months: int, monthly_pension: int) -> int:
    return int(RATE * monthly_pension * years_counted(teaching_months))


def teaching_months(answers: Answers) -> int:
    """Different months of teaching over all schools."""
    months: set[int] = set()
    for row in reading.rows(answers, TABLE):
        first, last = reading.month(row, "taught_from"), reading.month(row, "taught_to")
        if first is not None and last is not None:
            months.update(range(first, last + 1))
    return len(months)


def estimate(answers: Answers, day: date) -> Estimate:
    try:
        return _estimate(answers)
    except NoEstimate as reason:
        return Estimate(unavailable=reason.message)


def _estimate(answers: Answers) -> Estimate:
    months, pension = teaching_months(answers), reading.whole(answers, "monthly_pension")
    if not months or pension is None:
        raise NoEstimate("Chưa ước tính được vì chưa có thời gian dạy học và mức lương hưu.")
    if months < MINIMUM_TEACHING_MONTHS:
        raise NoEstimate("Thời gian trực tiếp dạy học chưa đủ 5 năm nên chưa có mức trợ cấp.", TABLE)
    total = amount(months, pension)
    years = years_counted(months)
    has_odd = months % reading.MONTHS_A_YEAR != 0
    counted = Line(
        "Thời gian được tính",
        span(months),
        f"{number(years)} năm",
        str(decree_14("", UNSURE) if has_odd else decision_52("Điều 4")),
        has_odd,
        exact=years,
    )
    answer = Line(
        "Số tiền ước tính",
        f"10% × {format_vnd(pension)} × {number(years)} năm",
        format_vnd(total),
        str(decision_52("Điều 4")),
        exact=Fraction(total),
        rule=Rule((Term(RATE * pension, (counted,)),)),
    )
    lines = (
        counted,
        answer,
        Line(
            "Lương hưu của tháng nào được dùng để tính",
            "đang tính theo mức ông/bà khai",
            "cơ quan BHXH xác định",
            str(decision_52("Điều 4", UNSURE)),
            True,
        ),
    )
    return Estimate((*lines, *_minimum_remark(total)), total, answer=answer)


def _minimum_remark(total: int) -> tuple[Line, ...]:
    if total >= _POSSIBLE_MINIMUM:
        return ()
    words = f"có thể được nâng lên {format_vnd(_POSSIBLE_MINIMUM)}"
    return (Line("Mức thấp nhất", words, "chưa tính", str(decision_52("Điều 4", UNSURE)), True),)
