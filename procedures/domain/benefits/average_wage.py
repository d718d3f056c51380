"""Mức bình quân tiền lương tháng đóng BHXH: the average wage a one-time benefit is a multiple of.

Employer-set wages and voluntary income count over the whole time, each year times its coefficient.
State-scale wages count over the last 5 to 20 years, at the base salary of the decision. A mixed
career takes the mean of both, weighted by months.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from portal.lib.money import format_vnd
from procedures.domain import reading
from procedures.domain.benefits.history import Period, WageKind
from procedures.domain.definition import Basis
from procedures.domain.errors import NoEstimate
from procedures.domain.estimate import Line, Rule, Term
from procedures.domain.parameters import Rate, adjustment, base_salary
from procedures.domain.sources import circular_59, decree_115, law_58
from procedures.domain.wording import number

# How many last years of State-scale wages count, by the first year of compulsory insurance.
_LAST_YEARS = ((1995, 5), (2001, 6), (2007, 8), (2016, 10), (2020, 15), (2025, 20))

_CPI_JOINERS_FROM = reading.month_number(2016, 1)
_OLD_SCALES_UNTIL = reading.month_number(2004, 10)

_KIND_WORDS = {WageKind.EMPLOYER: "lương do đơn vị trả", WageKind.VOLUNTARY: "thu nhập đóng tự nguyện"}
_KIND_BASIS = {
    WageKind.EMPLOYER: decree_115("khoản 2 Điều 9, khoản 2 Điều 10"),
    WageKind.VOLUNTARY: law_58("Điều 79"),
}


@dataclass(frozen=True, slots=True)
class Average:
    value: Fraction  # đồng a month
    lines: tuple[Line, ...]

    @property
    def line(self) -> Line:
        """The last one: the average itself."""
        return self.lines[-1]


@dataclass(frozen=True, slots=True)
class _Sum:
    value: Fraction
    lines: tuple[Line, ...]
    months: int = 1  # how often each line counts


def average_wage(periods: tuple[Period, ...], decided_on: date) -> Average:
    """Raises NoEstimate when a coefficient or base salary of that time isn't known."""
    sums = [
        _adjusted(periods, WageKind.EMPLOYER, decided_on),
        _state_scale(periods, decided_on),
        _adjusted(periods, WageKind.VOLUNTARY, decided_on),
    ]
    months = sum(period.months for period in periods)
    total = sum((part.value for part in sums), Fraction(0))
    average = total / months
    lines = tuple(line for part in sums for line in part.lines)
    last = Line(
        "Mức bình quân tiền lương tháng",
        f"{format_vnd(int(total))} : {months} tháng",
        format_vnd(int(average)),
        str(law_58("Điều 62")),
        exact=average,
        rule=Rule(
            tuple(Term(Fraction(part.months, months), (line,)) for part in sums for line in part.lines)
        ),
    )
    return Average(average, (*lines, last))


def last_years(joined: int) -> int | None:
    """How many last years of State-scale wages count; None means all of them."""
    year = joined // reading.MONTHS_A_YEAR
    return next((years for before, years in _LAST_YEARS if year < before), None)


def paid_wages(periods: tuple[Period, ...]) -> Fraction:
    """The wages contributed on, as they were then. Raises NoEstimate without a base salary of the time."""
    total = Fraction(0)
    for period in periods:
        for month in period.month_numbers if period.kind is WageKind.STATE_SCALE else ():
            total += period.amount * _base_salary_of(month)
        if period.kind is not WageKind.STATE_SCALE:
            total += period.amount * period.months
    return total


def _base_salary_of(month: int) -> int:
    salary = base_salary(reading.first_day(month))
    if salary is None:
        raise NoEstimate("Không ước tính được vì cổng chưa có mức lương cơ sở của thời gian đã đóng.")
    return salary.vnd


