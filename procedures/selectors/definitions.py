"""What the law says about one dossier: its procedure, in its edition, on its day, and the papers it needs."""

from datetime import date

from django.conf import settings
from django.utils import timezone

from procedures import catalogue
from procedures.domain.completeness import DocumentNeed, documents_for
from procedures.domain.definition import Procedure
from procedures.models import Dossier


def procedure_of(dossier: Dossier) -> Procedure:
    """The procedure in the edition pinned on the dossier."""
    return catalogue.edition(dossier.procedure, dossier.edition)


def legal_day_of(dossier: Dossier) -> date:
    """The day whose rules apply: kept with the dossier once it is filed; of a draft the setting
    LEGAL_DATE, in real operation today. Lateness, ages and months to come are judged by it."""
    if kept := (dossier.routing or {}).get("legal_day"):
        return date.fromisoformat(kept)
    if settings.LEGAL_DATE:
        return settings.LEGAL_DATE
    return timezone.localdate(dossier.filed_at) if dossier.filed_at else timezone.localdate()


def needs_of(dossier: Dossier) -> list[DocumentNeed]:
    """The papers these answers ask for, filed on the dossier's legal day."""
    return documents_for(procedure_of(dossier), dossier.answers, legal_day_of(dossier))
