"""What stopped the clocks, for people who ask why a date moved."""

from procedures.models import ClockPause, Dossier, Outage

MOST = 50


def recent_outages() -> list[Outage]:
    return list(Outage.objects.select_related("recorded_by")[:MOST])


def pauses_of(dossier: Dossier) -> list[ClockPause]:
    """Oldest first."""
    return list(dossier.pauses.all())
