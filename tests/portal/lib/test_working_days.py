from datetime import date

import pytest

from portal.lib.working_days import add_working_days, count_working_days, is_working_day


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2019, 1, 5), True),  # Saturday, worked for 31/12/2018
        (date(2018, 12, 31), False),
        (date(2019, 2, 4), False),  # Tết
        (date(2019, 2, 8), False),
        (date(2019, 2, 11), True),
        (date(2019, 4, 15), False),  # Giỗ Tổ fell on a Sunday
        (date(2019, 4, 29), False),  # swapped with 4/5
        (date(2019, 4, 30), False),
        (date(2019, 5, 1), False),
        (date(2019, 5, 4), True),  # Saturday
        (date(2019, 8, 20), True),
        (date(2019, 8, 24), False),  # Saturday
        (date(2019, 9, 2), False),
    ],
)
def test_the_year_2019(day, is_worked):
    assert is_working_day(day) is is_worked


def test_five_working_days_over_the_national_day():
    assert add_working_days(date(2019, 8, 30), 5) == date(2019, 9, 9)
    assert count_working_days(date(2019, 8, 30), date(2019, 9, 9)) == 5


def test_counting_begins_the_day_after():
    assert add_working_days(date(2019, 8, 20), 1) == date(2019, 8, 21)
    assert add_working_days(date(2019, 8, 24), 1) == date(2019, 8, 26)
    assert add_working_days(date(2019, 8, 24), 0) == date(2019, 8, 24)


def test_an_override_wins_either_way():
    overrides = {date(2019, 8, 21): False, date(2019, 8, 24): True}
    assert add_working_days(date(2019, 8, 20), 1, overrides) == date(2019, 8, 22)
    assert is_working_day(date(2019, 8, 24), overrides)


def test_nothing_lies_between_a_day_and_an_earlier_one():
    assert count_working_days(date(2019, 9, 9), date(2019, 8, 30)) == 0


def test_a_negative_count_is_a_mistake():
    with pytest.raises(ValueError, match="below 0"):
        add_working_days(date(2019, 8, 20), -1)
