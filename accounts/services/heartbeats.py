"""Nhịp báo tin: processes say that they live, by the clock of the database."""

from datetime import timedelta

from django.db.models.functions import Now

from accounts.models import Heartbeat

SWEEPER, BEAT = "sweeper", "beat"
EXPECTED = (SWEEPER, BEAT)
EVERY = timedelta(seconds=15)


def beat(name: str) -> None:
    """``name`` is alive now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": Now()})
