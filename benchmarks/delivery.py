"""(c) Dossiers delivered through Celery over 63 lanes, beside tasks that do nothing on one lane."""

import os
import time
from pathlib import Path

import redis
from celery import Celery
from django.db import connection
from kombu import Queue

import benchmarks.ready  # noqa: F401 - first
from accounts.models import Office, Outgoing
from benchmarks.drafts import signed_drafts
from benchmarks.live import Live, wait_until
from portal.celery import app as portal_celery
from portal.processes import LOCALHOST
from portal.serve import Program, stop_programs
from procedures.models import Dispatch, Dossier, Notice
from procedures.services import filing

LANE = "benchmark"
app = Celery("benchmarks", broker=os.environ["REDIS_URL"])
app.conf.update(
    {name: portal_celery.conf[name] for name in ("broker_transport_options", "task_ignore_result")}
)
app.conf.update(
    task_acks_late=True, worker_prefetch_multiplier=1, task_queues=[Queue(LANE, routing_key=LANE)]
)


@app.task(name="benchmarks.nothing")
def nothing(number: int) -> None:
    """What a task costs that does nothing."""


def deliveries_per_second(number: int, live: Live) -> tuple[float, int]:
    """Filed beforehand, spread over all offices; from the sweeper's start until the last stands in its queue.
    Returns dossiers/s and the number of lanes. Notices go out beside it, as always."""
    offices = list(Office.objects.order_by("key"))
    for place, (pk, code) in enumerate(signed_drafts(number)):
        dossier = Dossier.objects.get(pk=pk)
        filing.file_dossier(dossier, dossier.filer, code)
        office = offices[place % len(offices)]
        Dossier.objects.filter(pk=pk).update(office=office)
        Dispatch.objects.filter(filing__dossier=pk).update(office=office)
    live.start("worker")
    began = time.perf_counter()
    live.programs["sweeper"].start()
    wait_until(lambda: not Dispatch.objects.filter(state=Outgoing.State.WAITING).exists())
    rate = number / (time.perf_counter() - began)
    wait_until(lambda: not Notice.objects.filter(state=Outgoing.State.WAITING).exists())
    live.stop("sweeper", "worker")
    return rate, min(number, len(offices))


def nothings_per_second(number: int) -> float:
    """Published beforehand; from a ready worker's first look at the lane until nothing is left."""
    environment = {**os.environ, "BROKER_URL": os.environ["REDIS_URL"]}
    arguments = ["-m", "celery", "-A", "benchmarks.delivery:app", "worker", "--queues", "idle"]
    arguments += [
        "--hostname",
        f"{LANE}@{LOCALHOST}",
        "--concurrency",
        "2",
        "--without-gossip",
        "--without-mingle",
    ]
    worker = Program("no-op worker", arguments, Path(os.environ["VAR_DIR"]), environment)
    worker.start()
    try:
        wait_until(lambda: bool(app.control.ping(timeout=0.5)))
        for one in range(number):
            nothing.apply_async(args=[one], queue=LANE)
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
            began = time.perf_counter()
            app.control.add_consumer(LANE, routing_key=LANE, reply=True, timeout=1)
            wait_until(lambda: broker.llen(LANE) == 0, every=0.005)
            return number / (time.perf_counter() - began)
    finally:
        stop_programs([worker])
        connection.close()
