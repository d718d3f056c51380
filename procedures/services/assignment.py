"""Nhận, trả lại, bàn giao, tiếp quản: who works on a dossier now.

Holding a dossier is a lease: ``assignee`` until ``held_until``, by the database's clock, longer with
every page and act. A lease that ran out is as if there were none. ``held_until`` None with an assignee
is work that was given to somebody who hasn't begun: others come to it by taking over only.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Role, User
from portal.lib.vietnamese import format_date
from procedures.domain.errors import DomainError, NotAllowed, NotHeld
from procedures.domain.lifecycle import OPEN, Status
from procedures.models import Dossier, HandOver
from procedures.selectors.holding import IS_HELD, NOBODYS

WORKED_ON = OPEN - {Status.PROPOSED, Status.TRANSFERRING}  # the others wait for somebody else
LEASE = timedelta(minutes=30)
RENEWED_AFTER = timedelta(minutes=5)  # a page renews a lease that is at least so old, not at every click


def take(dossier: Dossier, officer: User) -> None:
    """Begin to work on a dossier that is nobody's, or go on with the own one.

    Raises NotHeld when somebody else has it, NotAllowed when there is nothing to do.
    """
    with transaction.atomic():
        fresh = _locked(dossier, officer)
        is_held = bool(getattr(fresh, "is_held", False))
        is_own = fresh.assignee_id == officer.pk
        if not is_own and fresh.assignee_id is not None and (is_held or fresh.held_until is None):
            raise NotHeld(words_of_holder(fresh))
        before = fresh.assignee
        was_held = is_own and is_held
        _hold(fresh, officer)
        if not was_held:
            _note(HandOver.Kind.TAKE, fresh, by=officer, before=before, after=officer)


def take_next(officer: User) -> Dossier | None:
    """Take the most urgent dossier of the office that nobody has: work given to this officer first.
    Officers who ask at once get different ones. None when there is nothing."""
    with transaction.atomic():
        fresh = _next(officer)
        if fresh is None:
            return None
        before = fresh.assignee
        _hold(fresh, officer)
        _note(HandOver.Kind.TAKE, fresh, by=officer, before=before, after=officer)
        return fresh


def release(dossier: Dossier, officer: User) -> None:
    """Put the dossier back for anybody. Raises NotHeld when it is somebody else's."""
    with transaction.atomic():
        fresh = _locked(dossier, officer)
        if fresh.assignee_id != officer.pk:
            raise NotHeld(words_of_holder(fresh))
        _give(fresh, None)
        _note(HandOver.Kind.RELEASE, fresh, by=officer, before=officer, after=None)


def hand_over(dossier: Dossier, officer: User, *, to: User, reason: str = "") -> None:
    """Give the own dossier to a colleague, who is told.

    Raises NotHeld when it isn't the officer's, DomainError when the colleague can't have it.
    """
    with transaction.atomic():
        fresh = _locked(dossier, officer)
        if fresh.assignee_id != officer.pk:
            raise NotHeld(words_of_holder(fresh))
        _require_colleague(fresh, to)
        if to.pk == officer.pk:
            raise DomainError("Xin chọn một cán bộ khác.", question="to")
        _give(fresh, to)
        _note(HandOver.Kind.HAND_OVER, fresh, by=officer, before=officer, after=to, reason=reason)


def take_over(dossier: Dossier, officer: User, *, reason: str) -> None:
    """Take a dossier somebody else has, who is told by whom and why. Raises DomainError without a reason."""
    if not reason.strip():
        raise DomainError("Xin ghi lý do tiếp quản để đồng nghiệp biết.", question="reason")
    with transaction.atomic():
        fresh = _locked(dossier, officer)
        before = fresh.assignee
        if before is None or before.pk == officer.pk:
            raise NotAllowed("Không ai khác đang giữ hồ sơ này.")
        _hold(fresh, officer)
        _note(HandOver.Kind.TAKE_OVER, fresh, by=officer, before=before, after=officer, reason=reason)


def assign(dossiers: Sequence[Dossier], head: User, *, to: User | None, reason: str = "") -> int:
    """A head of office gives work to somebody, or back to the queue; returns how many dossiers moved."""
    if head.role != Role.HEAD:
        raise NotAllowed("Chỉ lãnh đạo cơ quan phân công lại hồ sơ.")
    with transaction.atomic():
        rows = Dossier.objects.select_for_update(of=("self",)).select_related("assignee")
        chosen = rows.filter(
            pk__in=[one.pk for one in dossiers], office_id=head.office_id, status__in=sorted(OPEN)
        )
        moved = [fresh for fresh in chosen.order_by("pk") if fresh.assignee_id != (to.pk if to else None)]
        for fresh in moved:
            if to is not None:
                _require_colleague(fresh, to)
            before = fresh.assignee
            _give(fresh, to)
            _note(HandOver.Kind.ASSIGN, fresh, by=head, before=before, after=to, reason=reason)
    return len(moved)


