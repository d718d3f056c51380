"""Celery: lanes, and settings under which a killed worker loses nothing.

A message is a hint, the row in the database is the record (docs/decisions/0002). The values are explained
in docs/decisions/0004.
"""

import gc
import os
import sys
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import celeryd_init, task_postrun, task_prerun, worker_before_create_process
from django.apps import apps
from django.db import close_old_connections, connections

from portal.lib import lanes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

VAR_DIR = Path(os.environ.get("VAR_DIR", "var"))


app = Celery(
    "portal", broker=os.environ.get("BROKER_URL") or os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=120,
    task_soft_time_limit=90,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_queues=[lanes.queue(lane) for lane in lanes.COMMON],
    # A typo must fail, not open a queue nobody reads.
    task_create_missing_queues=False,
    task_default_queue=lanes.NIGHTLY,
    # The outbox tries again by itself; a publisher that retries would only hold the sweeper up.
    task_publish_retry=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=2,
    broker_transport_options={
        "visibility_timeout": 600,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "unacked_restore_interval": 10,
        # 63 lanes × 4 priority keys made a worker a quarter slower; with one key a lane it is 4 %.
        "priority_steps": [0],
        "queue_order_strategy": lanes.UrgentFirst,
    },
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_soft_shutdown_timeout=30,
    worker_enable_soft_shutdown_on_idle=True,
    worker_max_tasks_per_child=5_000,
    worker_hijack_root_logger=False,
    # Celery would close the database connection around every task: a new one costs more than a delivery's
    # statements. It is kept as in the web process instead (docs/decisions/0140).
    CELERY_DB_REUSE_MAX=sys.maxsize,
    timezone="Asia/Ho_Chi_Minh",
    beat_schedule_filename=str(VAR_DIR / "celerybeat-schedule"),
    beat_schedule={
        # Recorded outages move due dates; what went overdue is told to the heads of offices.
        "keep_clocks": {
            "task": "procedures.keep_clocks",
            "schedule": 60.0,
            "options": {"queue": lanes.NIGHTLY, "expires": 60},
        },
        # The sweeper's own process is woken by every filing; this is the second pair of eyes.
        "sweep": {
            "task": "procedures.sweep",
            "schedule": 30.0,
            "options": {"queue": lanes.NIGHTLY, "expires": 60},
        },
        # Beat, broker and a worker live: all three in one sign.
        "say_beat_lives": {
            "task": "procedures.say_beat_lives",
            "schedule": 15.0,
            "options": {"queue": lanes.NIGHTLY, "expires": 15},
        },
        "watch": {
            "task": "procedures.watch",
            "schedule": 60.0,
            "options": {"queue": lanes.NIGHTLY, "expires": 60},
        },
        # Left-overs of uploads that broke off are gone within ten minutes.
        "tidy_uploads": {
            "task": "procedures.tidy_uploads",
            "schedule": 300.0,
            "options": {"queue": lanes.NIGHTLY, "expires": 300},
        },
        # Every minute when there is news, and once a day in any case.
        "checkpoint": {
            "task": "procedures.make_checkpoint",
            "schedule": 60.0,
            "options": {"queue": lanes.NIGHTLY, "expires": 60},
        },
    },
)
app.autodiscover_tasks(["accounts", "procedures"])


@celeryd_init.connect
def open_every_lane(conf: Any, **_: Any) -> None:
    """A worker without -Q consumes every lane: the common ones and one an office."""
    keys = apps.get_model("accounts", "Office").objects.values_list("key", flat=True)
    conf.task_queues = [lanes.queue(lane) for lane in lanes.every(keys)]
    connections.close_all()  # nobody's children get it


@task_prerun.connect
@task_postrun.connect
def close_what_broke(**_: Any) -> None:
    """A connection that is broken, or older than CONN_MAX_AGE, isn't used again."""
    close_old_connections()


@worker_before_create_process.connect
def share_memory(**_: Any) -> None:
    """What is loaded stays shared with the children: the collector would write into every page of it."""
    gc.collect()
    gc.freeze()
