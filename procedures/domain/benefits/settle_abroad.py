"""P2, trợ cấp một lần for pensioners and others paid monthly who settle abroad."""

from datetime import date
from fractions import Fraction

from portal.lib.money import format_vnd
from procedures.domain import reading
from procedures.domain.benefits.lump_sum import benefit_months, counted_years, months_rule
from procedures.domain.conditions import Answers
from procedures.domain.errors import NoEstimate
from procedures.domain.estimate import Estimate, Line, Rule, Term
from procedures.domain.sources import UNSURE, circular_59, law_58
from procedures.domain.wording import number, span

FLAT_MONTHS = 3
MINIMUM_MONTHS = 3
LESS_FOR_A_MONTH_DRAWN = Fraction(1, 2)

# Reckoned from the years contributed; every other monthly allowance gives a flat three months.
LIKE_A_PENSION = ("luong_huu", "tro_cap_can_bo_xa")


def pension_months(months_before_2014: int, months_from_2014: int, months_drawn: int) -> Fraction:
    """How many months of the pension now drawn; never fewer than three."""
    earned = benefit_months(months_before_2014, months_from_2014)
    return max(earned - LESS_FOR_A_MONTH_DRAWN * months_drawn, Fraction(MINIMUM_MONTHS))


def estimate(answers: Answers, day: date) -> Estimate:
    try:
        return _estimate(answers)
    except NoEstimate as reason:
        return Estimate(unavailable=reason.message)


def _estimate(answers: Answers) -> Estimate:
    monthly = reading.whole(answers, "monthly_amount")
    if monthly is None:
        raise NoEstimate("Chưa ước tính được vì chưa có mức đang hưởng mỗi tháng.", "monthly_amount")
    if answers.get("benefit") not in LIKE_A_PENSION:
        return _flat(monthly)
    before, after = _months(answers, "before_2014"), _months(answers, "from_2014")
    drawn = reading.whole(answers, "months_received")
    if drawn is None or before + after == 0:
        raise NoEstimate("Chưa ước tính được vì chưa có thời gian đóng và số tháng đã hưởng.")
    months = pension_months(before, after, drawn)
    total = int(months * monthly)
    lines = _lines(before, after, drawn, months)
    answer = _total_line(lines[-1], months, monthly, total)
    return Estimate((*lines, answer), total, answer=answer)


def _months(answers: Answers, time: str) -> int:
    years, odd = reading.whole(answers, f"years_{time}"), reading.whole(answers, f"odd_months_{time}")
    return (years or 0) * reading.MONTHS_A_YEAR + (odd or 0)


def _flat(monthly: int) -> Estimate:
    total = FLAT_MONTHS * monthly
    line = Line(
        "Trợ cấp một lần",
        f"{FLAT_MONTHS} tháng × {format_vnd(monthly)}",
        format_vnd(total),
        f"{law_58('khoản 3 Điều 65')}; {circular_59('khoản 4 Điều 21')}",
        exact=Fraction(total),
    )
    return Estimate((line,), total, answer=line)


def _lines(before: int, after: int, drawn: int, months: Fraction) -> tuple[Line, ...]:
    years_before, years_after = counted_years(before, after)
    # Article 21 says nothing about odd months; the general rule of Article 85 is taken.
    is_unsure = bool((before % reading.MONTHS_A_YEAR) or (after % reading.MONTHS_A_YEAR))
    rounding = str(law_58("khoản 7 Điều 85", UNSURE)) if is_unsure else str(circular_59("khoản 2 Điều 21"))
    earlier = Line(
        "Thời gian đóng trước 2014",
        span(before),
        f"{number(years_before)} năm",
        rounding,
        is_unsure,
        exact=years_before,
    )
    later = Line(
        "Thời gian đóng từ 2014",
        span(after),
        f"{number(years_after)} năm",
        rounding,
        is_unsure,
        exact=years_after,
    )
    less = Term(-LESS_FOR_A_MONTH_DRAWN * drawn)
    counted = Line(
        "Số tháng lương hưu được hưởng",
        f"{number(years_before)} × 1,5 + {number(years_after)} × 2 − {drawn} × 0,5; ít nhất {MINIMUM_MONTHS}",
        f"{number(months)} tháng",
        str(law_58("khoản 2 Điều 65")),
        is_unsure,
        exact=months,
        rule=Rule((*months_rule(earlier, later).terms, less), at_least=(Term(MINIMUM_MONTHS),)),
    )
    return (earlier, later, counted)


def _total_line(counted: Line, months: Fraction, monthly: int, total: int) -> Line:
    basis = str(circular_59("khoản 2 Điều 21"))
    return Line(
        "Số tiền ước tính",
        f"{number(months)} tháng × {format_vnd(monthly)}",
        format_vnd(total),
        basis,
        exact=months * monthly,
        rule=Rule((Term(monthly, (counted,)),)),
    )
