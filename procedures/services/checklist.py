"""Kiểm tra hồ sơ: an officer marks the items of the check-list, and that what was asked for is cured."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import User
from procedures.domain.checklist import STEP, Item
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import Status
from procedures.models import CheckMark, Dossier
from procedures.selectors.checklist import CheckList, check_list_of
from procedures.selectors.queue import with_signed_answers
from procedures.services import assignment
from procedures.services.lifecycle import locked, require_unchanged

LONGEST_REMARK = 2000  # characters


@dataclass(frozen=True, slots=True)
class Marked:
    """What an officer says of one item."""

    code: str
    verdict: str
    remark: str = ""
    questions: Sequence[str] = field(default_factory=tuple)


def mark(dossier: Dossier, officer: User, marks: Sequence[Marked], *, seen: int | None = None) -> int:
    """Keep the marks that differ from those that count; returns how many. ``seen``: see require_unchanged.

    Raises DomainError for an item the dossier doesn't have or a defect nobody could put right from its
    words, NotHeld, NotAllowed.
    """
    with transaction.atomic():
        fresh = locked(dossier)
        require_unchanged(fresh, seen)
        if fresh.status != Status.QUEUED:
            raise NotAllowed("Hồ sơ này không ở bước kiểm tra.")
        assignment.require_lease(fresh, officer)
        fresh = with_signed_answers(fresh)
        current = check_list_of(fresh)
        items = {check.item.code: check.item for check in (*current.checks, *current.asked)}
        number = fresh.filings.latest("number").number
        rows = [
            CheckMark(
                dossier=fresh,
                filing_number=number,
                item=one.code,
                verdict=one.verdict,
                remark=one.remark.strip(),
                questions=list(one.questions),
                by=officer,
            )
            for one in marks
            if _require_clear(one, items) and _is_news(one, current)
        ]
        CheckMark.objects.bulk_create(rows)
    return len(rows)


def require_cured(dossier: Dossier) -> None:
    """That somebody confirmed of everything asked for earlier that it is cured now. Raises DomainError."""
    uncured = check_list_of(dossier).uncured
    if uncured:
        names = "; ".join(item.title for item in uncured)
        raise DomainError(
            f"Chưa xác nhận đã khắc phục: {names}. Mở “Kiểm tra hồ sơ” để xác nhận từng điều đã yêu cầu."
        )


def _require_clear(one: Marked, items: dict[str, Item]) -> bool:
    item = items.get(one.code)
    if item is None or one.verdict not in CheckMark.Verdict.values:
        raise DomainError("Có mục không thuộc danh mục kiểm tra của hồ sơ này.")
    if len(one.remark) > LONGEST_REMARK:
        raise DomainError("Nhận xét quá dài.")
    if set(one.questions) - {question.name for question in item.questions}:
        raise DomainError("Có mục khai không thuộc bước này.")
    if one.verdict != CheckMark.Verdict.DEFECT:
        return True
    if not one.remark.strip():
        raise DomainError(f"Xin ghi nhận xét cho “{item.title}”: thiếu hoặc sai ở đâu.")
    if item.kind == STEP and not one.questions:
        raise DomainError(f"Xin chọn mục khai chưa đạt trong “{item.title}”.")
    return True


def _is_news(one: Marked, current: CheckList) -> bool:
    """An item left alone is no mark; the same mark once more (a double click) isn't one either."""
    before = current.mark_of(one.code)
    if before is None:
        return one.verdict != CheckMark.Verdict.OPEN or bool(one.remark.strip())
    return (before.verdict, before.remark, before.questions) != (
        one.verdict,
        one.remark.strip(),
        list(one.questions),
    )
