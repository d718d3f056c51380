"""What a filer may see: the own dossiers, and nothing of anybody else's."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from procedures.models import Attachment, Dossier


def dossiers_of(filer: User) -> QuerySet[Dossier]:
    """Newest first; drafts among them."""
    return Dossier.objects.filter(filer=filer).select_related("office").order_by("-updated_at")


def dossier_of(filer: User, public_id: UUID) -> Dossier:
    """Raises Dossier.DoesNotExist when there is none, or it is somebody else's."""
    return Dossier.objects.select_related("office", "filer").get(filer=filer, public_id=public_id)


def attachment_of(filer: User, public_id: UUID) -> Attachment:
    """Raises Attachment.DoesNotExist when there is none, or it is somebody else's."""
    return Attachment.objects.select_related("dossier").get(dossier__filer=filer, public_id=public_id)
