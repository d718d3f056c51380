"""The estimate of a benefit: lines a citizen can follow, each with its article.

A line that follows from others says how (``Rule``), so that the total can be reckoned anew when an officer
puts another value on a line (docs/decisions/0111).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from portal.lib.money import format_vnd, parse_vnd
from procedures.domain.wording import is_number, number, read_number

A_MONTH = " mỗi tháng"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the reckoning: what, how, how much, by which article."""

    label: str
    working: str  # e.g. "2 năm × 1,5 tháng"
    value: str  # ready to read: "3 tháng", "44.980.714 đ"
    basis: str
    is_unsure: bool = False
    exact: Fraction | None = None  # of ``value``, not cut; None where no other line is reckoned from it
    rule: "Rule | None" = None  # how it follows from the lines above

    @property
    def unit(self) -> str:
        """What is counted, with a space before it (years or months); "" for amounts."""
        count, _, counted = self.value.rpartition(" ")
        return f" {counted}" if is_number(count) and counted != "đ" else ""

    def read(self, typed: str) -> Fraction:
        """What stands for the line instead, in đồng or in its unit. Raises ValueError in Vietnamese."""
        text = typed.strip().removesuffix(A_MONTH)
        return read_number(text.removesuffix(self.unit)) if self.unit else Fraction(parse_vnd(text))

    def written(self, value: Fraction) -> str:
        """As the line would show this value."""
        if self.unit:
            return number(value) + self.unit
        return format_vnd(int(value)) + (A_MONTH if self.value.endswith(A_MONTH) else "")


@dataclass(frozen=True, slots=True)
class Term:
    """A number times the values of lines; without lines the number itself."""

    times: Fraction | int
    of: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """The sum of its terms, never less than the sum of ``at_least`` nor more than that of ``at_most``."""

    terms: tuple[Term, ...]
    at_least: tuple[Term, ...] = ()
    at_most: tuple[Term, ...] = ()

    @property
    def sources(self) -> Iterator[Line]:
        for term in (*self.terms, *self.at_least, *self.at_most):
            yield from term.of


@dataclass(frozen=True, slots=True)
class Estimate:
    """``total_vnd`` in đồng, or None with the reason in ``unavailable``. ``answer``: the line it is, or None
    where the total doesn't follow from the lines."""

    lines: tuple[Line, ...] = ()
    total_vnd: int | None = None
    unavailable: str = ""  # "không ước tính được vì …"
    per_month: bool = False  # the total is a monthly amount
    answer: Line | None = None

    @property
    def is_unsure(self) -> bool:
        return any(line.is_unsure for line in self.lines)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """``values``: of the lines that moved because others did, by their place; ``total`` in đồng."""

    values: dict[int, Fraction]
    total: int


def reckon(estimate: Estimate, changed: Mapping[int, Fraction]) -> Reckoned:
    """The estimate with other values on some lines: what follows from them moves, nothing else does.

    Raises ValueError where the total doesn't follow from the lines.
    """
    if estimate.answer is None:
        raise ValueError("the total doesn't follow from the lines")
    place = {id(line): at for at, line in enumerate(estimate.lines)}
    now = {id(line): changed.get(at, line.exact) for at, line in enumerate(estimate.lines)}
    moved = {id(estimate.lines[at]) for at in changed}
    values: dict[int, Fraction] = {}
    for at, line in enumerate(estimate.lines):
        if at in changed or line.rule is None or not moved & {id(one) for one in line.rule.sources}:
            continue
        values[at] = now[id(line)] = _follows(line.rule, now)
        moved.add(id(line))
    total = now[id(estimate.answer)]
    if total is None or id(estimate.answer) not in place:
        raise ValueError("the total isn't one of the lines")
    return Reckoned(values, int(total))


def _follows(rule: Rule, now: Mapping[int, Fraction | None]) -> Fraction:
    value = _sum(rule.terms, now)
    if rule.at_most:
        value = min(value, _sum(rule.at_most, now))
    return max(value, _sum(rule.at_least, now)) if rule.at_least else value


def _sum(terms: tuple[Term, ...], now: Mapping[int, Fraction | None]) -> Fraction:
    return sum(
        (
            term.times * prod((now[id(one)] or Fraction(0) for one in term.of), start=Fraction(1))
            for term in terms
        ),
        Fraction(0),
    )
