"""The promised limit, the due date on the calendar, and late filings."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.catalogue import procedure_on
from procedures.domain.deadlines import due_date, is_late, last_filing_day, promised_limit
from procedures.domain.definition import Basis, Deadline, FilingLimit, Unit
from procedures.domain.errors import NoDeadline

DAY = date(2019, 8, 20)
BASIS = Basis("Luật")
NATIONAL_DAY = date(2019, 9, 2)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day != NATIONAL_DAY


def working_days(number: int) -> Deadline:
    return Deadline(number, Unit.WORKING_DAY, BASIS)


def days(number: int) -> Deadline:
    return Deadline(number, Unit.DAY, BASIS)


def test_five_working_days_after_30_august_2019_pass_over_the_national_day() -> None:
    assert due_date(date(2019, 8, 30), working_days(5), is_working_day) == date(2019, 9, 9)


def test_counting_begins_on_the_day_after_even_from_a_day_off() -> None:
    assert due_date(date(2019, 8, 19), working_days(1), is_working_day) == date(2019, 8, 20)
    assert due_date(date(2019, 8, 24), working_days(1), is_working_day) == date(2019, 8, 26)


def test_calendar_days_ending_on_a_day_off_move_to_the_next_working_day() -> None:
    assert due_date(date(2019, 8, 20), days(10), is_working_day) == date(2019, 8, 30)
    assert due_date(date(2019, 8, 21), days(10), is_working_day) == date(2019, 9, 3)


def test_a_calendar_without_working_days_is_refused() -> None:
    with pytest.raises(NoDeadline):
        due_date(DAY, working_days(1), lambda day: False)


@given(start=st.dates(date(2019, 1, 1), date(2030, 1, 1)), number=st.integers(1, 40))
def test_a_due_date_is_a_working_day_and_exactly_so_many_away(start: date, number: int) -> None:
    due = due_date(start, working_days(number), is_working_day)
    between = (start + timedelta(days=offset) for offset in range(1, (due - start).days + 1))
    assert is_working_day(due)
    assert sum(map(is_working_day, between)) == number


@pytest.mark.parametrize(
    ("code", "answers", "value", "unit"),
    [
        ("bhxh_mot_lan", {}, 5, Unit.WORKING_DAY),
        ("tro_cap_dinh_cu", {}, 10, Unit.DAY),
        ("tu_tuat", {}, 15, Unit.DAY),
        ("huong_tiep", {"reason": "het_han_tu"}, 15, Unit.DAY),
        ("huong_tiep", {"reason": "xuat_canh"}, 15, Unit.DAY),
        ("di_chuyen", {}, 5, Unit.WORKING_DAY),
        ("tro_cap_qd91_613", {}, 30, Unit.WORKING_DAY),
        ("tro_cap_nha_giao", {}, 30, Unit.WORKING_DAY),
    ],
)
def test_an_unsure_service_limit_is_never_promised(
    code: str, answers: dict[str, str], value: int, unit: Unit
) -> None:
    limit = promised_limit(procedure_on(code, DAY), answers)
    assert (limit.value, limit.unit, limit.basis.is_unsure) == (value, unit, False)


def test_a_procedure_without_a_limit_says_so() -> None:
    with pytest.raises(NoDeadline, match="Chưa có thời hạn"):
        promised_limit(replace(procedure_on("tu_tuat", DAY), deadlines=()), {})


LIMIT = FilingLimit("90 ngày", BASIS, days=90, since="death_date")


def test_the_ninetieth_day_is_still_in_time() -> None:
    answers = {"death_date": "2019-05-01"}
    assert last_filing_day(LIMIT, answers) == date(2019, 7, 30)
    assert not is_late(LIMIT, answers, date(2019, 7, 30))
    assert is_late(LIMIT, answers, date(2019, 7, 31))


@pytest.mark.parametrize("answers", [{}, {"death_date": "nonsense"}, {"death_date": 5}])
def test_without_a_date_nothing_is_late(answers: dict[str, object]) -> None:
    assert not is_late(LIMIT, answers, date(2030, 1, 1))


def test_a_limit_without_a_number_is_never_missed() -> None:
    assert not is_late(FilingLimit("trong 30 ngày", BASIS), {}, date(2030, 1, 1))
