"""P3, chế độ tử tuất: the funeral grant, the monthly allowance, and the one-time benefit."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from portal.lib.money import format_vnd
from portal.lib.vietnamese import format_month
from procedures.domain import reading
from procedures.domain.benefits.average_wage import Average, average_wage, paid_wages
from procedures.domain.benefits.history import (
    Period,
    WageKind,
    months_before_and_from_2014,
    periods_of,
)
from procedures.domain.benefits.lump_sum import benefit_months, month_lines, short_rule, under_one_year
from procedures.domain.conditions import Answers
from procedures.domain.definition import Basis
from procedures.domain.errors import NoEstimate
from procedures.domain.estimate import Estimate, Line, Rule, Term
from procedures.domain.parameters import Amount, base_salary
from procedures.domain.sources import circular_59, decree_115, law_58
from procedures.domain.wording import number, percent

RELATIVES = "relatives"
Rows: TypeAlias = tuple[Mapping[str, Any], ...]

FUNERAL_BASE_SALARIES = 10
MONTHLY_RATE = Fraction(50, 100)
MONTHLY_RATE_WITHOUT_CARER = Fraction(70, 100)
MOST_RELATIVES = 4
MINIMUM_MONTHS = Fraction(3)
FLAT_MONTHS = 3

_FUNERAL_MONTHS_COMPULSORY = 12
_FUNERAL_MONTHS_IN_ALL = 60
_MONTHLY_MONTHS_COMPULSORY = 180
_MONTHS_TO_BUY = 6
_PENSIONER_MONTHS = 48
_FIRST_MONTHS = 2
_ADULT = 18
_AGES = {"nam": 60, "nu": 55}

CONTRIBUTORS = ("dang_dong", "bao_luu_tu_nguyen")
# Commune cadres of Decree 09/1998 are treated like pensioners (Circular 59/2015, Article 27).
PENSIONS = ("luong_huu", "luong_huu_tu_nguyen", "can_bo_xa")
# Article 67, paragraph 1; Circular 59/2015, Article 25, paragraph 3.
_GIVE_MONTHLY = ("luong_huu", "can_bo_xa", "mat_suc_lao_dong")


def funeral(died: date) -> int | None:
    """Ten base salaries of the month of death; None where the base salary isn't known."""
    salary = base_salary(died)
    return None if salary is None else FUNERAL_BASE_SALARIES * salary.vnd


def monthly_rate(*, has_carer: bool, deceased: int = 1) -> Fraction:
    """The share of the base salary for one relative; two or more deceased give it twice."""
    rate = MONTHLY_RATE if has_carer else MONTHLY_RATE_WITHOUT_CARER
    return rate * (2 if deceased > 1 else 1)


def monthly_allowance(salary: int, rate: Fraction) -> int:
    return int(salary * rate)


def pensioner_months(months_received: int, *, is_voluntary: bool = False) -> Fraction:
    """48 months, half a month less for each month drawn after the second; at least three, which the
    voluntary scheme does not promise."""
    months = _PENSIONER_MONTHS - Fraction(max(0, months_received - _FIRST_MONTHS), 2)
    return max(months, Fraction(0) if is_voluntary else MINIMUM_MONTHS)


def contributor_months(months_before_2014: int, months_from_2014: int) -> Fraction:
    """Months of the average wage for relatives of someone in the compulsory scheme; at least three."""
    return max(benefit_months(months_before_2014, months_from_2014), MINIMUM_MONTHS)


def is_eligible(relative: Mapping[str, Any], died: date) -> bool:
    """Whether this relative may draw the monthly allowance (Article 67, paragraphs 2 and 3)."""
    relation = relative.get("relation")
    born = reading.day(relative, "relative_birth_date")
    has_lost = reading.is_yes(relative, "loss_81")
    if relation == "con_chua_sinh":
        return True
    age = reading.whole_years(born, died) if born else None
    if relation == "con":
        return has_lost or (age is not None and age < _ADULT)
    if reading.is_yes(relative, "has_income"):
        return False
    if relation == "khac" and age is not None and age < _ADULT:
        return True
    limit = _AGES.get(reading.text(relative, "relative_sex"))
    return has_lost or (age is not None and limit is not None and age >= limit)


def wants_monthly(relative: Mapping[str, Any]) -> bool:
    """Whether this relative chose the monthly allowance, or hasn't chosen yet."""
    return relative.get("choice") in (None, "hang_thang")


def gives_monthly_right(answers: Answers) -> bool | None:
    """Whether the deceased gives relatives a right to the monthly allowance (Article 67, paragraph 1);
    None where the answers don't tell, or where it depends on months the family may still buy."""
    if reading.is_yes(answers, "is_work_accident"):
        return True
    if answers.get("deceased_status") in CONTRIBUTORS:
        return _contributions_give_right(answers)
    drawn = reading.text(answers, "drawn_benefit")
    if drawn == "tnld_bnn":
        loss = answers.get("loss_61")
        return loss if isinstance(loss, bool) else None
    return drawn in _GIVE_MONTHLY if drawn else None


