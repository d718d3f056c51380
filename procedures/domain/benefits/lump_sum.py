"""P1, BHXH một lần: 1.5 months of the average wage for a year before 2014, 2 for a year from 2014.

Odd months before 2014 move to the later time; then 1 to 6 odd months are half a year and 7 to 11 a
whole one. The same months are used for the one-time survivor benefit.
"""

from datetime import date
from fractions import Fraction

from portal.lib.money import format_vnd
from procedures.domain.benefits.average_wage import Average, average_wage, paid_wages
from procedures.domain.benefits.history import Period, WageKind, months_before_and_from_2014, periods_of
from procedures.domain.conditions import Answers
from procedures.domain.errors import NoEstimate
from procedures.domain.estimate import Estimate, Line, Rule, Term
from procedures.domain.reading import MONTHS_A_YEAR, is_yes
from procedures.domain.sources import UNSURE, circular_59, decree_115, law_58
from procedures.domain.wording import number, span

MONTHS_FOR_A_YEAR_BEFORE_2014 = Fraction(3, 2)
MONTHS_FOR_A_YEAR_FROM_2014 = Fraction(2)
_RATE_UNDER_ONE_YEAR = Fraction(22, 100)
_CAP_UNDER_ONE_YEAR = 2  # average months
_HALF_YEAR_UP_TO = 6  # odd months


def rounded_years(months: int) -> Fraction:
    """1 to 6 odd months are half a year, 7 to 11 a whole one."""
    years, odd = divmod(months, MONTHS_A_YEAR)
    if odd == 0:
        return Fraction(years)
    return Fraction(years) + (Fraction(1, 2) if odd <= _HALF_YEAR_UP_TO else 1)


def counted_years(months_before_2014: int, months_from_2014: int) -> tuple[Fraction, Fraction]:
    """Years before and from 2014, after the odd months have moved and been rounded."""
    years, odd = divmod(months_before_2014, MONTHS_A_YEAR)
    return Fraction(years), rounded_years(months_from_2014 + odd)


def benefit_months(months_before_2014: int, months_from_2014: int) -> Fraction:
    """How many months of the average wage, for someone with a year or more."""
    before, after = counted_years(months_before_2014, months_from_2014)
    return before * MONTHS_FOR_A_YEAR_BEFORE_2014 + after * MONTHS_FOR_A_YEAR_FROM_2014


def under_one_year(wages: Fraction, average: Fraction) -> Fraction:
    """22 % of the wages contributed on, at most two average months."""
    return min(_RATE_UNDER_ONE_YEAR * wages, _CAP_UNDER_ONE_YEAR * average)


def estimate(answers: Answers, day: date) -> Estimate:
    """BHXH một lần as it would be if the decision were made on ``day``."""
    try:
        return _estimate(answers, day)
    except NoEstimate as reason:
        return Estimate(unavailable=reason.message)


def _estimate(answers: Answers, day: date) -> Estimate:
    periods = periods_of(answers)
    average = average_wage(periods, day)
    amount, lines = amount_for(periods, average)
    support, support_lines = _state_support(periods, is_ill=answers.get("reason") == "benh_hiem_ngheo")
    total = max(0, int(amount - support))
    extra = _regional_allowance(answers)
    sum_line = Line(
        "Số tiền ước tính",
        "",
        format_vnd(total),
        str(law_58("khoản 2 Điều 60")),
        exact=max(Fraction(0), amount - support),
        rule=Rule(
            (
                Term(1, (lines[-1],)),
                *(Term(-1, (line,)) for line in support_lines),
                *(Term(1, (line,)) for line in extra),
            ),
            at_least=(Term(0),),
        ),
    )
    return Estimate((*average.lines, *lines, *support_lines, *extra, sum_line), total, answer=sum_line)


def amount_for(periods: tuple[Period, ...], average: Average) -> tuple[Fraction, tuple[Line, ...]]:
    """The benefit before any deduction, with the lines that explain it."""
    before, after = months_before_and_from_2014(periods)
    if before + after < MONTHS_A_YEAR:
        return _short_time(periods, average)
    months = benefit_months(before, after)
    amount = months * average.value
    counted = month_lines(before, after)
    line = Line(
        "Mức hưởng",
        f"{number(months)} tháng × {format_vnd(int(average.value))}",
        format_vnd(int(amount)),
        str(law_58("khoản 2 Điều 60")),
        exact=amount,
        rule=Rule((Term(1, (counted[-1], average.line)),)),
    )
    return amount, (*counted, line)


