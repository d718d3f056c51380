"""Celery: lanes, and settings under which a killed worker loses nothing.

A message is a hint, the row in the database is the record (docs/decisions/0002). Values measured and
explained in docs/decisions/0004.
"""

import os
from collections.abc import Iterable

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")

COMMON_LANES = ("codes", "notices", "documents", "nightly")


def province_lane(office_key: str) -> str:
    """The Celery queue of one provincial office."""
    return f"province.{office_key}"


app = Celery("portal", broker=os.environ.get("BROKER_URL", REDIS_URL))
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=120,
    task_soft_time_limit=90,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    # A typo or a forged province must fail, not open a queue nobody reads.
    task_create_missing_queues=False,
    task_default_queue="nightly",
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
        # 63 lanes × 4 priority keys made the worker a quarter slower; one key costs 4 %.
        "priority_steps": [0],
        "queue_order_strategy": "round_robin",
    },
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_soft_shutdown_timeout=30,
    worker_enable_soft_shutdown_on_idle=True,
    worker_max_tasks_per_child=5_000,
    worker_hijack_root_logger=False,
    timezone="Asia/Ho_Chi_Minh",
    beat_schedule_filename=os.path.join(os.environ.get("VAR_DIR", "var"), "celerybeat-schedule"),  # noqa: PTH118
)
app.autodiscover_tasks(["accounts", "procedures"])


def open_lanes(office_keys: Iterable[str]) -> tuple[str, ...]:
    """Declare every lane: one an office, and the common ones. Returns their names."""
    names = (*COMMON_LANES, *(province_lane(key) for key in sorted(office_keys)))
    app.conf.task_queues = [Queue(name, routing_key=name) for name in names]
    return names
