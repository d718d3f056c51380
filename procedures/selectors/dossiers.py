"""What a filer may see: the own dossiers, and nothing of anybody else's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts import wall
from accounts.models import User
from accounts.services.paper_people import PREFIX
from procedures.domain.lifecycle import Act, Status
from procedures.models import Attachment, Dossier, DossierEvent, Notice, SupplementRequest

PAGE = 20


@dataclass(frozen=True, slots=True)
class Page:
    dossiers: list[Dossier]
    following: str  # where the next page begins; "" on the last one


def dossiers_of(filer: User) -> QuerySet[Dossier]:
    """Newest first; drafts among them."""
    return Dossier.objects.filter(filer=filer).select_related("office").order_by("-updated_at")


def page_of_dossiers(filer: User, after: str = "") -> Page:
    """One page of them; ``after`` comes from the page before. A mangled one shows the first page."""
    dossiers = dossiers_of(filer).order_by("-updated_at", "-pk").prefetch_related("attachments")
    if found := _cursor(after):
        moment, pk = found
        dossiers = dossiers.filter(Q(updated_at__lt=moment) | Q(updated_at=moment, pk__lt=pk))
    rows = list(dossiers[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], f"{last.updated_at.isoformat()}_{last.pk}" if last else "")


def _cursor(text: str) -> tuple[datetime, int] | None:
    moment, _, pk = text.partition("_")
    try:
        found = datetime.fromisoformat(moment), int(pk)
    except ValueError:
        return None
    return found if found[0].tzinfo and 0 < found[1] < 2**63 else None


def dossier_of(filer: User, public_id: UUID) -> Dossier:
    """Raises Dossier.DoesNotExist when there is none, or it is somebody else's."""
    return Dossier.objects.select_related("office", "filer").get(filer=filer, public_id=public_id)


def attachment_of(filer: User, public_id: UUID) -> Attachment:
    """Raises Attachment.DoesNotExist when there is none, or it is somebody else's."""
    return Attachment.objects.select_related("dossier").get(dossier__filer=filer, public_id=public_id)


def story_of(dossier: Dossier) -> list[tuple[DossierEvent, SupplementRequest | None]]:
    """The events, oldest first; a request for a supplement comes with its row. Both are written in one
    transaction, so they are in the same order."""
    requests = iter(dossier.supplement_requests.order_by("pk"))
    return [
        (event, next(requests, None) if event.act == Act.REQUEST_SUPPLEMENT else None)
        for event in dossier.events.order_by("pk")
    ]


def notices_by_event(dossier: Dossier) -> dict[int, list[Notice]]:
    """What the filer was told, by the event it is about. Invitations to others aren't the filer's mail."""
    found: dict[int, list[Notice]] = {}
    for notice in dossier.notices.filter(recipient_id=dossier.filer_id).order_by("pk"):
        found.setdefault(notice.event_id, []).append(notice)
    return found


def tracked_dossier(reference: str, bhxh_number: str) -> Dossier | None:
    """The filed dossier somebody without a login may follow, who knows both its mã hồ sơ and the
    filer's mã số BHXH; the same None whichever of the two is wrong."""
    filed = Dossier.objects.exclude(status=Status.DRAFT).select_related("office")
    by_number = Q(filer__login=bhxh_number) | Q(filer__login__startswith=f"{PREFIX}-{bhxh_number}-")
    with wall.door(wall.TRACK, reference, bhxh_number):
        return filed.filter(by_number, reference=reference).first()


def dossier_of_reference(reference: str) -> Dossier | None:
    """The filed dossier, for a code sent to its filer; behind the door wall.FOLLOW of this reference."""
    filed = Dossier.objects.exclude(status=Status.DRAFT).select_related("office", "filer")
    return filed.filter(reference=reference).first()
