"""Whether the portal does its work, told from the rows: what waits, who is silent, what gave up."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db.models import F, Min
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from accounts.models import Alarm, Heartbeat, Message, Outgoing
from accounts.services.heartbeats import EXPECTED
from portal.lib.clamd import Scanner, ScannerAway
from procedures.models import Dispatch, FileCheck, Notice

Kind = Alarm.Kind

OUTBOXES: tuple[type[Outgoing], ...] = (Dispatch, Notice, FileCheck, Message)
LATE = timedelta(seconds=120)  # a dossier on its way for longer is stuck
SILENT = timedelta(seconds=60)
LEAST_FREE = 0.05  # of the disk that holds the uploads
OLD_SIGNATURES = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing looked at. ``detail`` holds ids and figures only."""

    kind: Alarm.Kind
    subject: str
    is_well: bool
    detail: str


def signs() -> list[Sign]:
    """Everything there is to look at, whether well or not."""
    return [sign for look in _LOOKS for sign in look()]


def _stuck() -> Iterator[Sign]:
    for model, kind, patience in ((Dispatch, Kind.STUCK, LATE), (FileCheck, Kind.SCANNER, 5 * LATE)):
        age = oldest_waiting(model)
        is_scanner_ours = kind != Kind.SCANNER or bool(settings.CLAMD_URL)
        yield Sign(
            kind, model.__name__, age < patience or not is_scanner_ours, f"{age.total_seconds():.0f} s"
        )


def oldest_waiting(model: type[Outgoing]) -> timedelta:
    """How long the oldest row of an outbox has been waiting; zero when none does."""
    waiting = model._default_manager.filter(state=Outgoing.State.WAITING)
    found = waiting.aggregate(age=Now() - Min("created_at"))["age"]
    return max(found or timedelta(0), timedelta(0))


def _silent() -> Iterator[Sign]:
    ages = dict(Heartbeat.objects.annotate(age=Now() - F("at")).values_list("name", "age"))
    for name in EXPECTED:
        age = ages.get(name)
        detail = f"{age.total_seconds():.0f} s" if age is not None else "never"
        yield Sign(Kind.SILENT, name, age is not None and age < SILENT, detail)


def _broker() -> Iterator[Sign]:
    try:
        with current_app.connection_for_write(transport_options=_IMPATIENT) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
            client = getattr(broker.default_channel, "client", None)
            if client is not None:  # Redis: one that hangs still takes connections
                client.ping()
        yield Sign(Kind.BROKER, "", True, "")
    except (OperationalError, OSError) as error:
        yield Sign(Kind.BROKER, "", False, type(error).__name__)


_IMPATIENT = {"socket_timeout": 2, "socket_connect_timeout": 2}


def _disk() -> Iterator[Sign]:
    disk = shutil.disk_usage(settings.VAR_DIR)
    share = disk.free / disk.total
    yield Sign(Kind.DISK, "", share >= LEAST_FREE, f"{disk.free // 1024**2} MiB free, {share:.0%}")


def _quarantined() -> Iterator[Sign]:
    for model in OUTBOXES:
        found = model._default_manager.filter(state=Outgoing.State.QUARANTINED).count()
        yield Sign(Kind.QUARANTINED, model.__name__, not found, str(found))


def _signatures() -> Iterator[Sign]:
    if not settings.CLAMD_URL:
        return
    try:
        made = Scanner(settings.CLAMD_URL, patience=2).signatures_from()
    except ScannerAway as error:
        yield Sign(Kind.SCANNER, "", False, str(error)[:100])
        return
    yield Sign(Kind.SCANNER, "", True, "")
    is_fresh = made is None or datetime.now(UTC) - made < OLD_SIGNATURES
    yield Sign(Kind.SIGNATURES, "", is_fresh, made.isoformat() if made else "local signatures")


_LOOKS: tuple[Callable[[], Iterator[Sign]], ...] = (
    *(_stuck, _silent, _broker, _disk, _quarantined, _signatures),
)
