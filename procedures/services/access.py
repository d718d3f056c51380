"""Lượt xem: who of the staff looked at whose dossier, written before anything leaves."""

from accounts.models import User
from procedures.domain.lifecycle import OPEN
from procedures.models import AccessEntry, Attachment, Dossier


def record(dossier: Dossier, viewer: User, attachment: Attachment | None = None) -> AccessEntry:
    """Note that ``viewer`` opens the dossier, or one paper of it. When this fails nothing may be shown."""
    is_open = dossier.status in OPEN
    return AccessEntry.objects.create(
        dossier=dossier,
        viewer=viewer,
        role=viewer.role,
        office=viewer.office_id or "",
        purpose=AccessEntry.Purpose.CASEWORK if is_open else AccessEntry.Purpose.REVIEW,
        attachment=attachment,
    )
