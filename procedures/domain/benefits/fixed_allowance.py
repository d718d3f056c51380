"""P6, the allowances of Decisions 91/2000 and 613: fixed amounts, raised with every pension raise."""

from datetime import date
from fractions import Fraction

from portal.lib.money import format_vnd
from portal.lib.vietnamese import format_date
from procedures.domain import reading
from procedures.domain.benefits.survivors import funeral_line
from procedures.domain.conditions import Answers
from procedures.domain.errors import NoEstimate
from procedures.domain.estimate import Estimate, Line
from procedures.domain.parameters import Amount
from procedures.domain.sources import UNSURE, circular_59, decision_91, decision_613

STARTING_LEVELS = {
    "qd91": Amount(date(2000, 7, 1), 100_000, decision_91("Điều 1")),
    "qd613": Amount(date(2010, 5, 1), 464_267, decision_613("", UNSURE)),
    "qd613_thuong_binh": Amount(date(2010, 5, 1), 464_267, decision_613("", UNSURE)),
}

_LEVEL_UNKNOWN = (
    "Không ước tính được mức đang áp dụng: mức này tăng theo mỗi lần tăng lương hưu, "
    "cổng chưa kiểm chứng được mức sau lần tăng gần nhất."
)

# Decree 162/2026, from 01/07/2026: 8 % for everyone, then a floor for those who left before 1995.
_RAISE_2026 = Fraction(108, 100)
_LOW_2026 = 3_500_000
_ADDED_2026 = 300_000
_FLOOR_2026 = 3_800_000


def starting_level(decision: str) -> Amount | None:
    """What the decision granted at its beginning, before any raise."""
    return STARTING_LEVELS.get(decision)


def raised_in_2026(june: int) -> int:
    """The level from 01/07/2026 of someone who drew ``june`` đồng in June 2026."""
    raised = int(june * _RAISE_2026)
    if raised <= _LOW_2026:
        return raised + _ADDED_2026
    return max(raised, _FLOOR_2026)


def estimate(answers: Answers, day: date) -> Estimate:
    try:
        return _estimate(answers)
    except NoEstimate as reason:
        return Estimate(unavailable=reason.message)


def _estimate(answers: Answers) -> Estimate:
    reason = reading.text(answers, "reason")
    if reason == "mai_tang":
        died = reading.day(answers, "death_date")
        if died is None:
            raise NoEstimate("Chưa ước tính được vì chưa có ngày mất.", "death_date")
        line, amount = funeral_line(died, circular_59("khoản 3 Điều 24"))
        return Estimate((line,), amount, answer=line)
    start = starting_level(reason)
    if start is None:
        raise NoEstimate("Chưa ước tính được vì chưa chọn trường hợp.", "reason")
    line = Line(
        f"Mức lúc bắt đầu, từ {format_date(start.since)}",
        "mỗi tháng, sau đó tăng theo các lần tăng lương hưu",
        format_vnd(start.vnd),
        str(start.basis),
        start.basis.is_unsure,
    )
    return Estimate((line,), None, _LEVEL_UNKNOWN, per_month=True)