def _adjusted(periods: tuple[Period, ...], kind: WageKind, decided_on: date) -> _Sum:
    by_year: dict[int, dict[Fraction, int]] = defaultdict(lambda: defaultdict(int))
    for period in periods:
        if period.kind is kind:
            for month in period.month_numbers:
                by_year[month // reading.MONTHS_A_YEAR][period.amount] += 1
    total, lines = Fraction(0), []
    for year, wages in sorted(by_year.items()):
        rate = _rate(year, decided_on, is_voluntary=kind is WageKind.VOLUNTARY)
        value = rate.value * sum(wage * months for wage, months in wages.items())
        total += value
        lines.append(_year_line(year, kind, wages, rate, value))
    return _Sum(total, tuple(lines))


def _rate(year: int, decided_on: date, *, is_voluntary: bool = False) -> Rate:
    rate = adjustment(year, decided_on, is_voluntary=is_voluntary)
    if rate is None:
        raise NoEstimate(
            f"Không ước tính được vì cổng chưa có mức điều chỉnh tiền lương năm {year} "
            f"cho quyết định ban hành năm {decided_on.year}."
        )
    return rate


def _year_line(year: int, kind: WageKind, wages: dict[Fraction, int], rate: Rate, value: Fraction) -> Line:
    parts = " + ".join(f"{months} tháng × {format_vnd(int(wage))}" for wage, months in wages.items())
    grouped = f"({parts})" if len(wages) > 1 else parts
    return Line(
        f"Năm {year}, {_KIND_WORDS[kind]}",
        f"{grouped} × {number(rate.value)}",
        format_vnd(int(value)),
        f"{_KIND_BASIS[kind]}; {rate.basis}",
        rate.basis.is_unsure,
        exact=value,
    )


def _state_scale(periods: tuple[Period, ...], decided_on: date) -> _Sum:
    scale = [
        (month, period.amount)
        for period in periods
        if period.kind is WageKind.STATE_SCALE
        for month in period.month_numbers
    ]
    if not scale:
        return _Sum(Fraction(0), ())
    joined = min(period.first for period in periods if period.kind is not WageKind.VOLUNTARY)
    years = last_years(joined)
    counted = scale if years is None else scale[-years * reading.MONTHS_A_YEAR :]
    value_of = _by_prices if joined >= _CPI_JOINERS_FROM else _by_base_salary
    wages, working, basis = value_of(counted, decided_on)
    average = wages / len(counted)
    is_unsure = basis.is_unsure or counted[0][0] < _OLD_SCALES_UNTIL
    line = Line(
        f"Lương theo hệ số Nhà nước, bình quân {len(counted)} tháng cuối",
        f"{working} : {len(counted)} tháng; tính cho {len(scale)} tháng đã đóng",
        f"{format_vnd(int(average))} mỗi tháng",
        f"{circular_59('khoản 1, khoản 3 Điều 20')}; {basis}",
        is_unsure,
        exact=average,
    )
    return _Sum(average * len(scale), (line,), len(scale))


def _by_base_salary(counted: list[tuple[int, Fraction]], decided_on: date) -> tuple[Fraction, str, Basis]:
    salary = base_salary(decided_on)
    if salary is None:
        raise NoEstimate("Không ước tính được vì cổng chưa có mức lương cơ sở tại ngày quyết định.")
    coefficients = sum((coefficient for _, coefficient in counted), Fraction(0))
    working = f"tổng hệ số {number(coefficients)} × lương cơ sở {format_vnd(salary.vnd)}"
    return coefficients * salary.vnd, working, salary.basis


def _by_prices(counted: list[tuple[int, Fraction]], decided_on: date) -> tuple[Fraction, str, Basis]:
    """Who first joined from 2016 on: the wage of the time, adjusted like employer-set wages."""
    total = Fraction(0)
    for month, coefficient in counted:
        rate = _rate(month // reading.MONTHS_A_YEAR, decided_on)
        total += coefficient * _base_salary_of(month) * rate.value
    working = "lương từng tháng (hệ số × lương cơ sở tháng đó × mức điều chỉnh của năm)"
    return total, working, decree_115("khoản 1 Điều 10")
