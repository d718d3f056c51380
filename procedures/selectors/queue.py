"""What an officer may see: dossiers of the own office, taken from the account, never from the request."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from portal.lib.vietnamese import fold
from procedures.domain.lifecycle import OPEN, Status
from procedures.models import Attachment, Dossier

PAGE = 25


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of the queue begins: after (or before) this dossier in the order of due dates."""

    due_order: date
    pk: int

    def __str__(self) -> str:
        return f"{self.due_order.isoformat()}_{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """None for anything that isn't a cursor: a mangled address shows the first page."""
        day, _, pk = text.partition("_")
        try:
            return cls(date.fromisoformat(day), int(pk))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Page:
    dossiers: list[Dossier]
    previous: Cursor | None
    next: Cursor | None


def _of_office(officer: User) -> QuerySet[Dossier]:
    """The first wall: an officer's office, and only dossiers that have reached it. An account without
    an office sees nothing."""
    if not officer.is_officer or officer.office_id is None:
        return Dossier.objects.none()
    reached = ~Q(status__in=(Status.DRAFT, Status.FILED))
    return Dossier.objects.filter(reached, office_id=officer.office_id).select_related("filer", "assignee")


def queue_of(
    officer: User,
    *,
    words: str = "",
    procedure: str = "",
    status: str = "",
    after: Cursor | None = None,
    before: Cursor | None = None,
) -> Page:
    """One page of the office's queue, due soonest first. With ``status`` also settled dossiers."""
    dossiers = _of_office(officer)
    dossiers = dossiers.filter(status=status) if status else dossiers.filter(status__in=sorted(OPEN))
    if procedure:
        dossiers = dossiers.filter(procedure=procedure)
    for word in fold(words).split():
        dossiers = dossiers.filter(search_text__contains=word)
    return _page(dossiers, after, before)


def _page(dossiers: QuerySet[Dossier], after: Cursor | None, before: Cursor | None) -> Page:
    if before:
        earlier = dossiers.filter(due_order__lte=before.due_order).exclude(
            due_order=before.due_order, pk__gte=before.pk
        )
        rows = list(earlier.order_by("-due_order", "-pk")[: PAGE + 1])
        shown = rows[:PAGE][::-1]
        return Page(shown, _cursor(shown[0]) if len(rows) > PAGE else None, _last(shown))
    if after:
        dossiers = dossiers.filter(due_order__gte=after.due_order).exclude(
            due_order=after.due_order, pk__lte=after.pk
        )
    rows = list(dossiers.order_by("due_order", "pk")[: PAGE + 1])
    shown = rows[:PAGE]
    previous = _cursor(shown[0]) if after and shown else None
    return Page(shown, previous, _cursor(shown[-1]) if len(rows) > PAGE else None)


def _last(shown: list[Dossier]) -> Cursor | None:
    return _cursor(shown[-1]) if shown else None


def _cursor(dossier: Dossier) -> Cursor:
    return Cursor(dossier.due_order, dossier.pk)


def dossier_in_office(officer: User, public_id: UUID) -> Dossier:
    """Raises Dossier.DoesNotExist when there is none, or it is another office's."""
    return _of_office(officer).select_related("office", "filer", "assignee").get(public_id=public_id)


def attachment_in_office(officer: User, public_id: UUID) -> Attachment:
    """A signed file of a dossier of the own office. Raises Attachment.DoesNotExist otherwise."""
    return Attachment.objects.select_related("dossier").get(
        dossier__in=_of_office(officer), filing_number__isnull=False, public_id=public_id
    )
