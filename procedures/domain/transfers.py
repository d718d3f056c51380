"""Who pays while a pension moves: the sending office until it is accepted, never both, never nobody
unless an exception is open for somebody to settle.

Months are whole numbers (``month_number``), so that the month after December is no special case.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from procedures.domain.errors import DomainError


class State(StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    TIMED_OUT = "timed_out"
    DROPPED = "dropped"  # the filer withdrew


class Payer(StrEnum):
    ORIGIN = "origin"
    DESTINATION = "destination"


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Move:
    """One hand over of payment. ``last_month``: the last the origin pays if it is accepted."""

    last_month: int
    state: State = State.SENT
    first_month: int | None = None  # the first the destination pays
    exception: str = ""  # why there are months nobody paid, to be paid afterwards

    def payers_of(self, month: int, now: int) -> set[Payer]:
        """Who has paid or pays a month, seen in month ``now``."""
        if self.state in (State.RETURNED, State.TIMED_OUT, State.DROPPED) or month <= self.last_month:
            return {Payer.ORIGIN}
        if self.state is State.ACCEPTED and self.first_month is not None and month >= self.first_month:
            return {Payer.DESTINATION}
        return set() if month <= now else {Payer.ORIGIN}

    def has_open_exception(self, now: int) -> bool:
        """Whether somebody must see to it that months without a payer are paid."""
        if self.state is State.SENT:
            return now > self.last_month
        return bool(self.exception)


def accept(move: Move, first_month: int, exception: str = "") -> Move:
    """The destination takes over. Raises DomainError for two payers, or a gap nobody answers for."""
    _require_sent(move)
    if first_month <= move.last_month:
        raise DomainError(
            "Tháng bắt đầu trả phải sau tháng cuối nơi đi đã trả, để không hai nơi cùng trả.",
            question="first_month",
        )
    is_gap = first_month > move.last_month + 1
    if is_gap and not exception.strip():
        raise DomainError(
            "Có tháng không nơi nào trả. Xin ghi ai truy trả những tháng đó, theo giấy tờ nào.",
            question="exception",
        )
    return replace(
        move, state=State.ACCEPTED, first_month=first_month, exception=exception.strip() if is_gap else ""
    )


def give_back(move: Move, *, is_timed_out: bool = False) -> Move:
    """The origin goes on paying, also for the months since."""
    _require_sent(move)
    return replace(move, state=State.TIMED_OUT if is_timed_out else State.RETURNED)


def _require_sent(move: Move) -> None:
    if move.state is not State.SENT:
        raise DomainError("Lần chuyển này đã có trả lời.")
