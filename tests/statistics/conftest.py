from datetime import date

import pytest

from accounts.models import Office
from procedures.models import MonthTally
from procedures.services.annex import annex_rows
from tests.people import *  # noqa: F403 - the cast


@pytest.fixture
def annex_counts(offices: dict[str, Office]) -> None:
    """The annex's numbers as tallies, without their four million rows."""
    for number, row in enumerate(annex_rows(), start=1):
        MonthTally.objects.bulk_create(
            MonthTally(
                office_id=row.key,
                month=date(2019, 1 + number % 8, 1),
                procedure="bhxh_mot_lan",
                channel=channel,
                event="file",
                count=count,
            )
            for channel, count in row.channels
        )
