"""The outbox: rows that must leave, and the hints given to the broker about them.

A row written in the transaction of an act is the record. At commit PostgreSQL's NOTIFY wakes the
sweeper, which hands every due row to its Celery lane, again and again, until a worker has marked the
row done: no limit of age or number. The web process never talks to the broker, so a broker that is
down or hung costs a citizen nothing (docs/decisions/0002).
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from celery import current_app
from django.db import connection, transaction
from django.db.models import DurationField, Expression, ExpressionWrapper, F, Value
from django.db.models.functions import Least, Now, Power

from accounts.models import Outgoing
from portal.lib import chaos, lanes

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Outgoing)

WAKE_CHANNEL = "outbox"
# A published row is looked at again after this long, then after twice as long, and so on: what a killed
# worker costs, without flooding the lanes of a slow one.
RETRY_AFTER = timedelta(seconds=5)
LONGEST_WAIT = timedelta(seconds=60)
# So many starts without an end: the row itself may be what kills the workers. A person must look.
MAX_STARTS = 5


def wake_sweeper() -> None:
    """Tell the sweeper, at commit, that a row is waiting."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {WAKE_CHANNEL}")


def claim_due(model: type[Row], limit: int = 200) -> list[Row]:
    """Due rows of one outbox, each claimed by one sweeper only, and due again later."""
    rows = model._default_manager
    with transaction.atomic():
        due = list(
            rows.select_for_update(skip_locked=True)
            .filter(state=Outgoing.State.WAITING, next_try_at__lte=Now())
            .order_by("next_try_at")[:limit]
        )
        rows.filter(pk__in=[row.pk for row in due]).update(
            next_try_at=Now() + _wait(), published=F("published") + 1
        )
    return due


def _wait() -> Expression:
    doubled = ExpressionWrapper(
        Value(RETRY_AFTER) * Power(2, Least(F("published"), 6)), output_field=DurationField()
    )
    return Least(doubled, Value(LONGEST_WAIT), output_field=DurationField())


def publish(model: type[Row], task: str, lane_of: Callable[[Row], str], limit: int = 200) -> int:
    """Hand the due rows of one outbox to the broker; the message carries the row's id only.

    Returns how many were handed over. Raises kombu's OperationalError or OSError when the broker can't
    be reached: the rows stay waiting.
    """
    due = claim_due(model, limit)
    if not due:
        return 0
    handed = 0
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0)  # its own patience has no end
            producer = broker.Producer()
            for row in due:
                # A Queue, not its name: only workers know every office's lane by name.
                lane: Any = lanes.queue(lane_of(row))
                chaos.step("before_publish", row.pk)
                current_app.send_task(task, args=[row.pk], queue=lane, producer=producer)
                chaos.step("after_publish", row.pk)
                handed += 1
    finally:
        _give_back(model, due[handed:])
    return handed


def _give_back(model: type[Row], rows: list[Row]) -> None:
    """Unclaim what couldn't be handed over, so that an outage of the broker doesn't add to anybody's wait:
    these rows are the first ones when it is back."""
    if rows:
        waiting = model._default_manager.filter(pk__in=[row.pk for row in rows], state=Outgoing.State.WAITING)
        waiting.update(next_try_at=Now(), published=F("published") - 1)


@contextmanager
def work(model: type[Row], pk: int) -> Iterator[Row | None]:
    """The row to work on; None if it is done, quarantined, or in another worker's hands.

    The start is counted and committed before the work, so that a row that kills its workers is found.
    The lock is the session's: it goes with a worker that dies.
    """
    key = f"{model._meta.db_table}:{pk}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        yield None
        return
    try:
        yield _started(model, pk)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


def _started(model: type[Row], pk: int) -> Row | None:
    rows = model._default_manager.filter(pk=pk, state=Outgoing.State.WAITING)
    if not rows.update(starts=F("starts") + 1):
        return None
    row = model._default_manager.get(pk=pk)
    if row.starts <= MAX_STARTS:
        return row
    rows.update(state=Outgoing.State.QUARANTINED)
    logger.error("%s %s needs a person: started %s times without an end", model.__name__, pk, row.starts)
    return None


def finish(row: Outgoing, **fields: object) -> bool:
    """Mark the row done, with further fields to keep. False: it was done before."""
    rows = type(row)._default_manager.filter(pk=row.pk, state=Outgoing.State.WAITING)
    return bool(rows.update(state=Outgoing.State.DONE, done_at=Now(), last_error="", **fields))


def postpone(row: Outgoing, error: Exception, after: timedelta) -> None:
    """Keep the row waiting for a later try, with what went wrong. Doesn't count as a crashed start."""
    type(row)._default_manager.filter(pk=row.pk, state=Outgoing.State.WAITING).update(
        next_try_at=Now() + Value(after), starts=0, last_error=f"{type(error).__name__}: {error}"[:500]
    )
