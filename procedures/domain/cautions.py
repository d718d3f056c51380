"""Rules over several answers that more than one procedure uses.

A wall (``is_warning=False``) stands only where the answers contradict themselves. Everything else is
a warning the filer confirms: the office decides, not the form.
"""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import TypeAlias

from procedures.domain import reading
from procedures.domain.benefits import history, survivors, teachers
from procedures.domain.conditions import ALWAYS, Answers, Condition
from procedures.domain.definition import Basis, Rule
from procedures.domain.parameters import base_salary
from procedures.domain.sources import KNOWN, law_58, vss_sheet
from procedures.domain.wording import folded

Broken: TypeAlias = Callable[[Answers, date], bool]

_CCCD_DIGITS = 12
_WORKING_AGE = 15
_LONGEST_CAREER = 60 * reading.MONTHS_A_YEAR
_WAGE_CAP = 20  # base salaries
_HIGHEST_COEFFICIENT = 15
_PENSION_YEARS = 20
_SMALL_CHILD = 6
_COMMUNE_PENSION_YEARS = 15  # women who work for a commune
_PENSION_AGES = {"nam": 60, "nu": 55}

_IDENTITY_RULE = Basis("Nghị định số 137/2015/NĐ-CP", certainty=KNOWN)
_BOOK = law_58("Điều 96", KNOWN)


def caution(
    name: str, question: str, message: str, broken: Broken, basis: Basis, *, when: Condition = ALWAYS
) -> Rule:
    """A warning: the filer confirms it and goes on."""
    return Rule(name, question, message, broken, basis, is_warning=True, when=when)


def _cccd(answers: Answers) -> str:
    number = reading.text(answers, "identity_number")
    return number if len(number) == _CCCD_DIGITS and number.isdecimal() else ""


def _birth_year_differs(answers: Answers, today: date) -> bool:
    number, born = _cccd(answers), reading.day(answers, "birth_date")
    if not number or born is None:
        return False
    # The fourth digit tells century and sex: 0 and 1 are the 1900s, 2 and 3 the 2000s, and so on.
    return 1900 + int(number[3]) // 2 * 100 + int(number[4:6]) != born.year


def _sex_differs(answers: Answers, today: date) -> bool:
    number, sex = _cccd(answers), reading.text(answers, "sex")
    return bool(number) and sex in ("nam", "nu") and (int(number[3]) % 2 == 1) != (sex == "nu")


def _holder_differs(answers: Answers, today: date) -> bool:
    holder, name = reading.text(answers, "account_holder"), reading.text(answers, "full_name")
    return bool(holder) and bool(name) and folded(holder) != folded(name)


def _spans(answers: Answers) -> list[tuple[int, int]]:
    spans = (history.month_span(row) for row in reading.rows(answers, history.TABLE))
    return sorted(span for span in spans if span is not None)


def _turned_round(answers: Answers, today: date) -> bool:
    return any(first > last for first, last in _spans(answers))


def _overlapping(answers: Answers, today: date) -> bool:
    spans = [span for span in _spans(answers) if span[0] <= span[1]]
    return any(later[0] <= earlier[1] for earlier, later in pairwise(spans))


def _in_the_future(answers: Answers, today: date) -> bool:
    return any(max(span) > reading.month_of(today) for span in _spans(answers))


def _too_young(birth_question: str) -> Broken:
    def broken(answers: Answers, today: date) -> bool:
        born = reading.day(answers, birth_question)
        if born is None:
            return False
        first_month = reading.month_of(born) + _WORKING_AGE * reading.MONTHS_A_YEAR
        return any(first < first_month for first, _ in _spans(answers))

    return broken


def _absurdly_long(answers: Answers, today: date) -> bool:
    return sum(max(0, last - first + 1) for first, last in _spans(answers)) > _LONGEST_CAREER


def _wage_above_cap(answers: Answers, today: date) -> bool:
    for row in reading.rows(answers, history.TABLE):
        wage, span = reading.whole(row, "monthly_wage"), history.month_span(row)
        salary = base_salary(reading.first_day(span[1])) if span else None
        if wage is not None and salary is not None and wage > _WAGE_CAP * salary.vnd:
            return True
    return False


def _odd_coefficient(answers: Answers, today: date) -> bool:
    values = (reading.decimal(row, "coefficient") for row in reading.rows(answers, history.TABLE))
    return any(value is not None and not 1 <= value <= _HIGHEST_COEFFICIENT for value in values)


def left_within_a_year(answers: Answers, today: date) -> bool:
    left = reading.day(answers, "left_on")
    return left is not None and reading.whole_years(left, today) < 1


def contributed_after_leaving(answers: Answers, today: date) -> bool:
    left = reading.day(answers, "left_on")
    return left is not None and any(last > reading.month_of(left) for _, last in _spans(answers))


def has_twenty_years(answers: Answers, today: date) -> bool:
    return history.counted_months(answers) >= _PENSION_YEARS * reading.MONTHS_A_YEAR


def has_fifteen_years(answers: Answers, today: date) -> bool:
    return history.counted_months(answers) >= _COMMUNE_PENSION_YEARS * reading.MONTHS_A_YEAR


def is_below_pension_age(answers: Answers, today: date) -> bool:
    """Men 60, women 55: the ages of 2019."""
    born, sex = reading.day(answers, "birth_date"), reading.text(answers, "sex")
    if born is None or sex not in _PENSION_AGES:
        return False
    return reading.whole_years(born, today) < _PENSION_AGES[sex]


