"""What filers think, for the headquarters: ratings and complaints of each office."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Avg, Count, Q
from django.utils import timezone

from accounts import wall
from accounts.models import Office
from procedures.models import Complaint, Rating

WITHIN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Opinions:
    """Of one office in the last 90 days; complaints waiting are all that wait."""

    office: Office
    ratings: int
    ease: float | None
    service: float | None
    complaints: int
    upheld: int
    waiting: int
    overdue: int


def opinions_by_office() -> list[Opinions]:
    """Offices somebody said anything about, by name: three queries."""
    with wall.door(wall.FIGURES):
        return _opinions()


def _opinions() -> list[Opinions]:
    since = timezone.now() - WITHIN
    rated = Rating.objects.filter(made_at__gte=since).values_list("office_id")
    averages = rated.annotate(Count("pk"), Avg("ease"), Avg("service")).order_by()
    ratings = {office: numbers for office, *numbers in averages}
    complaints = _complaints()
    offices = Office.objects.filter(key__in={*ratings, *complaints}).order_by("name")
    return [
        Opinions(office, *ratings.get(office.key, [0, None, None]), *complaints.get(office.key, [0, 0, 0, 0]))
        for office in offices
    ]


def _complaints() -> dict[str, list[int]]:
    """Made, upheld at least in part, waiting, overdue; by office."""
    since, waiting = timezone.now() - WITHIN, Q(answered_at__isnull=True, withdrawn_at__isnull=True)
    counted = (
        Complaint.objects.filter(Q(made_at__gte=since) | waiting)
        .values_list("dossier__office_id")
        .annotate(
            complaints=Count("pk", filter=Q(made_at__gte=since)),
            upheld=Count("pk", filter=Q(made_at__gte=since, outcome__in=["upheld", "partly"])),
            waiting=Count("pk", filter=waiting),
            overdue=Count("pk", filter=waiting & Q(due_on__lt=timezone.localdate())),
        )
        .order_by()
    )
    return {str(office): list(numbers) for office, *numbers in counted}
