"""Tallies: counts kept beside the acts, so that no page has to count millions of rows."""

from django.db.models import F
from django.utils import timezone

from procedures.domain.lifecycle import Act
from procedures.models import Dossier, Tally

COUNTED = frozenset({Act.FILE, Act.APPROVE, Act.REFUSE, Act.WITHDRAW})


def bump(dossier: Dossier, act: Act) -> None:
    """Count the act once, in the transaction of the act. People of the demo aren't counted."""
    if act not in COUNTED or dossier.is_test or dossier.office_id is None:
        return
    cell = {
        "office_id": dossier.office_id,
        "day": timezone.localdate(),
        "procedure": dossier.procedure,
        "channel": dossier.channel,
        "event": act,
    }
    Tally.objects.bulk_create([Tally(**cell)], ignore_conflicts=True)
    Tally.objects.filter(**cell).update(count=F("count") + 1)
