"""Difficulties: an office's own, what was published to all, and the centre's list and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import Role, User
from procedures.models import Difficulty

PAGE = 50
MOST_PUBLISHED = 100
OPEN, ANSWERED = STATES = "mo", "xong"


@dataclass(frozen=True, slots=True)
class Page:
    difficulties: Sequence[Difficulty]
    following: int | None  # the page after begins below this number


def difficulties_for(viewer: User, *, state: str = "", subject: str = "", after: str = "") -> Page:
    """The own office's reports, or for the headquarters everybody's; newest first. What is joined to another
    stands there, for the headquarters."""
    rows = _visible(viewer).annotate(more=Count("joined"))
    if viewer.role == Role.HQ:
        rows = rows.filter(joined_to__isnull=True)
    if state in STATES:
        rows = rows.filter(answered_at__isnull=state == OPEN)
    if subject in Difficulty.Subject.values:
        rows = rows.filter(subject=subject)
    if after.isascii() and after.isdigit() and len(after) < 18:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def difficulty_for(viewer: User, public_id: UUID) -> Difficulty:
    """Raises Difficulty.DoesNotExist for another office's."""
    return _visible(viewer).get(public_id=public_id)


def joined_to(difficulty: Difficulty) -> list[Difficulty]:
    return list(difficulty.joined.select_related("office", "reported_by")[:PAGE])


def candidates_for(difficulty: Difficulty) -> list[Difficulty]:
    """What it might be the same as: of its subject, not joined to anything, newest first."""
    rows = Difficulty.objects.filter(subject=difficulty.subject, joined_to__isnull=True)
    return list(rows.exclude(pk=difficulty.pk).select_related("office").order_by("-pk")[:PAGE])


def published(words: str = "") -> list[Difficulty]:
    """Answers all offices read, newest first; with all of some words in title or answer."""
    rows = Difficulty.objects.filter(published_at__isnull=False)
    for word in words.split()[:8]:
        rows = rows.filter(Q(published_title__icontains=word) | Q(answer__icontains=word))
    return list(rows.order_by("-published_at", "-pk")[:MOST_PUBLISHED])


def counts_by_office_and_subject() -> dict[str, dict[str, int]]:
    """How many were reported, by name of the office ("" for the headquarters) and subject."""
    found: dict[str, dict[str, int]] = {}
    rows = Difficulty.objects.values_list("office__name", "subject").annotate(Count("pk"))
    for office, subject, number in rows.order_by("office__name", "subject"):
        found.setdefault(office or "", {})[subject] = number
    return found


def _visible(viewer: User) -> QuerySet[Difficulty]:
    rows = Difficulty.objects.select_related("office", "reported_by", "answered_by", "joined_to")
    if viewer.role == Role.HQ:
        return rows
    if viewer.is_citizen or viewer.office_id is None:
        return rows.none()
    return rows.filter(office_id=viewer.office_id)