PERSON_RULES = (
    Rule(
        name="cccd_birth_year",
        question="identity_number",
        message="Số CCCD cho thấy năm sinh khác với ngày sinh đã khai. Ông/bà xem lại giúp.",
        broken=_birth_year_differs,
        basis=_IDENTITY_RULE,
        is_warning=True,
    ),
    Rule(
        name="cccd_sex",
        question="identity_number",
        message="Số CCCD cho thấy giới tính khác với giới tính đã khai. Ông/bà xem lại giúp.",
        broken=_sex_differs,
        basis=_IDENTITY_RULE,
        is_warning=True,
    ),
)

PAYMENT_RULES = (
    Rule(
        name="account_holder_differs",
        question="account_holder",
        message="Tên chủ tài khoản khác tên ông/bà. Tiền có thể bị trả lại nếu đó là tài khoản người khác.",
        broken=_holder_differs,
        basis=vss_sheet("mẫu 14-HSB trong", KNOWN),
        is_warning=True,
    ),
)

_HISTORY_RULES = (
    Rule(
        name="history_order",
        question=history.TABLE,
        message="Có giai đoạn mà tháng bắt đầu sau tháng kết thúc.",
        broken=_turned_round,
        basis=_BOOK,
    ),
    Rule(
        name="history_overlap",
        question=history.TABLE,
        message="Có hai giai đoạn trùng tháng nhau. Mỗi tháng chỉ ghi một lần.",
        broken=_overlapping,
        basis=law_58("khoản 4 Điều 85"),
    ),
    Rule(
        name="history_future",
        question=history.TABLE,
        message="Có tháng chưa tới. Ông/bà chỉ ghi những tháng đã đóng.",
        broken=_in_the_future,
        basis=_BOOK,
    ),
    Rule(
        name="history_too_long",
        question=history.TABLE,
        message="Tổng thời gian đóng trên 60 năm. Ông/bà xem lại các năm đã ghi.",
        broken=_absurdly_long,
        basis=_BOOK,
    ),
    Rule(
        name="history_wage_above_cap",
        question=history.TABLE,
        message="Có mức lương cao hơn 20 lần lương cơ sở. Sổ BHXH thường không ghi quá mức này.",
        broken=_wage_above_cap,
        basis=law_58("khoản 3 Điều 89", KNOWN),
        is_warning=True,
    ),
    Rule(
        name="history_coefficient",
        question=history.TABLE,
        message="Hệ số lương thường từ 1 đến 15. Ông/bà xem lại, ví dụ 3,33 chứ không phải 333.",
        broken=_odd_coefficient,
        basis=_BOOK,
        is_warning=True,
    ),
)


def history_rules(birth_question: str = "birth_date") -> tuple[Rule, ...]:
    """The rules of the contribution history of the person born on that day."""
    too_young = Rule(
        name="history_too_young",
        question=history.TABLE,
        message="Có giai đoạn đóng trước khi đủ 15 tuổi. Ông/bà xem lại tháng bắt đầu và ngày sinh.",
        broken=_too_young(birth_question),
        basis=Basis("Bộ luật Lao động 2012", "khoản 1 Điều 3", KNOWN),
        is_warning=True,
    )
    return (*_HISTORY_RULES, too_young)


def month_is_from_2016(question: str) -> Broken:
    def broken(answers: Answers, today: date) -> bool:
        month = reading.month(answers, question)
        return month is not None and month >= reading.month_number(2016, 1)

    return broken


def day_is_outside(question: str, first: date, last: date | None = None) -> Broken:
    def broken(answers: Answers, today: date) -> bool:
        given = reading.day(answers, question)
        return given is not None and (given < first or (last is not None and given > last))

    return broken


def must_stay_monthly(answers: Answers, today: date) -> bool:
    """A child under 6, or a child or spouse with a loss of 81 % or more, may not take the one-time
    benefit instead of the monthly one."""
    died = reading.day(answers, "death_date")
    return any(_must_stay_monthly(row, died) for row in reading.rows(answers, survivors.RELATIVES))


def _must_stay_monthly(relative: Answers, died: date | None) -> bool:
    relation = relative.get("relation")
    born = reading.day(relative, "relative_birth_date")
    is_small = born is not None and died is not None and reading.whole_years(born, died) < _SMALL_CHILD
    if relation in ("con", "con_chua_sinh") and (is_small or relation == "con_chua_sinh"):
        return True
    return relation in ("con", "vo", "chong") and reading.is_yes(relative, "loss_81")


def no_eligible_relative(answers: Answers, today: date) -> bool:
    died, relatives = reading.day(answers, "death_date"), reading.rows(answers, survivors.RELATIVES)
    return (
        died is not None
        and bool(relatives)
        and not any(survivors.is_eligible(row, died) for row in relatives)
    )


def is_late(question: str, days: int) -> Broken:
    def broken(answers: Answers, today: date) -> bool:
        given = reading.day(answers, question)
        return given is not None and (today - given).days > days

    return broken


def taught_under_five_years(answers: Answers, today: date) -> bool:
    months = teachers.teaching_months(answers)
    return 0 < months < teachers.MINIMUM_TEACHING_MONTHS


def teaching_turned_round(answers: Answers, today: date) -> bool:
    spans = (
        (reading.month(row, "taught_from"), reading.month(row, "taught_to"))
        for row in reading.rows(answers, teachers.TABLE)
    )
    return any(first is not None and last is not None and first > last for first, last in spans)


def is_yes(question: str) -> Broken:
    def broken(answers: Answers, today: date) -> bool:
        return reading.is_yes(answers, question)

    return broken


def is_no(question: str) -> Broken:
    def broken(answers: Answers, today: date) -> bool:
        return answers.get(question) is False

    return broken


def whole_is_outside(question: str, lowest: int, highest: int) -> Broken:
    def broken(answers: Answers, today: date) -> bool:
        given = reading.whole(answers, question)
        return given is not None and not lowest <= given <= highest

    return broken
