"""The outbox: rows that must leave, and the hints given to the broker about them.

A row written in the transaction of an act is the record. At commit PostgreSQL's NOTIFY wakes the
sweeper, which hands every due row to its Celery lane, again and again, until a worker has marked the
row done: no limit of age or number. The web process never talks to the broker, so a broker that is
down or hung costs a citizen nothing (docs/decisions/0002).
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from celery import current_app
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Now
from kombu import Queue

from accounts.models import Outgoing

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Outgoing)

WAKE_CHANNEL = "outbox"
# A published row is looked at again after this long: what a killed worker costs at most.
RETRY_AFTER = timedelta(seconds=10)
# So many starts without an end: the row itself may be what kills the workers. A person must look.
MAX_STARTS = 5


def wake_sweeper() -> None:
    """Tell the sweeper, at commit, that a row is waiting."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {WAKE_CHANNEL}")


def claim_due(model: type[Row], limit: int = 200) -> list[Row]:
    """Due rows of one outbox, each claimed by one sweeper only and due again after RETRY_AFTER."""
    rows = model._default_manager
    with transaction.atomic():
        due = list(
            rows.select_for_update(skip_locked=True)
            .filter(state=Outgoing.State.WAITING, next_try_at__lte=Now())
            .order_by("next_try_at")[:limit]
        )
        rows.filter(pk__in=[row.pk for row in due]).update(
            next_try_at=Now() + Value(RETRY_AFTER), published=F("published") + 1
        )
    return due


def publish(model: type[Row], task: str, lane_of: Callable[[Row], str], limit: int = 200) -> int:
    """Hand the due rows of one outbox to the broker; the message carries the row's id only.

    Returns how many were handed over. Raises kombu's OperationalError or OSError when the broker can't
    be reached: the rows stay waiting.
    """
    due = claim_due(model, limit)
    if not due:
        return 0
    with current_app.connection_for_write() as broker, broker.Producer() as producer:
        for row in due:
            lane = lane_of(row)
            current_app.send_task(task, args=[row.pk], queue=Queue(lane, routing_key=lane), producer=producer)
    return len(due)


def start(model: type[Row], pk: int) -> Row | None:
    """Count the start of work on a row, before the work. None: it is done already, or quarantined now."""
    rows = model._default_manager.filter(pk=pk, state=Outgoing.State.WAITING)
    if not rows.update(starts=F("starts") + 1):
        return None
    row = model._default_manager.get(pk=pk)
    if row.starts <= MAX_STARTS:
        return row
    rows.update(state=Outgoing.State.QUARANTINED, last_error=row.last_error or "bắt đầu quá nhiều lần mà không xong")
    logger.error("%s %s needs a person: started %s times without an end", model.__name__, pk, row.starts)
    return None


def finish(row: Outgoing) -> bool:
    """Mark the row done. False: somebody else did before."""
    rows = type(row)._default_manager.filter(pk=row.pk, state=Outgoing.State.WAITING)
    return bool(rows.update(state=Outgoing.State.DONE, done_at=Now(), last_error=""))


def postpone(row: Outgoing, error: Exception, after: timedelta) -> None:
    """Keep the row waiting for a later try, with what went wrong. Doesn't count as a crashed start."""
    type(row)._default_manager.filter(pk=row.pk, state=Outgoing.State.WAITING).update(
        next_try_at=Now() + Value(after), starts=0, last_error=f"{type(error).__name__}: {error}"[:500]
    )
