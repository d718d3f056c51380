"""Figures for Prometheus, told from the rows when they are asked for: the same whichever process answers.

Per lane: what waits and for how long. Per stage: how long the last rows took from being written to being done.
Everything looks at waiting rows (partial indexes) or at the newest few thousand, never at a whole table.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Avg, Count, F, Max, Min, QuerySet
from django.db.models.functions import Now
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from accounts.models import Alarm, Heartbeat, Message, Outgoing
from portal.lib import lanes
from procedures.models import Dispatch, FileCheck, Notice

NEWEST = 2000  # rows of which a stage's times are told
STAGES: dict[str, type[Outgoing]] = {
    "delivery": Dispatch,
    "notice": Notice,
    "file_check": FileCheck,
    "message": Message,
}


def exposition() -> bytes:
    """Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Rows())
    return generate_latest(registry)


class _Rows(Collector):
    def collect(self) -> Iterator[Metric]:
        yield from _waiting()
        yield from _durations()
        yield from _processes()
        yield from _alarms_and_disk()


def _waiting() -> Iterator[Metric]:
    waits = GaugeMetricFamily("portal_waiting_rows", "Rows that must leave", labels=["stage", "lane"])
    oldest = GaugeMetricFamily(
        "portal_waiting_seconds", "Age of the oldest of them", labels=["stage", "lane"]
    )
    stopped = GaugeMetricFamily("portal_quarantined_rows", "Rows that need a person", labels=["stage"])
    for stage, model in STAGES.items():
        rows = model._default_manager.filter(state=Outgoing.State.WAITING)
        for lane, (count, seconds) in _by_lane(stage, rows).items():
            waits.add_metric([stage, lane], count)
            oldest.add_metric([stage, lane], seconds)
        quarantined = model._default_manager.filter(state=Outgoing.State.QUARANTINED)
        stopped.add_metric([stage], quarantined.count())
    yield from (waits, oldest, stopped)


def _by_lane(stage: str, rows: QuerySet[Outgoing]) -> dict[str, tuple[int, float]]:
    """Of every lane with something in it, how many rows wait and how long the oldest does."""
    key = {"delivery": "office_id", "message": "kind"}.get(stage, "state")
    found: dict[str, tuple[int, float]] = defaultdict(lambda: (0, 0.0))
    for value, count, age in rows.values_list(key).annotate(n=Count("pk"), age=Now() - Min("created_at")):
        lane = _lane(stage, str(value))
        before = found[lane]
        found[lane] = (before[0] + count, max(before[1], age.total_seconds()))
    return found


def _lane(stage: str, value: str) -> str:
    if stage == "delivery":
        return lanes.province(value)
    if stage == "message" and value == Message.Kind.TRANSACTION_CODE:
        return lanes.CODES
    return lanes.DOCUMENTS if stage == "file_check" else lanes.NOTICES


def _durations() -> Iterator[Metric]:
    mean = GaugeMetricFamily(
        "portal_stage_seconds_mean", "From written to done, newest rows", labels=["stage"]
    )
    worst = GaugeMetricFamily("portal_stage_seconds_max", "The slowest of them", labels=["stage"])
    for stage, model in STAGES.items():
        newest = model._default_manager.order_by("-pk").values("pk")[:NEWEST]
        done = model._default_manager.filter(pk__in=newest, done_at__isnull=False)
        took = done.aggregate(
            mean=Avg(F("done_at") - F("created_at")), worst=Max(F("done_at") - F("created_at"))
        )
        mean.add_metric([stage], took["mean"].total_seconds() if took["mean"] else 0)
        worst.add_metric([stage], took["worst"].total_seconds() if took["worst"] else 0)
    yield from (mean, worst)


def _processes() -> Iterator[Metric]:
    silence = GaugeMetricFamily(
        "portal_heartbeat_age_seconds", "Since a process said it lives", labels=["process"]
    )
    for name, age in Heartbeat.objects.annotate(age=Now() - F("at")).values_list("name", "age"):
        silence.add_metric([name], age.total_seconds())
    yield silence


def _alarms_and_disk() -> Iterator[Metric]:
    alarms = GaugeMetricFamily("portal_open_alarms", "Alarms nobody has ended", labels=["kind"])
    for kind, count in Alarm.objects.filter(cleared_at=None).values_list("kind").annotate(n=Count("pk")):
        alarms.add_metric([kind], count)
    yield alarms
    disk = shutil.disk_usage(settings.VAR_DIR)
    yield GaugeMetricFamily("portal_disk_free_bytes", "Of the disk that holds the uploads", value=disk.free)
