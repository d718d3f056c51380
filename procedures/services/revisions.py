"""Tính lại: an officer departs from the estimate made at filing, line by line, each with a reason. What
follows from those lines, and the amount, is reckoned by the portal (docs/decisions/0111).

The estimate itself is never touched. A proposal keeps the revision it was made from, and so does its
decision, so what the filer is told explains every line that differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db import transaction

from accounts.models import User
from portal.lib.money import format_vnd, parse_vnd
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.estimate import Estimate, reckon
from procedures.domain.lifecycle import Status
from procedures.models import Dossier, EstimateRevision
from procedures.selectors.revisions import TOTAL, current_revision
from procedures.services import assignment, estimates
from procedures.services.decisions import MAX_AMOUNT
from procedures.services.lifecycle import locked, require_unchanged

LONGEST_VALUE, LONGEST_REASON = 60, 500  # characters
FOLLOWS = "Cổng tính lại từ các dòng đã sửa."  # the reason of a line nobody typed


@dataclass(frozen=True, slots=True)
class LineChange:
    """``line``: its place in the estimate, or None for the amount where it doesn't follow from the lines."""

    line: int | None
    after: str
    reason: str


def revise(
    dossier: Dossier, officer: User, changes: Sequence[LineChange], *, seen: int | None = None
) -> EstimateRevision:
    """Keep these changes instead of the earlier ones; none at all goes back to the estimate. ``seen``: see
    require_unchanged.

    Raises DomainError (at the field value_<line>, reason_<line>) for a line the estimate doesn't have, money
    that isn't an amount, or a change without a reason; NotHeld, NotAllowed.
    """
    with transaction.atomic():
        fresh = locked(dossier)
        require_unchanged(fresh, seen)
        if fresh.status != Status.QUEUED or not fresh.estimate:
            raise NotAllowed("Hồ sơ này không có ước tính để tính lại, hoặc không còn ở bước xem xét.")
        assignment.require_lease(fresh, officer)
        lines, total = _lines(fresh, changes)
        before = current_revision(fresh)
        if (before.lines if before else []) == lines and before is not None:
            return before
        return EstimateRevision.objects.create(dossier=fresh, lines=lines, total_vnd=total, by=officer)


def is_reckoned(dossier: Dossier) -> bool:
    """Whether the portal reckons the amount of this dossier from its lines."""
    estimate = estimates.filed_estimate(dossier)
    return estimate is not None and estimate.answer is not None


def _lines(dossier: Dossier, changes: Sequence[LineChange]) -> tuple[list[dict[str, object]], int | None]:
    """What was changed, and what follows from it with the amount; None for one that stays as it was."""
    kept = dossier.estimate or {}
    estimate = estimates.filed_estimate(dossier)
    if estimate is None or estimate.answer is None:
        lines = [_line(kept, change) for change in changes]
        amounts = [str(line["after"]) for line in lines if line["line"] is None]
        return lines, parse_vnd(amounts[0]) if amounts else None
    if any(change.line is None for change in changes):
        raise DomainError("Cổng tính số tiền từ các dòng: xin sửa dòng khác với ước tính.")
    changed, lines = {}, []
    for change in changes:
        line = _line(kept, change)
        if (value := _value(estimate, change)) is not None and change.line is not None:
            changed[change.line] = value
            line["after"] = estimate.lines[change.line].written(value)
        lines.append(line)
    if not changed:
        return lines, None
    reckoned = reckon(estimate, changed)
    _require_possible(reckoned.total)
    for at, value in reckoned.values.items():
        source = estimate.lines[at]
        follows = {"line": at, "label": source.label, "before": source.value, "after": source.written(value)}
        lines.append({**follows, "reason": FOLLOWS, "follows": True})
    return lines, reckoned.total


def _value(estimate: Estimate, change: LineChange) -> Fraction | None:
    """What stands on the line now; None for a line of words, which nothing follows from."""
    if change.line is None or estimate.lines[change.line].exact is None:
        return None
    try:
        return estimate.lines[change.line].read(change.after)
    except ValueError as error:
        raise DomainError(str(error), question=f"value_{change.line}") from error


def _require_possible(total: int) -> None:
    if total > MAX_AMOUNT:
        raise DomainError("Số tiền quá lớn: hãy kiểm tra lại các chữ số.")


def _line(estimate: dict[str, object], change: LineChange) -> dict[str, object]:
    label, before, name = _original(estimate, change.line)
    reason = change.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise DomainError("Xin ghi lý do thay đổi dòng này.", question=f"reason_{name}")
    after = change.after.strip()
    if not after or len(after) > LONGEST_VALUE:
        raise DomainError("Xin ghi giá trị mới của dòng này.", question=f"value_{name}")
    if change.line is None or is_money(before):
        after = _money(after, name)
    return {"line": change.line, "label": label, "before": before, "after": after, "reason": reason}


def _original(estimate: dict[str, object], line: int | None) -> tuple[str, str, str]:
    """Label, value, and how the field is called."""
    if line is None:
        total = estimate.get("total_vnd")
        return TOTAL, format_vnd(total) if isinstance(total, int) else "", "total"
    lines = estimate.get("lines")
    if not isinstance(lines, list) or not 0 <= line < len(lines):
        raise DomainError("Ước tính của hồ sơ này không có dòng đó.")
    return str(lines[line]["label"]), str(lines[line]["value"]), str(line)


def is_money(value: str) -> bool:
    """Whether a line of the estimate is an amount, so what replaces it has to be one."""
    return value.endswith(" đ")


def _money(typed: str, name: str) -> str:
    try:
        amount = parse_vnd(typed)
    except ValueError as error:
        raise DomainError(str(error), question=f"value_{name}") from error
    if amount > MAX_AMOUNT:
        raise DomainError("Số tiền quá lớn: hãy kiểm tra lại các chữ số.", question=f"value_{name}")
    return format_vnd(amount)
