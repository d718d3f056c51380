"""Stored answers read as typed values. Whatever is absent or malformed reads as None: a rule or an
estimate meets half-filled drafts and must not fall over them.
"""

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from portal.lib.vietnamese import format_month
from procedures.domain.conditions import Answers

# Years a social insurance paper can speak of; anything else is a slip of the keyboard.
_YEAR = r"(?:19|20|21)\d{2}"
_MONTH = re.compile(rf"({_YEAR})-(0[1-9]|1[0-2])")
_DAY = re.compile(rf"{_YEAR}-\d{{2}}-\d{{2}}")
_DECIMAL = re.compile(r"\d{1,9}(\.\d{1,6})?")

# A month as a number, so that months can be counted: year × 12 + month − 1.
MONTHS_A_YEAR = 12


def text(answers: Answers, name: str) -> str:
    value = answers.get(name)
    return value.strip() if isinstance(value, str) else ""


def whole(answers: Answers, name: str) -> int | None:
    value = answers.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def day(answers: Answers, name: str) -> date | None:
    value = text(answers, name)
    if not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def month(answers: Answers, name: str) -> int | None:
    """The month as a number that can be counted with."""
    found = _MONTH.fullmatch(text(answers, name))
    return month_number(int(found[1]), int(found[2])) if found else None


def decimal(answers: Answers, name: str) -> Fraction | None:
    value = text(answers, name)
    return Fraction(value) if _DECIMAL.fullmatch(value) else None


def rows(answers: Answers, name: str) -> tuple[Mapping[str, Any], ...]:
    value = answers.get(name)
    if not isinstance(value, (list, tuple)):
        return ()
    return tuple(row for row in value if isinstance(row, Mapping))


def is_yes(answers: Answers, name: str) -> bool:
    return answers.get(name) is True


def month_number(year: int, month_of_year: int) -> int:
    return year * MONTHS_A_YEAR + month_of_year - 1


def month_of(value: date) -> int:
    return month_number(value.year, value.month)


def first_day(month_as_number: int) -> date:
    year, index = divmod(month_as_number, MONTHS_A_YEAR)
    return date(year, index + 1, 1)


def month_words(month_as_number: int) -> str:
    """07/2019"""
    return format_month(first_day(month_as_number))


def whole_years(start: date, end: date) -> int:
    """Full years from ``start`` to ``end``: an age, or the time since leaving work."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))
