"""The legal clock: working days with the office's own corrections, and the date of the rules."""

from datetime import date

from django.conf import settings
from django.utils import timezone

from procedures.domain.deadlines import promised_limit
from procedures.domain.definition import Deadline, Procedure
from procedures.models import Dossier, Holiday


def legal_date() -> date:
    """The day whose rules apply to a new draft (setting LEGAL_DATE; in real operation today)."""
    return settings.LEGAL_DATE or timezone.localdate()


def overrides() -> dict[date, bool]:
    """Days that differ from the package's calendar: True is a working day."""
    return dict(Holiday.objects.values_list("day", "is_working"))


def limit_of(procedure: Procedure, dossier: Dossier) -> Deadline:
    return promised_limit(procedure, dossier.answers)
