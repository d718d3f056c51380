"""BHXH một lần: the turn of 2014, odd months, the average wage, deductions, and what must always hold."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.domain import reading
from procedures.domain.benefits import average_wage, history, lump_sum, survivors

DECIDED = date(2019, 8, 20)


def row(first: str, last: str, **more: Any) -> dict[str, Any]:
    return {"from_month": first, "to_month": last, "wage_kind": "employer", "monthly_wage": 5_000_000, **more}


def estimate(*rows: dict[str, Any], day: date = DECIDED, **answers: Any) -> int | None:
    return lump_sum.estimate({"history": list(rows), **answers}, day).total_vnd


def periods(*rows: dict[str, Any]) -> tuple[history.Period, ...]:
    return history.periods_of({"history": list(rows)})


@pytest.mark.parametrize(
    ("first", "last", "before", "after"),
    [
        ("2013-12", "2013-12", 1, 0),
        ("2014-01", "2014-01", 0, 1),
        ("2013-12", "2014-01", 1, 1),
        ("2012-11", "2014-02", 14, 2),
    ],
)
def test_months_are_split_at_the_first_of_january_2014(
    first: str, last: str, before: int, after: int
) -> None:
    assert history.months_before_and_from_2014(periods(row(first, last))) == (before, after)


@pytest.mark.parametrize(
    ("months", "years"),
    [(0, "0"), (1, "0.5"), (6, "0.5"), (7, "1"), (11, "1"), (12, "1"), (18, "1.5"), (19, "2")],
)
def test_odd_months_are_rounded_to_half_and_whole_years(months: int, years: str) -> None:
    assert lump_sum.rounded_years(months) == Fraction(years)


def test_odd_months_before_2014_move_before_they_are_rounded() -> None:
    assert lump_sum.counted_years(23, 7) == (1, Fraction(3, 2))


def test_moving_odd_months_without_later_time_is_marked_unsure() -> None:
    answers = {"history": [row("2011-01", "2012-03")]}
    assert lump_sum.estimate(answers, DECIDED).is_unsure
    assert not lump_sum.estimate({"history": [row("2011-01", "2012-12")]}, DECIDED).is_unsure


def test_eleven_and_twelve_months_meet_at_two_months_of_wage() -> None:
    assert estimate(row("2018-01", "2018-11")) == 10_000_000
    assert estimate(row("2018-01", "2018-12")) == 10_000_000


def test_under_one_year_the_cap_of_two_average_months_holds() -> None:
    assert estimate(row("2018-01", "2018-10")) == 10_000_000  # 22 % of ten months would be 11,000,000


@pytest.mark.parametrize(("day", "salary"), [(date(2019, 6, 30), 1_390_000), (date(2019, 7, 1), 1_490_000)])
def test_state_scale_wages_are_valued_at_the_base_salary_of_the_decision(day: date, salary: int) -> None:
    scale = row("2010-01", "2011-12", wage_kind="state_scale", coefficient="3.00")
    assert estimate(scale, day=day) == 3 * 3 * salary  # 2 years × 1.5 months × 3.00


@pytest.mark.parametrize(
    ("joined", "years"),
    [
        ("1994-12", 5),
        ("1995-01", 6),
        ("2000-12", 6),
        ("2001-01", 8),
        ("2006-12", 8),
        ("2007-01", 10),
        ("2015-12", 10),
        ("2016-01", 15),
        ("2019-12", 15),
        ("2020-01", 20),
        ("2024-12", 20),
        ("2025-01", None),
    ],
)
def test_last_years_counted_follow_the_first_year_of_insurance(joined: str, years: int | None) -> None:
    month = reading.month({"joined": joined}, "joined")
    assert month is not None
    assert average_wage.last_years(month) == years


def test_only_the_last_years_of_the_state_scale_count() -> None:
    early = row("2005-01", "2007-12", wage_kind="state_scale", coefficient="2.00")
    late = row("2008-01", "2015-12", wage_kind="state_scale", coefficient="4.00")
    average = average_wage.average_wage(periods(early, late), DECIDED)
    assert average.value == 4 * 1_490_000


def test_a_mixed_career_takes_the_mean_weighted_by_months() -> None:
    scale = row("2010-01", "2010-12", wage_kind="state_scale", coefficient="2.00")
    paid = row("2018-01", "2019-12", monthly_wage=6_000_000)
    average = average_wage.average_wage(periods(scale, paid), DECIDED)
    assert average.value == Fraction(12 * 2 * 1_490_000 + 24 * 6_000_000, 36)


def test_who_joined_the_state_scale_from_2016_has_wages_adjusted_by_prices() -> None:
    scale = row("2016-01", "2016-04", wage_kind="state_scale", coefficient="2.00")
    average = average_wage.average_wage(periods(scale), DECIDED)
    assert average.value == 2 * 1_150_000 * Fraction(107, 100)


def test_state_wages_before_october_2004_are_marked_unsure() -> None:
    scale = row("2003-01", "2004-12", wage_kind="state_scale", coefficient="2.00")
    assert lump_sum.estimate({"history": [scale]}, DECIDED).is_unsure


def test_state_support_is_deducted_except_for_the_gravely_ill() -> None:
    voluntary = row("2018-01", "2019-12", wage_kind="voluntary", monthly_wage=1_000_000, state_support=15_400)
    assert estimate(voluntary) == 3_630_400
    assert estimate(voluntary, reason="benh_hiem_ngheo") == 4_000_000


def test_voluntary_contributions_without_a_word_on_support_are_marked_unsure() -> None:
    voluntary = row("2018-01", "2019-12", wage_kind="voluntary", monthly_wage=1_000_000)
    assert lump_sum.estimate({"history": [voluntary]}, DECIDED).is_unsure


def test_a_support_larger_than_the_benefit_never_gives_a_negative_amount() -> None:
    voluntary = row(
        "2018-01", "2018-02", wage_kind="voluntary", monthly_wage=700_000, state_support=9_000_000
    )
    assert estimate(voluntary) == 0


def test_regional_allowance_in_the_army_is_named_but_not_reckoned() -> None:
    answers = {"history": [row("2018-01", "2018-12")], "army_regional_allowance": True}
    assert [line.value for line in lump_sum.estimate(answers, DECIDED).lines].count("chưa tính") == 1


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "chưa có quá trình đóng"),
        ([row("2018-01", "2018-06"), row("2018-06", "2018-12")], "trùng tháng"),
        ([row("2018-06", "2018-01")], "chưa khai xong"),
        ([{"from_month": "2018-01"}], "chưa khai xong"),
        ([row("2018-01", "2018-02", monthly_wage=None)], "chưa ghi mức lương"),
        ([row("1990-01", "1992-02", wage_kind="state_scale", coefficient="2.00")], ""),
    ],
)
def test_an_unfinished_history_gives_the_reason_instead_of_an_amount(rows: list[Any], reason: str) -> None:
    found = lump_sum.estimate({"history": rows}, DECIDED)
    assert reason in found.unavailable
    assert found.total_vnd is None or not reason


def test_a_few_months_on_the_state_scale_give_back_a_share_of_the_wages_of_their_time() -> None:
    scale = row("2018-05", "2018-08", wage_kind="state_scale", coefficient="2.00")
    paid = 2 * (2 * 1_300_000 + 2 * 1_390_000)  # the base salary rose on 01/07/2018
    assert estimate(scale) == paid * 22 // 100


def test_months_before_any_known_base_salary_give_no_amount() -> None:
    scale = row("1990-01", "1990-06", wage_kind="state_scale", coefficient="2.00")
    found = lump_sum.estimate({"history": [scale]}, DECIDED)
    assert "lương cơ sở" in found.unavailable


def test_another_year_of_decision_has_no_coefficients_and_says_so() -> None:
    found = lump_sum.estimate({"history": [row("2018-01", "2018-12")]}, date(2020, 1, 2))
    assert found.total_vnd is None
    assert "2020" in found.unavailable


def test_every_line_names_its_article() -> None:
    rows = [row("2012-01", "2016-08"), row("2017-01", "2018-03", wage_kind="voluntary")]
    found = lump_sum.estimate({"history": rows, "army_regional_allowance": True}, DECIDED)
    assert all(line.basis and line.label and line.value for line in found.lines)


MONTHS = st.integers(0, 480)


@given(before=MONTHS, after=MONTHS)
def test_one_more_month_from_2014_never_gives_less(before: int, after: int) -> None:
    assert lump_sum.benefit_months(before, after + 1) >= lump_sum.benefit_months(before, after)


@given(before=MONTHS, after=MONTHS)
def test_one_more_year_before_2014_never_gives_less(before: int, after: int) -> None:
    assert lump_sum.benefit_months(before + 12, after) >= lump_sum.benefit_months(before, after)


@given(before=MONTHS, after=MONTHS)
def test_no_month_is_worth_less_than_its_time_or_more_than_half_a_year_extra(before: int, after: int) -> None:
    months = lump_sum.benefit_months(before, after)
    exact = Fraction(3, 24) * before + Fraction(2, 12) * after
    assert exact <= months <= exact + 2


@given(before=MONTHS, after=MONTHS)
def test_relatives_get_at_least_three_months(before: int, after: int) -> None:
    assert survivors.contributor_months(before, after) >= 3


@given(months=st.integers(1, 11), wage=st.integers(700_000, 30_000_000))
def test_under_one_year_nothing_exceeds_two_average_months(months: int, wage: int) -> None:
    amount = estimate(row("2018-01", f"2018-{months:02}", monthly_wage=wage))
    assert amount is not None
    assert amount <= 2 * wage
