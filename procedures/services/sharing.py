"""Chia việc: a head of office deals open dossiers out anew in one act: an absent officer's, nobody's, or
those of whoever has too many."""

import heapq
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Role, User
from procedures.domain.errors import DomainError, NotAllowed
from procedures.models import Dossier, HandOver
from procedures.selectors.board import loads_of
from procedures.selectors.holding import HAS_LAPSED, IS_HELD, NOBODYS
from procedures.services.assignment import WORKED_ON

MOST = 2_000  # dossiers of one act, the most urgent first
NOBODY = None


@dataclass(frozen=True, slots=True)
class Shared:
    moved: int
    in_use: int  # left where they are: somebody is working on them this moment


def share_out(head: User, *, sources: Collection[int | None], targets: Sequence[User], reason: str) -> Shared:
    """Deal the dossiers of ``sources`` (ids of officers, None for nobody's) out to ``targets``, each time to
    who has fewest. Those somebody is working on this moment stay.

    Raises DomainError, naming the question; NotAllowed for anybody but a head of office.
    """
    if head.role != Role.HEAD or head.office_id is None:
        raise NotAllowed(_("Chỉ lãnh đạo cơ quan chia lại việc."))
    _require_sound(head, sources, targets, reason)
    with transaction.atomic():
        rows = list(_to_deal(head, sources))
        waiting = [row for row in rows if not getattr(row, "is_held", False)]
        dealt = _dealt(head, waiting, targets)
        _write(head, dealt, reason.strip())
    return Shared(sum(len(theirs) for theirs in dealt.values()), len(rows) - len(waiting))


def _require_sound(head: User, sources: Collection[int | None], targets: Sequence[User], reason: str) -> None:
    if not sources:
        raise DomainError(_("Xin chọn ít nhất một người đang có việc, hoặc việc chưa ai giữ."), "sources")
    if not targets:
        raise DomainError(_("Xin chọn ít nhất một người nhận việc."), "targets")
    if any(not one.is_officer or not one.is_active or one.office_id != head.office_id for one in targets):
        raise DomainError(_("Người nhận phải là cán bộ đang làm việc của cơ quan này."), "targets")
    if not reason.strip():
        raise DomainError(_("Xin ghi lý do để các cán bộ biết."), "reason")


def _to_deal(head: User, sources: Collection[int | None]) -> QuerySet[Dossier]:
    officers = [source for source in sources if source is not NOBODY]
    theirs = Q(assignee__in=officers) & ~HAS_LAPSED
    wanted = theirs | NOBODYS if NOBODY in sources else theirs
    rows = Dossier.objects.select_for_update(of=("self",)).filter(
        wanted, office_id=head.office_id, status__in=sorted(WORKED_ON), queued_at__isnull=False
    )
    light = rows.annotate(is_held=IS_HELD).only("pk", "assignee_id", "due_on", "held_until")
    return light.order_by("due_order", "pk")[:MOST]


def _dealt(head: User, rows: Sequence[Dossier], targets: Sequence[User]) -> dict[int, list[Dossier]]:
    """The dossiers that change hands, by who gets them: the most urgent first, to who has fewest."""
    loads = loads_of(head, list(targets))
    for row in rows:
        if row.assignee_id in loads and row.held_until is None:
            loads[row.assignee_id] -= 1  # dealt anew
    heap = [(load, pk) for pk, load in sorted(loads.items())]
    heapq.heapify(heap)
    dealt: dict[int, list[Dossier]] = defaultdict(list)
    for row in rows:
        load, pk = heap[0]
        heapq.heapreplace(heap, (load + 1, pk))
        if row.assignee_id != pk or row.held_until is not None:
            dealt[pk].append(row)
    return dealt


def _write(head: User, dealt: dict[int, list[Dossier]], reason: str) -> None:
    for officer_id, rows in dealt.items():
        HandOver.objects.bulk_create(
            HandOver(
                dossier=row,
                kind=HandOver.Kind.ASSIGN,
                by=head,
                from_officer_id=row.assignee_id,
                to_officer_id=officer_id,
                reason=reason[:500],
                due_on=row.due_on,
            )
            for row in rows
        )
        Dossier.objects.filter(pk__in=[row.pk for row in rows]).update(
            assignee_id=officer_id, held_until=None
        )
