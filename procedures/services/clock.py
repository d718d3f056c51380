"""Đồng hồ giải quyết: the one place a due date comes from.

``keep`` brings ``dossier.due_on`` in line with the rows: when the dossier was complete, its pauses, the
recorded outages and an apology. Receipt, queue, time line and boards show ``dossier.due_on`` and reckon
nothing themselves (docs/decisions/0051).
"""

from collections.abc import Iterator
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from accounts.models import Role, User
from portal.lib import working_days
from portal.lib.vietnamese import format_date
from procedures.domain.clock import Stop, counted_days, due_date
from procedures.domain.definition import Unit
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import OPEN, PAUSED, Status
from procedures.models import Breach, Clock, ClockPause, Dossier, Outage, PaperOriginal
from procedures.selectors.definitions import procedure_of
from procedures.services import calendar
from procedures.services.lifecycle import note

EXTENDED = "clock_extended"  # kinds of history entries; the status doesn't change
BREACHED = "breached"
BATCH = 500
LONGEST_OUTAGE = 60  # days

_OWNERS = {
    ClockPause.Reason.SUPPLEMENT: ClockPause.Owner.FILER,
    ClockPause.Reason.PAPER: ClockPause.Owner.FILER,
    ClockPause.Reason.TRANSFER: ClockPause.Owner.OFFICE_ELSEWHERE,
}


def keep(dossier: Dossier, *, complete_on: date | None = None) -> None:
    """Bring pauses and due date of a dossier locked by the caller in line with its rows and status.

    The clock begins the first time nothing is awaited (Luật 58/2014: "kể từ ngày nhận đủ hồ sơ"). After
    a pause the days that were left go on. ``complete_on``: the day the last paper came, when it was recorded
    later; it counts from that day.
    """
    wanted = set(_reasons(dossier))
    standing = set(dossier.pauses.filter(ended_at__isnull=True).values_list("reason", flat=True))
    for reason in wanted:
        _pause(dossier, reason)
    for reason in ClockPause.Reason:
        if reason in standing - wanted:
            _resume(dossier, reason, complete_on if reason == ClockPause.Reason.PAPER else None)
    if not wanted and not Clock.objects.filter(dossier=dossier).exists():
        _begin(dossier, complete_on or timezone.localdate())
    due = None if wanted else due_on(dossier)
    Dossier.objects.filter(pk=dossier.pk).update(due_on=due)
    dossier.due_on = due


def begin_anew(dossier: Dossier) -> None:
    """A whole new limit from today, for a dossier locked by the caller that is settled once more."""
    Clock.objects.filter(dossier=dossier).delete()
    _begin(dossier, timezone.localdate())
    keep(dossier)


def stop(dossier: Dossier) -> None:
    """The dossier is settled: nothing is awaited any more."""
    dossier.pauses.filter(ended_at__isnull=True).update(ended_at=Now())


def due_on(dossier: Dossier) -> date | None:
    """The due date by the rows, as if nothing were awaited; None for a dossier whose clock hasn't begun."""
    clock = Clock.objects.filter(dossier=dossier).first()
    if clock is None:
        return None
    corrections = calendar.overrides()
    stops = [*_pauses(dossier), *(Stop(outage.first, outage.last) for outage in Outage.objects.all())]
    return due_date(
        clock.counted_from,
        clock.days,
        Unit(clock.unit),
        lambda day: working_days.is_working_day(day, corrections),
        stops,
    )


def set_anew(dossier: Dossier, new_due_on: date) -> None:
    """Count from today to a new day, in working days: later pauses and outages move it like any other.

    Raises DomainError for a day nobody works on or that isn't later.
    """
    corrections = calendar.overrides()
    today = timezone.localdate()
    if new_due_on <= max(today, dossier.due_on or today):
        raise DomainError("Ngày hẹn mới phải sau hôm nay và sau ngày hẹn cũ.", question="new_due_on")
    if not working_days.is_working_day(new_due_on, corrections):
        raise DomainError("Ngày hẹn mới phải là ngày làm việc.", question="new_due_on")
    days = counted_days(today, new_due_on, lambda day: working_days.is_working_day(day, corrections))
    Clock.objects.update_or_create(
        dossier=dossier, defaults={"counted_from": today, "days": days, "unit": Unit.WORKING_DAY}
    )
    keep(dossier)


# --- outages --------------------------------------------------------------------------------------


def record_outage(hq: User, *, first: date, last: date, reason: str) -> Outage:
    """Days on which the system stood still, for all offices. Due dates follow with ``keep_all``.

    Raises DomainError for days that are absurd, NotAllowed for anybody but the headquarters.
    """
    if hq.role != Role.HQ:
        raise NotAllowed("Chỉ BHXH Việt Nam ghi nhận sự cố hệ thống.")
    if last < first:
        raise DomainError("Ngày cuối phải từ ngày đầu trở đi.", question="last")
    if first > timezone.localdate() or (last - first).days >= LONGEST_OUTAGE:
        raise DomainError(
            f"Sự cố không bắt đầu sau hôm nay và không quá {LONGEST_OUTAGE} ngày.", question="first"
        )
    if not reason.strip():
        raise DomainError("Xin ghi sự cố gì, theo thông báo nào.", question="reason")
    return Outage.objects.create(first=first, last=last, reason=reason.strip(), recorded_by=hq)


