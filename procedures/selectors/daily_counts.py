"""Daily counts of paper dossiers an office has imported."""

from accounts.models import User
from procedures.models import DailyCount

MOST = 60


def latest_counts(officer: User) -> list[DailyCount]:
    """What stands now for the own office, newest day first."""
    rows = DailyCount.objects.filter(office_id=officer.office_id, replaced_at__isnull=True)
    return list(rows.select_related("imported_by")[:MOST]) if officer.office_id else []
