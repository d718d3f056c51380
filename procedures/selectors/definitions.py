"""What the law says about one dossier: its procedure, in its edition, and the papers it needs."""

from django.utils import timezone

from procedures import catalogue
from procedures.domain.completeness import DocumentNeed, documents_for
from procedures.domain.definition import Procedure
from procedures.models import Dossier


def procedure_of(dossier: Dossier) -> Procedure:
    """The procedure in the edition pinned on the dossier."""
    return catalogue.edition(dossier.procedure, dossier.edition)


def needs_of(dossier: Dossier) -> list[DocumentNeed]:
    """The papers these answers ask for, were the dossier filed today (or the day it was filed)."""
    filed_on = timezone.localdate(dossier.filed_at) if dossier.filed_at else timezone.localdate()
    return documents_for(procedure_of(dossier), dossier.answers, filed_on)