def give_back(dossier: Dossier, officer: User, *, by: User, reason: str) -> None:
    """Make a dossier locked by the caller somebody's next work, and say so."""
    before = dossier.assignee if dossier.assignee_id != officer.pk else None
    _give(dossier, officer)
    _note(HandOver.Kind.ASSIGN, dossier, by=by, before=before, after=officer, reason=reason[:500])


def renew(dossier: Dossier, officer: User) -> None:
    """Another half hour, as long as the lease hasn't run out. Costs nothing for those who hold nothing."""
    if dossier.assignee_id != officer.pk or dossier.held_until is None:
        return
    Dossier.objects.filter(
        pk=dossier.pk,
        assignee=officer,
        held_until__gt=Now(),
        held_until__lt=Now() + Value(LEASE - RENEWED_AFTER),
    ).update(held_until=Now() + Value(LEASE))


def require_lease(dossier: Dossier, officer: User) -> None:
    """That the officer holds the dossier, which the caller has locked; the act renews the lease.

    Raises NotHeld, with who has it now and since when.
    """
    own = Dossier.objects.filter(pk=dossier.pk, assignee=officer, held_until__gt=Now())
    if not own.update(held_until=Now() + Value(LEASE)):
        raise NotHeld(words_of_holder(Dossier.objects.select_related("assignee").get(pk=dossier.pk)))


def let_go(dossier: Dossier) -> None:
    """End the lease with an act that ends the officer's part; who worked on it stays known."""
    Dossier.objects.filter(pk=dossier.pk).update(held_until=None)


def words_of_holder(dossier: Dossier) -> str:
    """Who has the dossier, and since or until when."""
    holder, until = dossier.assignee, dossier.held_until
    last = dossier.hand_overs.order_by("-pk").first()
    since = f", từ {_moment(last.at)}" if last else ""
    if holder is None:
        return "Chưa ai nhận hồ sơ này. Bấm “Nhận xử lý” trước khi ghi."
    if until is None:
        return f"Hồ sơ đã giao cho {holder.full_name}{since}."
    if until <= timezone.now():
        ended = f"{holder.full_name} thôi giữ hồ sơ từ {_moment(until)} (30 phút không thao tác)."
        return f"{ended} Bấm “Nhận xử lý” để nhận lại."
    return f"Hồ sơ đang do {holder.full_name} giữ{since}."


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%H:%M} ngày {format_date(local)}"


def _locked(dossier: Dossier, officer: User) -> Dossier:
    """The dossier of the officer's own office as it stands now, locked; ``is_held`` by the database's clock."""
    rows = (
        Dossier.objects.select_for_update(of=("self",)).select_related("assignee").annotate(is_held=IS_HELD)
    )
    fresh = rows.get(pk=dossier.pk)
    if not officer.is_officer or fresh.office_id != officer.office_id or fresh.status not in WORKED_ON:
        raise NotAllowed("Hồ sơ này không còn chờ cơ quan xử lý.")
    return fresh


def _next(officer: User) -> Dossier | None:
    """The most urgent free dossier, locked; those another officer is taking this moment are passed over."""
    if not officer.is_officer or officer.office_id is None:
        return None
    waiting = (
        Dossier.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("assignee")
        .filter(office_id=officer.office_id, queued_at__isnull=False, status=Status.QUEUED)
        .order_by("due_order", "pk")
    )
    given = waiting.filter(assignee=officer, held_until__isnull=True)
    return given.first() or waiting.filter(NOBODYS).first()


def _hold(dossier: Dossier, officer: User) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(assignee=officer, held_until=Now() + Value(LEASE))
    dossier.assignee = officer


def _give(dossier: Dossier, officer: User | None) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(assignee=officer, held_until=None)
    dossier.assignee = officer


def _require_colleague(dossier: Dossier, officer: User) -> None:
    if not officer.is_officer or not officer.is_active or officer.office_id != dossier.office_id:
        raise DomainError("Người nhận phải là cán bộ xử lý của cơ quan này.", question="to")


def _note(
    kind: HandOver.Kind,
    dossier: Dossier,
    *,
    by: User,
    before: User | None,
    after: User | None,
    reason: str = "",
) -> None:
    HandOver.objects.create(
        dossier=dossier,
        kind=kind,
        by=by,
        from_officer=before,
        to_officer=after,
        reason=reason.strip(),
        due_on=dossier.due_on,
    )
