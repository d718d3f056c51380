"""The promised limit, the due date, and whether a filing is late."""

from collections.abc import Callable
from datetime import date, timedelta

from portal.lib.vietnamese import format_date
from procedures.domain.answers import relevant_answers
from procedures.domain.conditions import Answers
from procedures.domain.definition import (
    Basis,
    Certainty,
    Deadline,
    FilingLimit,
    Procedure,
    Unit,
)
from procedures.domain.errors import NoDeadline
from procedures.domain.reading import day

IsWorkingDay = Callable[[date], bool]

# A limit in calendar days that ends on a day off ends on the next working day instead.
ENDS_ON_A_WORKING_DAY = Basis("Bộ luật Dân sự 2015", "khoản 5 Điều 148", Certainty.KNOWN)

# No row of days off is longer than this; a calendar that says otherwise is broken.
_LONGEST_WAIT = 60


def promised_limit(procedure: Procedure, answers: Answers) -> Deadline:
    """BHXH's own shorter limit where it was verified, otherwise the statutory one."""
    known = relevant_answers(procedure, answers)
    open_limits = [
        limit for limit in procedure.deadlines if limit.when.holds(known) and not limit.is_later_rule
    ]
    sure = [limit for limit in open_limits if not limit.basis.is_unsure]
    for limits in ([limit for limit in sure if limit.is_service], sure, open_limits):
        if limits:
            return limits[0]
    raise NoDeadline(f"Chưa có thời hạn giải quyết cho thủ tục “{procedure.name}”.")


def due_date(start: date, deadline: Deadline, is_working_day: IsWorkingDay) -> date:
    """The last day of the limit. Days are counted from the day after ``start``, the day the complete
    dossier was received."""
    if deadline.unit is Unit.DAY:
        return _working_day_from(start + timedelta(days=deadline.value), is_working_day)
    last = start
    for _ in range(deadline.value):
        last = _working_day_from(last + timedelta(days=1), is_working_day)
    return last


def _working_day_from(first: date, is_working_day: IsWorkingDay) -> date:
    for wait in range(_LONGEST_WAIT):
        candidate = first + timedelta(days=wait)
        if is_working_day(candidate):
            return candidate
    raise NoDeadline("Lịch ngày làm việc chưa có ngày làm việc nào sau ngày " + format_date(first))


def last_filing_day(limit: FilingLimit, answers: Answers) -> date | None:
    """The last day for filing in time, or None where the law sets none or the date isn't given."""
    since = day(answers, limit.since) if limit.since else None
    if since is None or limit.days is None:
        return None
    return since + timedelta(days=limit.days)


def is_late(limit: FilingLimit, answers: Answers, filed_on: date) -> bool:
    last = last_filing_day(limit, answers)
    return last is not None and filed_on > last
