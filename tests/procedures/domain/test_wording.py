"""Numbers of a reckoning as Vietnamese papers write them, and answers read as values."""

from datetime import date
from fractions import Fraction

import pytest

from procedures.domain import reading, wording


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(13, 2), "6,5"),
        (Fraction(123, 100), "1,23"),
        (Fraction(10), "10"),
        (1_234_567, "1.234.567"),
        (Fraction(1, 3), "0,33"),
    ],
)
def test_numbers_have_a_decimal_comma(value: Fraction | int, text: str) -> None:
    assert wording.number(value) == text


def test_percent_and_spans() -> None:
    assert wording.percent(Fraction(719, 10_000)) == "7,19%"
    assert [wording.span(months) for months in (0, 5, 12, 14)] == [
        "0 tháng",
        "5 tháng",
        "1 năm",
        "1 năm 2 tháng",
    ]


def test_malformed_answers_read_as_nothing() -> None:
    answers = {
        "month": "2019-13",
        "day": "20/8/2019",
        "decimal": "3,33",
        "whole": True,
        "rows": "x",
        "text": 1,
    }
    assert reading.month(answers, "month") is None
    assert reading.day(answers, "day") is None
    assert reading.decimal(answers, "decimal") is None
    assert reading.whole(answers, "whole") is None
    assert reading.rows(answers, "rows") == ()
    assert reading.text(answers, "text") == ""


def test_months_count_across_years() -> None:
    december = reading.month({"m": "2013-12"}, "m")
    assert december is not None
    assert reading.first_day(december + 1) == date(2014, 1, 1)
    assert reading.month_words(december) == "12/2013"


def test_whole_years_turn_on_the_day() -> None:
    assert reading.whole_years(date(1959, 8, 20), date(2019, 8, 20)) == 60
    assert reading.whole_years(date(1959, 8, 21), date(2019, 8, 20)) == 59
    assert reading.whole_years(date(2000, 2, 29), date(2001, 2, 28)) == 0
