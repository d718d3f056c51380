"""Rules over several answers: how a procedure file writes them, and those more than one uses.

A wall stands only where the answers contradict themselves or the law leaves no choice. Everything else
is a warning the filer confirms: the office decides, not the form. ``today`` is the legal day.
"""

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from portal.lib.vietnamese import fold
from procedures.domain import reading
from procedures.domain.benefits import history, teachers
from procedures.domain.conditions import ALWAYS, Answers, Condition
from procedures.domain.deadlines import is_late
from procedures.domain.definition import Basis, FilingLimit, Rule
from procedures.domain.parameters import base_salary
from procedures.domain.sources import KNOWN, law_58, vss_sheet

Broken: TypeAlias = Callable[[Answers, date], bool]
# (row, its place from 0, all answers, today)
BrokenRow: TypeAlias = Callable[[Answers, int, Answers, date], bool]

# How messages name ``today``: in a trial run it is not the day on the wall.
LEGAL_DAY = "ngày của quy định đang áp dụng (ghi ở đầu trang, nếu khác hôm nay)"

_CCCD_DIGITS = 12
_WORKING_AGE = 15
_LONGEST_CAREER = 60 * reading.MONTHS_A_YEAR
_WAGE_CAP = 20  # base salaries
_HIGHEST_COEFFICIENT = 15
_PENSION_YEARS = 20
_COMMUNE_PENSION_YEARS = 15  # women who work for a commune
_PENSION_AGES = {"nam": 60, "nu": 55}

_IDENTITY_RULE = Basis("Nghị định số 137/2015/NĐ-CP", certainty=KNOWN)
_BOOK = law_58("Điều 96", KNOWN)


def warning(
    name: str, question: str, broken: Broken, basis: Basis, message: str, *, when: Condition = ALWAYS
) -> Rule:
    """The filer confirms it and goes on."""
    return Rule(name, question, message, broken, basis, is_warning=True, when=when)


def wall(
    name: str, question: str, broken: Broken, basis: Basis, message: str, *, when: Condition = ALWAYS
) -> Rule:
    """The answers can't stand as they are."""
    return Rule(name, question, message, broken, basis, when=when)


def row_wall(
    name: str,
    place: tuple[str, str],
    broken: BrokenRow,
    basis: Basis,
    message: str,
    *,
    when: Condition = ALWAYS,
) -> Rule:
    """A wall in every row that breaks it; ``place`` is the table and the column the message stands at."""
    table, column = place

    def rows(answers: Answers, today: date) -> tuple[int, ...]:
        found = enumerate(reading.rows(answers, table))
        return tuple(index for index, row in found if broken(row, index, answers, today))

    def is_broken(answers: Answers, today: date) -> bool:
        return bool(rows(answers, today))

    return Rule(name, table, message, is_broken, basis, when=when, column=column, rows=rows)


# The person and the money ----------------------------------------------------------------------------


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
    return bool(holder) and bool(name) and fold(holder) != fold(name)


# What the person and the payment of every procedure are checked for.
COMMON = (
    warning(
        "cccd_birth_year",
        "identity_number",
        _birth_year_differs,
        _IDENTITY_RULE,
        "Số CCCD cho thấy năm sinh khác với ngày sinh đã khai. Ông/bà xem lại giúp.",
    ),
    warning(
        "cccd_sex",
        "identity_number",
        _sex_differs,
        _IDENTITY_RULE,
        "Số CCCD cho thấy giới tính khác với giới tính đã khai. Ông/bà xem lại giúp.",
    ),
    warning(
        "account_holder_differs",
        "account_holder",
        _holder_differs,
        vss_sheet("mẫu 14-HSB trong", KNOWN),
        "Tên chủ tài khoản khác tên ông/bà. Tiền có thể bị trả lại nếu đó là tài khoản người khác.",
    ),
)


# The contribution history ----------------------------------------------------------------------------


def _spans(answers: Answers) -> list[tuple[int, int]]:
    spans = (history.month_span(row) for row in reading.rows(answers, history.TABLE))
    return sorted(span for span in spans if span is not None)


def _turned_round(row: Answers, index: int, answers: Answers, today: date) -> bool:
    span = history.month_span(row)
    return span is not None and span[0] > span[1]


def _overlapping(row: Answers, index: int, answers: Answers, today: date) -> bool:
    """Shares a month with a row above it."""
    span = history.month_span(row)
    above = (history.month_span(other) for other in reading.rows(answers, history.TABLE)[:index])
    return span is not None and any(
        other is not None and other[0] <= span[1] and span[0] <= other[1] for other in above
    )