def _contributions_give_right(answers: Answers) -> bool | None:
    try:
        compulsory = _compulsory(periods_of(answers))
    except NoEstimate:
        return None
    if compulsory >= _MONTHLY_MONTHS_COMPULSORY:
        return True
    return None if compulsory >= _MONTHLY_MONTHS_COMPULSORY - _MONTHS_TO_BUY else False


def estimate(answers: Answers, day: date) -> Estimate:
    try:
        return _estimate(answers)
    except NoEstimate as reason:
        return Estimate(unavailable=reason.message)


def _estimate(answers: Answers) -> Estimate:
    died = reading.day(answers, "death_date")
    if died is None:
        raise NoEstimate("Chưa ước tính được vì chưa có ngày mất.", "death_date")
    lines, grant = _funeral_part(answers, died)
    claim = answers.get("claim")
    if claim == "mai_tang":
        return Estimate(lines, grant, answer=lines[-1] if lines else None)
    if claim == "hang_thang":
        monthly_lines, monthly = _monthly_part(answers, died)
        return Estimate((*lines, *monthly_lines), monthly, per_month=True, answer=monthly_lines[-1])
    if claim != "mot_lan":
        raise NoEstimate("Chưa ước tính được vì chưa chọn chế độ đề nghị hưởng.", "claim")
    once_lines, once = _once_part(answers, died)
    total = int(once) + grant
    answer = _sum_line(
        grant, int(once), total, Rule(tuple(Term(1, (it,)) for it in (once_lines[-1], *lines)))
    )
    return Estimate((*lines, *once_lines, answer), total, answer=answer)


def _sum_line(grant: int, once: int, total: int, rule: Rule) -> Line:
    working = f"{format_vnd(once)} + {format_vnd(grant)} mai táng" if grant else ""
    basis = str(law_58("Điều 66, Điều 70"))
    return Line("Số tiền ước tính", working, format_vnd(total), basis, exact=Fraction(total), rule=rule)


# Funeral grant ---------------------------------------------------------------------------------------


def funeral_line(died: date, basis: Basis) -> tuple[Line, int]:
    """Raises NoEstimate where the base salary of that month isn't known."""
    salary = _base_salary(died)
    amount = FUNERAL_BASE_SALARIES * salary.vnd
    month = format_month(died)
    working = f"{FUNERAL_BASE_SALARIES} × lương cơ sở tháng {month}: {format_vnd(salary.vnd)}"
    line = Line(
        "Trợ cấp mai táng",
        working,
        format_vnd(amount),
        f"{basis}; {salary.basis}",
        salary.basis.is_unsure,
        exact=Fraction(amount),
    )
    return line, amount


def _funeral_part(answers: Answers, died: date) -> tuple[tuple[Line, ...], int]:
    if answers.get("arranged_funeral") is False:
        return (), 0
    if not _has_funeral_right(answers):
        why = "chưa đủ 12 tháng đóng bắt buộc, cũng chưa đủ 60 tháng đóng tất cả"
        basis = str(decree_115("khoản 2 Điều 12"))
        return (Line("Trợ cấp mai táng", why, format_vnd(0), basis, exact=Fraction(0)),), 0
    line, amount = funeral_line(died, law_58("Điều 66"))
    return (line,), amount


def _has_funeral_right(answers: Answers) -> bool:
    if answers.get("deceased_status") not in CONTRIBUTORS or reading.is_yes(answers, "is_work_accident"):
        return True
    periods = periods_of(answers)
    total = sum(period.months for period in periods)
    return _compulsory(periods) >= _FUNERAL_MONTHS_COMPULSORY or total >= _FUNERAL_MONTHS_IN_ALL


def _base_salary(died: date) -> Amount:
    salary = base_salary(died)
    if salary is None:
        raise NoEstimate("Không ước tính được vì cổng chưa có mức lương cơ sở của tháng mất.", "death_date")
    return salary


def _compulsory(periods: tuple[Period, ...]) -> int:
    return sum(period.months for period in periods if period.kind is not WageKind.VOLUNTARY)


# Monthly allowance -----------------------------------------------------------------------------------