def month_lines(before: int, after: int) -> tuple[Line, ...]:
    """How the months become years, and the years months of the average wage: the last line."""
    years_before, years_after = counted_years(before, after)
    odd = before % MONTHS_A_YEAR
    # Read to the letter, odd months move even when there is no later time to move to; a later law
    # limits the move, so for 2019 this one case stays unsure.
    is_unsure = bool(odd) and after == 0
    moved = f" và {odd} tháng lẻ chuyển từ trước 2014" if odd else ""
    rounding = circular_59("khoản 4 Điều 19", UNSURE) if is_unsure else circular_59("khoản 4 Điều 19")
    months = benefit_months(before, after)
    earlier = Line(
        "Thời gian đóng trước 01/01/2014",
        span(before),
        f"{number(years_before)} năm",
        str(rounding),
        exact=years_before,
    )
    later = Line(
        "Thời gian đóng từ 01/01/2014",
        span(after) + moved,
        f"{number(years_after)} năm",
        str(rounding),
        is_unsure,
        exact=years_after,
    )
    counted = Line(
        "Số tháng lương được hưởng",
        f"{number(years_before)} năm × 1,5 tháng + {number(years_after)} năm × 2 tháng",
        f"{number(months)} tháng",
        str(law_58("khoản 2 Điều 60")),
        is_unsure,
        exact=months,
        rule=months_rule(earlier, later),
    )
    return (earlier, later, counted)


def months_rule(before: Line, after: Line) -> Rule:
    """Months of the average wage, from the lines with the years."""
    return Rule((Term(MONTHS_FOR_A_YEAR_BEFORE_2014, (before,)), Term(MONTHS_FOR_A_YEAR_FROM_2014, (after,))))


def short_rule(wages: Fraction, average: Line) -> Rule:
    """As ``under_one_year``."""
    return Rule((Term(_CAP_UNDER_ONE_YEAR, (average,)),), at_most=(Term(_RATE_UNDER_ONE_YEAR * wages),))


def _short_time(periods: tuple[Period, ...], average: Average) -> tuple[Fraction, tuple[Line, ...]]:
    wages = paid_wages(periods)
    amount = under_one_year(wages, average.value)
    line = Line(
        "Mức hưởng khi đóng chưa đủ một năm",
        f"22% × {format_vnd(int(wages))}, nhiều nhất 2 × {format_vnd(int(average.value))}",
        format_vnd(int(amount)),
        str(circular_59("khoản 2 Điều 19")),
        exact=amount,
        rule=short_rule(wages, average.line),
    )
    return amount, (line,)


def _state_support(periods: tuple[Period, ...], *, is_ill: bool) -> tuple[Fraction, tuple[Line, ...]]:
    voluntary = [period for period in periods if period.kind is WageKind.VOLUNTARY]
    if not voluntary:
        return Fraction(0), ()
    basis = str(decree_115("khoản 3 Điều 8"))
    if is_ill:
        note = "không trừ vì mắc bệnh nguy hiểm đến tính mạng"
        return Fraction(0), (
            Line("Tiền Nhà nước hỗ trợ đóng tự nguyện", note, format_vnd(0), basis, exact=Fraction(0)),
        )
    support = sum(period.support * period.months for period in voluntary)
    parts = [
        f"{period.months} tháng × {format_vnd(period.support)}" for period in voluntary if period.support
    ]
    # A blank field is not proof that there was no support.
    working = " + ".join(parts) or "chưa khai; nếu có, số tiền này sẽ bị trừ"
    line = Line(
        "Trừ tiền Nhà nước hỗ trợ đóng tự nguyện",
        working,
        format_vnd(support),
        basis,
        not parts,
        exact=Fraction(support),
    )
    return Fraction(support), (line,)


def _regional_allowance(answers: Answers) -> tuple[Line, ...]:
    if not is_yes(answers, "army_regional_allowance"):
        return ()
    return (
        Line(
            "Trợ cấp một lần cho thời gian có phụ cấp khu vực trước 2007",
            "chưa tính vào số tiền này; cơ quan BHXH sẽ tính theo bản khai",
            "chưa tính",
            str(circular_59("khoản 2 Điều 31")),
            True,
            exact=Fraction(0),
        ),
    )
