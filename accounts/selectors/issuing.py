"""How issuing goes: what is due, and who gave out how much."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now, TruncDate
from django.utils import timezone

from accounts.models import ActivationCode, IdentityCheck, Registration, User

LIMIT = timedelta(days=3)  # Decision 838/QĐ-BHXH: an account within three days, counted by the calendar
MAX_AT_ONCE = 50
STATISTICS_DAYS = 30
# Marked for a person to look at, never a verdict.
MANY_TIMES_THE_MEDIAN = 3
AT_LEAST = 10
REISSUED_AT_LEAST = 3


def due_on(registration: Registration) -> date:
    return timezone.localdate(registration.submitted_at) + LIMIT


def days_left(registration: Registration, today: date) -> int:
    """Calendar days until the limit; negative when it has passed."""
    return (due_on(registration) - today).days


def overdue_count(issuer: User) -> int:
    """How many declarations wait for longer than the limit."""
    begin = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - LIMIT
    waiting = Registration.objects.filter(office_id=issuer.office_id, status=Registration.Status.WAITING)
    return waiting.filter(submitted_at__lt=begin).count()


def ready(issuer: User) -> "QuerySet[Registration]":
    """Declarations a first code may be given out for now: the last check agrees, the person was there."""
    newer = IdentityCheck.objects.filter(registration=OuterRef("registration"), pk__gt=OuterRef("pk"))
    last = IdentityCheck.objects.filter(registration=OuterRef("pk"), matches=True, is_present=True)
    codes = ActivationCode.objects.filter(registration=OuterRef("pk"))
    accounts = User.objects.filter(login=OuterRef("bhxh_number"))
    waiting = Registration.objects.filter(office_id=issuer.office_id, status=Registration.Status.WAITING)
    return waiting.filter(Exists(last.filter(~Exists(newer))), ~Exists(codes), ~Exists(accounts)).order_by(
        "submitted_at", "pk"
    )[:MAX_AT_ONCE]


@dataclass(frozen=True, slots=True)
class ClerkDay:
    """What one issuer gave out on one day."""

    day: date
    clerk: str
    issued: int
    activated: int
    unused: int  # expired or void without ever being used
    reissued: int
    is_outlier: bool


def statistics(issuer: User, since: datetime | None = None) -> list[ClerkDay]:
    """By day, newest first, and clerk, for the issuer's office."""
    begin = since or timezone.now() - timedelta(days=STATISTICS_DAYS)
    is_over = Q(expires_at__lte=Now()) | Q(voided_at__isnull=False)
    rows = (
        ActivationCode.objects.filter(registration__office_id=issuer.office_id, issued_at__gte=begin)
        .annotate(day=TruncDate("issued_at"), clerk=F("issued_by__full_name"))
        .values("day", "clerk", "issued_by_id")
        .annotate(
            issued=Count("pk"),
            activated=Count("pk", filter=Q(used_at__isnull=False)),
            unused=Count("pk", filter=is_over & Q(used_at__isnull=True)),
            reissued=Count("pk", filter=Q(asked_by__isnull=False)),
        )
        .order_by("-day", "clerk", "issued_by_id")
    )
    return _marked([dict(row) for row in rows])


def _marked(rows: list[dict[str, object]]) -> list[ClerkDay]:
    middle = _median([int(str(row["issued"])) for row in rows])
    marked = []
    for row in rows:
        counts = {name: int(str(row[name])) for name in ("issued", "activated", "unused", "reissued")}
        many = counts["issued"] >= max(AT_LEAST, MANY_TIMES_THE_MEDIAN * middle)
        is_outlier = (
            many or counts["reissued"] >= REISSUED_AT_LEAST or counts["unused"] * 2 > max(4, counts["issued"])
        )
        marked.append(ClerkDay(day=row["day"], clerk=str(row["clerk"]), is_outlier=is_outlier, **counts))  # type: ignore[arg-type]
    return marked


def _median(counts: list[int]) -> int:
    return sorted(counts)[len(counts) // 2] if counts else 0