def _monthly_part(answers: Answers, died: date) -> tuple[tuple[Line, ...], int]:
    _check_monthly_right(answers)
    relatives = reading.rows(answers, RELATIVES)
    eligible = [row for row in relatives if wants_monthly(row) and is_eligible(row, died)]
    if not eligible:
        raise NoEstimate(
            "Theo những gì đã khai, chưa có thân nhân nào đủ điều kiện hưởng hàng tháng.", RELATIVES
        )
    salary = _base_salary(died)
    deceased = 2 if reading.is_yes(answers, "two_deceased") else 1
    lines: list[Line] = []
    counted: list[Line] = []
    total = 0
    for row in eligible[:MOST_RELATIVES]:
        rate = monthly_rate(has_carer=not reading.is_yes(row, "without_carer"), deceased=deceased)
        amount = monthly_allowance(salary.vnd, rate)
        total += amount
        counted.append(_relative_line(row, rate, salary, amount))
        lines.append(counted[-1])
        if _is_cared_for_later(row, relatives, died):
            lines.append(_later_line(row, relatives, salary, deceased))
    words = f"từ tháng {reading.month_words(reading.month_of(died) + 1)}, nhiều nhất {MOST_RELATIVES} người"
    basis = str(law_58("khoản 2, khoản 3 Điều 68"))
    rule = Rule(tuple(Term(1, (line,)) for line in counted))
    lines.append(Line("Tổng mỗi tháng", words, format_vnd(total), basis, exact=Fraction(total), rule=rule))
    return tuple(lines), total


def _is_minor(relative: Mapping[str, Any], died: date) -> bool:
    born = reading.day(relative, "relative_birth_date")
    is_young = born is not None and reading.whole_years(born, died) < _ADULT
    return relative.get("relation") == "con_chua_sinh" or (relative.get("relation") == "con" and is_young)


def _is_cared_for_later(row: Mapping[str, Any], relatives: Rows, died: date) -> bool:
    """A wife or husband without a direct carer whose child will grow up (Circular 59, example 47)."""
    is_spouse = row.get("relation") in ("vo", "chong") and reading.is_yes(row, "without_carer")
    return is_spouse and any(_is_minor(other, died) for other in relatives)


def _later_line(row: Mapping[str, Any], relatives: Rows, salary: Amount, deceased: int) -> Line:
    """What is left once the child is of age. With several children the example doesn't say which counts."""
    rate = monthly_rate(has_carer=True, deceased=deceased)
    children = [other for other in relatives if other.get("relation") in ("con", "con_chua_sinh")]
    born = [day for child in children if (day := reading.day(child, "relative_birth_date"))]
    months = [reading.month_of(day) + _ADULT * reading.MONTHS_A_YEAR for day in born]
    when = f" (tháng {reading.month_words(months[0])})" if len(children) == len(months) == 1 else ""
    name = reading.text(row, "relative_name") or "thân nhân"
    return Line(
        f"{name}, sau khi con đủ 18 tuổi{when}",
        f"{percent(rate)} × lương cơ sở {format_vnd(salary.vnd)}",
        f"{format_vnd(monthly_allowance(salary.vnd, rate))} mỗi tháng",
        str(circular_59("khoản 2 Điều 26")),
        len(children) > 1,
    )


def _relative_line(row: Mapping[str, Any], rate: Fraction, salary: Amount, amount: int) -> Line:
    name = reading.text(row, "relative_name") or "thân nhân"
    return Line(
        f"Trợ cấp tuất hàng tháng: {name}",
        f"{percent(rate)} × lương cơ sở {format_vnd(salary.vnd)}",
        f"{format_vnd(amount)} mỗi tháng",
        f"{law_58('Điều 67, Điều 68')}; {circular_59('Điều 26')}",
        exact=Fraction(amount),
    )


def _check_monthly_right(answers: Answers) -> None:
    """Raises NoEstimate where the deceased gives no right to a monthly allowance."""
    if reading.is_yes(answers, "is_work_accident"):
        return
    if answers.get("deceased_status") not in CONTRIBUTORS:
        _check_drawn_benefit(answers)
        return
    compulsory = _compulsory(periods_of(answers))
    if compulsory >= _MONTHLY_MONTHS_COMPULSORY:
        return
    if compulsory >= _MONTHLY_MONTHS_COMPULSORY - _MONTHS_TO_BUY:
        raise NoEstimate(
            "Người đã mất còn thiếu không quá 6 tháng để đủ 15 năm. Thân nhân đóng một lần cho các tháng "
            "thiếu (22% mức lương) thì được hưởng hàng tháng."
        )
    raise NoEstimate(
        "Người đã mất chưa đủ 15 năm đóng BHXH bắt buộc nên thân nhân hưởng trợ cấp tuất một lần."
    )


def _check_drawn_benefit(answers: Answers) -> None:
    drawn = answers.get("drawn_benefit")
    if drawn == "luong_huu_tu_nguyen":
        raise NoEstimate("Lương hưu tự nguyện: thân nhân hưởng trợ cấp tuất một lần, không hưởng hàng tháng.")
    if drawn == "tro_cap_khac":
        raise NoEstimate("Trợ cấp này: thân nhân hưởng trợ cấp tuất một lần bằng 3 tháng trợ cấp.")
    if drawn == "tnld_bnn" and not reading.is_yes(answers, "loss_61"):
        raise NoEstimate("Trợ cấp tai nạn, bệnh nghề nghiệp dưới 61%: thân nhân không hưởng hàng tháng.")