def _in_the_future(row: Answers, index: int, answers: Answers, today: date) -> bool:
    span = history.month_span(row)
    return span is not None and max(span) > reading.month_of(today)


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


_HISTORY = (
    row_wall(
        "history_order",
        (history.TABLE, "to_month"),
        _turned_round,
        _BOOK,
        "Tháng bắt đầu sau tháng kết thúc. Ông/bà xem lại hai tháng của giai đoạn này.",
    ),
    row_wall(
        "history_overlap",
        (history.TABLE, "from_month"),
        _overlapping,
        law_58("khoản 4 Điều 85"),
        "Giai đoạn này trùng tháng với giai đoạn ghi ở trên. Mỗi tháng chỉ ghi một lần.",
    ),
    row_wall(
        "history_future",
        (history.TABLE, "to_month"),
        _in_the_future,
        _BOOK,
        f"Có tháng sau {LEGAL_DAY}. Ông/bà chỉ ghi những tháng đã đóng đến ngày đó.",
    ),
    wall(
        "history_too_long",
        history.TABLE,
        _absurdly_long,
        _BOOK,
        "Tổng thời gian đóng trên 60 năm. Ông/bà xem lại các năm đã ghi.",
    ),
    warning(
        "history_wage_above_cap",
        history.TABLE,
        _wage_above_cap,
        law_58("khoản 3 Điều 89", KNOWN),
        "Có mức lương cao hơn 20 lần lương cơ sở. Sổ BHXH thường không ghi quá mức này.",
    ),
    warning(
        "history_coefficient",
        history.TABLE,
        _odd_coefficient,
        _BOOK,
        "Hệ số lương thường từ 1 đến 15. Ông/bà xem lại, ví dụ 3,33 chứ không phải 333.",
    ),
)


def of_history(birth_question: str = "birth_date") -> tuple[Rule, ...]:
    """The rules of the contribution history of the person born on that day."""
    too_young = warning(
        "history_too_young",
        history.TABLE,
        _too_young(birth_question),
        Basis("Bộ luật Lao động 2012", "khoản 1 Điều 3", KNOWN),
        "Có giai đoạn đóng trước khi đủ 15 tuổi. Ông/bà xem lại tháng bắt đầu và ngày sinh.",
    )
    return (*_HISTORY, too_young)


# The day of death, and late filing -------------------------------------------------------------------


def of_death(basis: Basis, birth_question: str = "") -> tuple[Rule, ...]:
    """The rules of the day somebody died, asked as ``death_date``."""
    to_come = wall(
        "death_to_come",
        "death_date",
        _dies_later,
        basis,
        f"Ngày mất sau {LEGAL_DAY}. Hồ sơ chỉ nộp được sau khi người thân mất.",
    )
    if not birth_question:
        return (to_come,)
    before_birth = wall(
        "death_before_birth",
        "death_date",
        _died_before_birth(birth_question),
        basis,
        "Ngày mất trước ngày sinh. Ông/bà xem lại hai ngày này.",
    )
    return (to_come, before_birth)


def _dies_later(answers: Answers, today: date) -> bool:
    died = reading.day(answers, "death_date")
    return died is not None and died > today


def _died_before_birth(birth_question: str) -> Broken:
    def broken(answers: Answers, today: date) -> bool:
        born, died = reading.day(answers, birth_question), reading.day(answers, "death_date")
        return born is not None and died is not None and died < born

    return broken


def filed_late(limit: FilingLimit) -> Rule:
    """The warning that goes with a filing limit; the paper that explains is asked for besides."""

    def broken(answers: Answers, today: date) -> bool:
        return is_late(limit, answers, today)

    return warning(
        "filed_late",
        limit.since,
        broken,
        limit.basis,
        f"Đã quá {limit.days} ngày. Vẫn nộp được, kèm văn bản giải trình lý do nộp chậm.",
    )


# What a procedure file may ask of single answers -----------------------------------------------------


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


def taught_under_five_years(answers: Answers, today: date) -> bool:
    months = teachers.teaching_months(answers)
    return 0 < months < teachers.MINIMUM_TEACHING_MONTHS


def teaching_turned_round(row: Answers, index: int, answers: Answers, today: date) -> bool:
    first, last = reading.month(row, "taught_from"), reading.month(row, "taught_to")
    return first is not None and last is not None and first > last


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