def keep_all() -> int:
    """What has to be done whether anybody comes or not: new outages move due dates, and what is overdue is
    told to the heads. Safe to run twice and at once. Returns how many dossiers were touched."""
    touched = 0
    for outage in Outage.objects.filter(applied_at__isnull=True):
        touched += sum(_extend(batch, outage) for batch in _spanned_by(outage))
        Outage.objects.filter(pk=outage.pk).update(applied_at=Now())
    return touched + _find_breaches()


def _spanned_by(outage: Outage) -> Iterator[list[int]]:
    """Ids of open dossiers whose time spans the outage, in batches; dossiers due later as well, since they
    may be due in the days just behind it."""
    after = 0
    open_ones = Dossier.objects.filter(status__in=sorted(OPEN), due_on__gte=outage.first, clock__isnull=False)
    while batch := list(open_ones.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield batch
        after = batch[-1]


def _extend(batch: list[int], outage: Outage) -> int:
    moved = 0
    with transaction.atomic():
        for dossier in Dossier.objects.select_for_update().filter(pk__in=batch).order_by("pk"):
            before = dossier.due_on
            keep(dossier)
            if before != dossier.due_on and dossier.due_on is not None:
                detail = {"outage": outage.pk, "due_on": dossier.due_on.isoformat()}
                note(dossier, EXTENDED, detail=detail)
                moved += 1
    return moved


# --- overdue --------------------------------------------------------------------------------------


def _find_breaches() -> int:
    """Tell the heads of dossiers that went overdue. Nothing is taken from whoever works on them."""
    late = Dossier.objects.filter(
        status__in=[Status.QUEUED, Status.PROPOSED], due_on__lt=timezone.localdate()
    )
    told = Breach.objects.filter(dossier=OuterRef("pk"), due_on=OuterRef("due_on"))
    found = 0
    for pk in list(late.exclude(Exists(told)).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            dossier = Dossier.objects.select_for_update().select_related("filer").get(pk=pk)
            due = dossier.due_on
            if due is None or Breach.objects.filter(dossier=dossier, due_on=due).exists():
                continue
            Breach.objects.create(dossier=dossier, due_on=due, draft=_draft(dossier))
            note(dossier, BREACHED, detail={"due_on": due.isoformat()})
            found += 1
    return found


def _draft(dossier: Dossier) -> str:
    due = format_date(dossier.due_on) if dossier.due_on else ""
    return (
        f"Cơ quan BHXH đã hẹn trả kết quả hồ sơ {dossier.reference} vào ngày {due} nhưng chưa giải quyết xong. "
        "Chúng tôi xin lỗi ông/bà về sự chậm trễ này."
    )


# --- pauses ---------------------------------------------------------------------------------------


def _reasons(dossier: Dossier) -> Iterator[ClockPause.Reason]:
    """Why the clock has to stand now."""
    if dossier.status in PAUSED:
        yield ClockPause.Reason.SUPPLEMENT
    if dossier.status == Status.TRANSFERRING:
        yield ClockPause.Reason.TRANSFER
    if PaperOriginal.objects.expected().filter(dossier=dossier).exists():
        yield ClockPause.Reason.PAPER


def _pause(dossier: Dossier, reason: ClockPause.Reason) -> None:
    pause = ClockPause(dossier=dossier, reason=reason, owner=_OWNERS[reason])
    ClockPause.objects.bulk_create([pause], ignore_conflicts=True)


def _resume(dossier: Dossier, reason: ClockPause.Reason, on: date | None) -> None:
    """End an open pause now, or with the day the paper came; never before it began."""
    open_ones = dossier.pauses.filter(reason=reason, ended_at__isnull=True)
    if on is None or on == timezone.localdate():
        open_ones.update(ended_at=Now())
    else:
        end_of_day = timezone.make_aware(datetime.combine(on, time.max))
        open_ones.update(ended_at=Greatest(F("began_at"), Value(end_of_day)))


def _begin(dossier: Dossier, complete_on: date) -> None:
    limit = calendar.limit_of(procedure_of(dossier), dossier)
    Clock.objects.create(dossier=dossier, counted_from=complete_on, days=limit.value, unit=limit.unit)


def _pauses(dossier: Dossier) -> Iterator[Stop]:
    for pause in dossier.pauses.filter(ended_at__isnull=False):
        if pause.ended_at is not None:
            yield Stop.pause(timezone.localdate(pause.began_at), timezone.localdate(pause.ended_at))
