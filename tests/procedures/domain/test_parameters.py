"""Amounts by date, against the facts."""

import csv
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from procedures.domain.parameters import (
    BASE_SALARIES,
    adjustment,
    base_salary,
    pension_raises,
)

FACTS = Path(__file__).parents[2] / "facts"
DECIDED = date(2019, 8, 20)


def rows(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows("base_salary.csv"), ids=lambda row: row["from_date"])
def test_a_base_salary_begins_on_its_day_with_its_mark(row: dict[str, str]) -> None:
    since = date.fromisoformat(row["from_date"])
    salary = base_salary(since)
    assert salary is not None
    assert (salary.vnd, salary.basis.certainty) == (int(row["vnd"]), row["certainty"])
    day_before = base_salary(since - timedelta(days=1))
    assert day_before is None or day_before.vnd < salary.vnd


def test_no_base_salary_is_missing_or_added() -> None:
    assert len(BASE_SALARIES) == len(rows("base_salary.csv"))
    assert base_salary(date(1993, 3, 31)) is None


@pytest.mark.parametrize("row", rows("salary_adjustment_2019.csv"), ids=lambda row: row["year"])
def test_a_coefficient_of_2019_and_its_mark(row: dict[str, str]) -> None:
    year = 1980 if row["year"] == "before_1995" else int(row["year"])
    rate = adjustment(year, DECIDED)
    assert rate is not None
    assert (rate.value, rate.basis.certainty) == (Fraction(row["coefficient"]), row["certainty"])


def test_voluntary_income_has_the_same_coefficient_from_2008_on() -> None:
    for year in (2007, 2008, 2018):
        paid, voluntary = adjustment(year, DECIDED), adjustment(year, DECIDED, is_voluntary=True)
        assert paid is not None
        assert voluntary is not None
        assert paid.value == voluntary.value


@pytest.mark.parametrize(
    ("year", "decided"), [(2018, date(2018, 12, 31)), (2018, date(2020, 1, 1)), (2020, DECIDED)]
)
def test_unknown_coefficients_are_none(year: int, decided: date) -> None:
    assert adjustment(year, decided) is None


def test_raises_are_known_only_where_the_table_is_complete() -> None:
    found = pension_raises(date(2018, 3, 1), date(2019, 7, 1))
    assert found is not None
    assert [raised.since for raised in found] == [date(2018, 7, 1), date(2019, 7, 1)]
    assert pension_raises(date(2017, 7, 1), date(2019, 7, 1)) is None
    assert pension_raises(date(2019, 7, 1), date(2022, 1, 1)) is None
    assert pension_raises(date(2019, 7, 1), date(2019, 12, 1)) == ()
