"""The officers of an office, what they were told about each other's work, and the views they keep."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import Office, Role, User
from procedures.domain.lifecycle import OPEN
from procedures.models import Dossier, HandOver, SavedFilter

MOST_OFFICERS = 200
MOST_NOTES = 10


def officers_of(office: Office | None) -> list[User]:
    """Who works on dossiers there, by name."""
    working = User.objects.filter(office=office, role__in=[Role.OFFICER, Role.HEAD], is_active=True)
    return list(working.order_by("full_name", "pk")[:MOST_OFFICERS])


def holders_of(office: Office | None) -> list[User]:
    """Who works there, and who no longer does but still has open dossiers; by name."""
    theirs = Dossier.objects.filter(assignee=OuterRef("pk"), office=office, status__in=sorted(OPEN))
    own = User.objects.filter(office=office, role__in=[Role.OFFICER, Role.HEAD])
    people = own.filter(Q(is_active=True) | Exists(theirs))
    return list(people.order_by("full_name", "pk")[:MOST_OFFICERS])


def unread_of(officer: User) -> list[HandOver]:
    """What others did with this officer's work, or gave to do, and hasn't been read."""
    kinds = HandOver.Kind
    taken = Q(from_officer=officer, kind__in=[kinds.TAKE_OVER, kinds.ASSIGN])
    given = Q(to_officer=officer, kind__in=[kinds.HAND_OVER, kinds.ASSIGN])
    notes = HandOver.objects.filter(taken | given, read_at__isnull=True, dossier__office=officer.office)
    related = notes.exclude(by=officer).select_related("dossier", "by", "from_officer", "to_officer")
    return list(related.order_by("-pk")[:MOST_NOTES])


def hand_overs_of(dossier: Dossier) -> list[HandOver]:
    """Oldest first."""
    return list(dossier.hand_overs.select_related("by", "from_officer", "to_officer"))


def saved_filters_of(officer: User) -> list[SavedFilter]:
    return list(officer.saved_filters.all())
