"""What somebody asked to sign with a filer may see: that dossier, while the signature is asked for."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from procedures.domain.lifecycle import Status
from procedures.models import Attachment, CoSignature


def asked_of(person: User) -> QuerySet[CoSignature]:
    """Signatures this person is asked for or has given, while the dossier isn't filed yet."""
    return (
        CoSignature.objects.filter(
            bhxh_number=person.login, voided_at__isnull=True, dossier__status=Status.DRAFT
        )
        .select_related("dossier__filer", "dossier__office")
        .order_by("-asked_at")
    )


def signature_of(person: User, pk: int) -> CoSignature:
    """Raises CoSignature.DoesNotExist when it is somebody else's, void, or no longer asked for."""
    return asked_of(person).get(pk=pk)


def attachment_to_sign(person: User, pk: int, file_id: UUID) -> Attachment:
    """A file of the dossier to sign. Raises DoesNotExist of the one or the other."""
    return signature_of(person, pk).dossier.attachments.get(public_id=file_id)