# One-time benefit ------------------------------------------------------------------------------------


def _once_part(answers: Answers, died: date) -> tuple[tuple[Line, ...], Fraction]:
    if answers.get("deceased_status") in CONTRIBUTORS:
        return _contributor_part(periods_of(answers), died)
    monthly = reading.whole(answers, "monthly_amount")
    if monthly is None:
        raise NoEstimate("Chưa ước tính được vì chưa có mức người mất hưởng mỗi tháng.", "monthly_amount")
    drawn = reading.text(answers, "drawn_benefit")
    if drawn in PENSIONS:
        return _pensioner_part(answers, monthly, is_voluntary=drawn == "luong_huu_tu_nguyen")
    if drawn == "tnld_bnn":
        raise NoEstimate(
            "Không ước tính được: mức tùy việc người mất đã nhận BHXH một lần hay chưa; cơ quan BHXH sẽ tính."
        )
    flat = Fraction(FLAT_MONTHS)
    basis = str(circular_59("khoản 2, khoản 3 Điều 27"))
    line = _times_line(flat, Fraction(monthly), basis)
    return (line,), flat * monthly


def _pensioner_part(
    answers: Answers, monthly: int, *, is_voluntary: bool
) -> tuple[tuple[Line, ...], Fraction]:
    received = reading.whole(answers, "months_received")
    if received is None:
        raise NoEstimate("Chưa ước tính được vì chưa có số tháng đã hưởng lương hưu.", "months_received")
    months = pensioner_months(received, is_voluntary=is_voluntary)
    basis = law_58("khoản 3 Điều 81") if is_voluntary else law_58("khoản 2 Điều 70")
    counted = max(0, received - _FIRST_MONTHS)
    least = "" if is_voluntary else f", ít nhất {number(MINIMUM_MONTHS)}"
    line = Line(
        "Số tháng lương hưu được hưởng",
        f"{_PENSIONER_MONTHS} − 0,5 × {counted}{least}",
        f"{number(months)} tháng",
        str(basis),
        exact=months,
    )
    times = _times_line(months, Fraction(monthly), str(basis), Rule((Term(monthly, (line,)),)))
    return (line, times), months * monthly


def _times_line(months: Fraction, monthly: Fraction, basis: str, rule: Rule | None = None) -> Line:
    working = f"{number(months)} tháng × {format_vnd(int(monthly))}"
    amount = months * monthly
    return Line("Trợ cấp tuất một lần", working, format_vnd(int(amount)), basis, exact=amount, rule=rule)


def _contributor_part(periods: tuple[Period, ...], died: date) -> tuple[tuple[Line, ...], Fraction]:
    average = average_wage(periods, died)
    before, after = months_before_and_from_2014(periods)
    if not _compulsory(periods):
        return _voluntary_part(periods, average, before, after)
    months = contributor_months(before, after)
    amount = months * average.value
    counted = month_lines(before, after)
    line = Line(
        "Trợ cấp tuất một lần",
        f"{number(months)} tháng (ít nhất {number(MINIMUM_MONTHS)}) × {format_vnd(int(average.value))}",
        format_vnd(int(amount)),
        f"{law_58('khoản 1 Điều 70')}; {circular_59('khoản 4 Điều 27')}",
        exact=amount,
        rule=Rule((Term(1, (counted[-1], average.line)),), at_least=(Term(MINIMUM_MONTHS, (average.line,)),)),
    )
    return (*average.lines, *counted, line), amount


def _voluntary_part(
    periods: tuple[Period, ...], average: Average, before: int, after: int
) -> tuple[tuple[Line, ...], Fraction]:
    """The voluntary scheme has no minimum; under a year it gives back what was paid."""
    basis = str(law_58("khoản 2 Điều 81"))
    if before + after < reading.MONTHS_A_YEAR:
        wages = paid_wages(periods)
        amount = under_one_year(wages, average.value)
        working = f"22% × {format_vnd(int(wages))}, nhiều nhất 2 × {format_vnd(int(average.value))}"
        rule = short_rule(wages, average.line)
        line = Line("Trợ cấp tuất một lần", working, format_vnd(int(amount)), basis, exact=amount, rule=rule)
        return (*average.lines, line), amount
    months = benefit_months(before, after)
    counted = month_lines(before, after)
    rule = Rule((Term(1, (counted[-1], average.line)),))
    line = _times_line(months, average.value, basis, rule)
    return (*average.lines, *counted, line), months * average.value
