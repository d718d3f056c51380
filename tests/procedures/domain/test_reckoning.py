"""Other values on lines of an estimate: what follows from them moves, nothing else does."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.domain.benefits import fixed_allowance, lump_sum, settle_abroad, survivors, teachers
from procedures.domain.estimate import Estimate, reckon

DECIDED = date(2019, 8, 20)


def row(first: str, last: str, wage: int, kind: str = "employer", **more: Any) -> dict[str, Any]:
    return {"from_month": first, "to_month": last, "wage_kind": kind, "monthly_wage": wage, **more}


CAREER = lump_sum.estimate(
    {"history": [row("2012-01", "2013-12", 4_000_000), row("2014-01", "2016-08", 5_000_000)]}, DECIDED
)


def place(estimate: Estimate, label: str) -> int:
    return next(at for at, line in enumerate(estimate.lines) if line.label.startswith(label))


def value(estimate: Estimate, label: str) -> Fraction:
    exact = estimate.lines[place(estimate, label)].exact
    assert exact is not None
    return exact


def test_a_year_moves_the_average_the_benefit_and_the_total() -> None:
    year = place(CAREER, "Năm 2012")
    before = value(CAREER, "Năm 2012")
    found = reckon(CAREER, {year: before + 56_000_000})  # 56 months in all: the average rises by a million
    months = value(CAREER, "Số tháng lương")
    average = place(CAREER, "Mức bình quân")
    assert found.values[average] == value(CAREER, "Mức bình quân") + 1_000_000
    assert CAREER.total_vnd is not None
    assert abs(found.total - CAREER.total_vnd - months * 1_000_000) <= 1
    moved = {CAREER.lines[at].label for at in found.values}
    assert moved == {"Mức bình quân tiền lương tháng", "Mức hưởng", "Số tiền ước tính"}


def test_two_changes_are_reckoned_together_and_a_changed_line_stands() -> None:
    changes = {place(CAREER, "Mức bình quân"): Fraction(6_000_000), place(CAREER, "Năm 2012"): Fraction(1)}
    months = place(CAREER, "Số tháng lương")
    assert reckon(CAREER, {**changes, months: Fraction(10)}).total == 60_000_000
    last = len(CAREER.lines) - 1
    assert reckon(CAREER, {last: Fraction(7)}).total == 7
    assert reckon(CAREER, {last: Fraction(7)}).values == {}


def test_years_give_months() -> None:
    found = reckon(CAREER, {place(CAREER, "Thời gian đóng trước"): Fraction(4)})
    assert found.values[place(CAREER, "Số tháng lương")] == value(CAREER, "Số tháng lương") + 3


def test_what_the_law_caps_stays_capped() -> None:
    short = lump_sum.estimate({"history": [row("2018-01", "2018-10", 5_000_000)]}, DECIDED)
    average = place(short, "Mức bình quân")
    assert reckon(short, {average: Fraction(1_000_000)}).total == 2_000_000
    wages = 22 * 10 * 5_000_000 // 100
    assert reckon(short, {average: Fraction(900_000_000)}).total == wages
    abroad = settle_abroad.estimate(
        {"benefit": "luong_huu", "monthly_amount": 3_000_000, "years_from_2014": 5, "months_received": 4},
        DECIDED,
    )
    assert reckon(abroad, {place(abroad, "Thời gian đóng từ"): Fraction(0)}).total == 9_000_000


def test_support_is_taken_away_and_never_more_than_there_is() -> None:
    voluntary = lump_sum.estimate(
        {"history": [row("2018-01", "2019-12", 2_000_000, "voluntary", state_support=46_200)]}, DECIDED
    )
    support = place(voluntary, "Trừ tiền Nhà nước")
    assert reckon(voluntary, {support: Fraction(0)}).total > (voluntary.total_vnd or 0)
    assert reckon(voluntary, {support: Fraction(10**9)}).total == 0


def test_other_procedures_follow_their_lines_too() -> None:
    taught = teachers.estimate(
        {"teaching": [{"taught_from": "1990-01", "taught_to": "1999-12"}], "monthly_pension": 2_000_000},
        DECIDED,
    )
    assert reckon(taught, {0: Fraction(12)}).total == 2_400_000
    funeral = fixed_allowance.estimate({"reason": "mai_tang", "death_date": "2019-08-01"}, DECIDED)
    assert reckon(funeral, {0: Fraction(13_900_000)}).total == 13_900_000
    monthly = survivors.estimate(
        {
            "death_date": "2019-08-01",
            "claim": "hang_thang",
            "deceased_status": "dang_huong",
            "drawn_benefit": "luong_huu",
            "arranged_funeral": True,
            "relatives": [
                {"relative_name": name, "relation": "con", "relative_birth_date": "2010-01-01"}
                for name in ("An", "An")
            ],
        },
        DECIDED,
    )
    first = place(monthly, "Trợ cấp tuất hàng tháng: An")
    assert reckon(monthly, {first: Fraction(0)}).total == (monthly.total_vnd or 0) - 745_000
    assert reckon(monthly, {place(monthly, "Trợ cấp mai táng"): Fraction(0)}).total == monthly.total_vnd


def test_what_does_not_follow_from_lines_is_not_reckoned() -> None:
    with pytest.raises(ValueError, match="follow"):
        reckon(fixed_allowance.estimate({"reason": "qd91"}, DECIDED), {0: Fraction(1)})


@given(st.integers(0, 10**9), st.integers(0, 40))
def test_what_a_line_writes_it_reads(amount: int, half_years: int) -> None:
    money, years = CAREER.lines[-1], CAREER.lines[place(CAREER, "Thời gian đóng trước")]
    assert money.read(money.written(Fraction(amount))) == amount
    assert years.read(years.written(Fraction(half_years, 2))) == Fraction(half_years, 2)


@pytest.mark.parametrize("typed", ["", "hai", "-1", "2.5", "1e3", "999999", "2 tháng", "٣"])
def test_years_are_a_number(typed: str) -> None:
    with pytest.raises(ValueError, match="số"):
        CAREER.lines[place(CAREER, "Thời gian đóng trước")].read(typed)
