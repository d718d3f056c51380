"""What a head of office sees at a glance: the office's open dossiers by age, holder and procedure, and how
many results came in time."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Avg, BigIntegerField, Case, CharField, Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import User
from accounts.selectors.offices import reach_of
from procedures.domain.lifecycle import DECIDED, OPEN
from procedures.models import Complaint, Dossier, Rating
from procedures.selectors.holding import HAS_LAPSED, NOBODYS
from procedures.selectors.queue import SOON_DAYS, Age

RECENT = 1_000  # results looked at: the share of those in time costs the same in a big office and a small one
MOST_LATE = 100  # of them listed


@dataclass(frozen=True, slots=True)
class OpenWork:
    """How many open dossiers there are, by age band, for each holder (None: nobody's) and procedure."""

    by_holder: dict[int | None, Counter[str]]
    by_procedure: dict[str, Counter[str]]

    @property
    def by_age(self) -> Counter[str]:
        return sum(self.by_procedure.values(), Counter())


@dataclass(frozen=True, slots=True)
class OnTime:
    """Of the office's latest results."""

    decided: int
    late: int
    since: date | None  # the day of the first of them

    @property
    def percent(self) -> float | None:
        return 100 * (self.decided - self.late) / self.decided if self.decided else None


def open_work(head: User) -> OpenWork:
    """One query over the open dossiers of the own office."""
    by_holder: dict[int | None, Counter[str]] = {}
    by_procedure: dict[str, Counter[str]] = {}
    counted = (
        _open(head)
        .annotate(age=_age(), holder=_holder())
        .values_list("holder", "procedure", "age")
        .annotate(number=Count("pk"))
        .order_by()
    )
    for holder, procedure, age, number in counted:
        by_holder.setdefault(holder, Counter())[age] += number
        by_procedure.setdefault(procedure, Counter())[age] += number
    return OpenWork(by_holder, by_procedure)


def on_time(head: User) -> OnTime:
    rows = list(_results(head).values_list("due_on", "decided_at")[:RECENT])
    days = [(due, timezone.localdate(decided)) for due, decided in rows]
    late = sum(1 for due, decided in days if due and decided > due)
    return OnTime(len(rows), late, days[-1][1] if days else None)


def late_results(head: User) -> list[Dossier]:
    """Those among the latest results that came after their due date, newest first."""
    latest = list(_results(head).select_related("filer")[:RECENT])
    late = [one for one in latest if one.due_on and _day(one) > one.due_on]
    return late[:MOST_LATE]


def ratings_of(head: User) -> dict[str, float | int | None]:
    """How many of the latest filers rated, and the two averages (1 to 5)."""
    latest = Rating.objects.filter(office_id=head.office_id).order_by("-pk")[:RECENT]
    return latest.aggregate(number=Count("pk"), ease=Avg("ease"), service=Avg("service"))


def open_complaints_of(head: User) -> int:
    if head.office_id is None:
        return 0
    waiting = Complaint.objects.filter(answered_at__isnull=True, withdrawn_at__isnull=True)
    return waiting.filter(dossier__office_id__in=reach_of(head.office_id)).count()


def loads_of(head: User, officers: list[User]) -> dict[int, int]:
    """How many open dossiers each of these has now."""
    theirs = _open(head).filter(assignee__in=officers).exclude(NOBODYS)
    counted = dict(theirs.values_list("assignee_id").annotate(Count("pk")).order_by())
    return {one.pk: counted.get(one.pk, 0) for one in officers}


def _open(head: User) -> QuerySet[Dossier]:
    if head.office_id is None:
        return Dossier.objects.none()
    return Dossier.objects.filter(office_id=head.office_id, status__in=sorted(OPEN), queued_at__isnull=False)


def _results(head: User) -> QuerySet[Dossier]:
    decided = Dossier.objects.filter(
        office_id=head.office_id, status__in=sorted(DECIDED), decided_at__isnull=False
    )
    return decided.order_by("-decided_at") if head.office_id else Dossier.objects.none()


def _day(dossier: Dossier) -> date:
    return timezone.localdate(dossier.decided_at)


def _holder() -> Case:
    """Who has it; a lease that ran out is as if there were none."""
    return Case(When(HAS_LAPSED, then=None), default=F("assignee_id"), output_field=BigIntegerField())


def _age() -> Case:
    """The bands of selectors.queue, so that a cell and its list agree."""
    today = timezone.localdate()
    return Case(
        When(due_order__lt=today, then=Value(Age.OVERDUE.value)),
        When(due_order=today, then=Value(Age.TODAY.value)),
        When(due_order__lte=today + timedelta(days=SOON_DAYS), then=Value(Age.SOON.value)),
        When(Q(due_order__lt=date.max), then=Value(Age.LATER.value)),
        default=Value(Age.WITHOUT.value),
        output_field=CharField(),
    )
