"""The outbox: rows that must leave, and the hints given to the broker about them.

A row written in the transaction of an act is the record. At commit PostgreSQL's NOTIFY wakes the
sweeper, which hands every due row to its Celery lane, again and again, until a worker has marked the
row done: no limit of age or number. The web process never talks to the broker, so a broker that is
down or hung costs a citizen nothing (docs/decisions/0002).
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from celery import current_app
from django.db import connection, transaction
from django.db.models import DurationField, Expression, ExpressionWrapper, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Least, Now, Power
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerError

from accounts.models import Outgoing
from portal.lib import chaos, lanes

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Outgoing)

WAKE_CHANNEL = "outbox"
# A published row is looked at again after this long, then after twice as long, and so on: what a killed
# worker costs, without flooding the lanes of a slow one.
RETRY_AFTER = timedelta(seconds=1)
LONGEST_WAIT = timedelta(seconds=60)
# So many starts without an end: the row itself may be what kills the workers. A person must look.
MAX_STARTS = 5
# So many messages wait in a lane at most; the other rows wait in their table. Else a lane that is slower than what
# comes fills with hints about the same rows again and again (docs/decisions/0143).
LANE_LENGTH = 200


def wake_sweeper() -> None:
    """Tell the sweeper, at commit, that a row is waiting."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {WAKE_CHANNEL}")


@dataclass(frozen=True, slots=True)
class Outbox:
    """One table of rows that must leave: the task that takes a row's id, and in SQL the lane of a row."""

    model: type[Outgoing]
    task: str
    lane: Combinable


@contextmanager
def to_broker() -> Iterator[Connection]:
    """A connection to the broker, to be kept: a new one costs more than the messages of a sweep. Raises kombu's
    OperationalError when the broker can't be reached, then or while it is used; this connection is over then."""
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0)  # its own patience has no end
        try:
            yield broker
        except broker.connection_errors + broker.channel_errors as error:
            raise BrokerError(f"{type(error).__name__}: {error}") from error


def hand_out(boxes: Sequence[Outbox], broker: Connection) -> int:
    """Give the broker due rows of every outbox, as many as there is room for in their lanes; a message carries the
    row's id only. Returns how many. Raises kombu's OperationalError when the broker can't be reached: the rows stay.
    """
    return sum(_fill(boxes[number], lane, broker) for number, lane in lanes_with_due_rows(boxes))


def lanes_with_due_rows(boxes: Sequence[Outbox]) -> list[tuple[int, str]]:
    """Each with the number of its outbox."""
    first, *others = (
        _due(box.model).values_list(Value(number), box.lane).order_by() for number, box in enumerate(boxes)
    )
    return list(first.union(*others))


def _fill(box: Outbox, lane: str, broker: Connection) -> int:
    # A Queue, not its name: only workers know every office's lane by name.
    queue: Any = lanes.queue(lane)
    waiting = queue.bind(broker.default_channel).queue_declare().message_count
    # Not one by one as they are taken: asking for due rows costs the more, the more there are.
    due = _claim(box, lane, LANE_LENGTH - waiting) if waiting <= LANE_LENGTH // 2 else []
    handed = 0
    try:
        with broker.Producer() as producer:
            for row in due:
                chaos.step("before_publish", row.pk)
                current_app.send_task(box.task, args=[row.pk], queue=queue, producer=producer)
                chaos.step("after_publish", row.pk)
                handed += 1
    finally:
        _give_back(box.model, due[handed:])
    return handed


def _due(model: type[Row]) -> QuerySet[Row]:
    return model._default_manager.filter(state=Outgoing.State.WAITING, next_try_at__lte=Now())


def _claim(box: Outbox, lane: str, limit: int) -> list[Outgoing]:
    """Due rows of one lane, each claimed by one sweeper only, and due again later."""
    with transaction.atomic():
        rows = _due(box.model).alias(lane=box.lane).filter(lane=lane).order_by("next_try_at")
        due: list[Outgoing] = list(rows.select_for_update(skip_locked=True)[:limit])
        box.model._default_manager.filter(pk__in=[row.pk for row in due]).update(
            next_try_at=Now() + _wait(), published=F("published") + 1
        )
    return due


def _wait() -> Expression:
    doubled = ExpressionWrapper(
        Value(RETRY_AFTER) * Power(2, Least(F("published"), 6)), output_field=DurationField()
    )
    return Least(doubled, Value(LONGEST_WAIT), output_field=DurationField())


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
