"""The sweeper and the lanes, on a real broker: a lane stays short, the rest waits in its table."""

import os
from collections.abc import Iterator

import pytest
import redis
from celery import current_app
from django.db.models.functions import Now
from kombu import Message as BrokerMessage
from kombu.exceptions import OperationalError as BrokerError

from accounts.models import Message, Outgoing, User
from accounts.services import outbox
from portal.lib import lanes
from procedures.models import Dispatch
from procedures.services import dispatch
from tests import makers

FULL = outbox.LANE_LENGTH
pytestmark = pytest.mark.django_db


@pytest.fixture
def broker() -> Iterator["redis.Redis"]:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()
        yield client
        client.flushdb()


def letters(person: User, number: int) -> None:
    Message.objects.bulk_create(Message(user=person, kind=Message.Kind.CODE_ISSUED) for _ in range(number))


def told() -> dict[int, int]:
    """How many rows were handed over how often."""
    times = list(Message.objects.values_list("published", flat=True))
    return {number: times.count(number) for number in sorted(set(times))}


def test_a_lane_takes_so_many_and_the_rest_waits_in_its_turn(
    contributor: User, broker: "redis.Redis"
) -> None:
    letters(contributor, FULL + 50)
    assert dispatch.sweep_once() == FULL
    assert dispatch.sweep_once() == 0
    assert broker.llen(lanes.NOTICES) == FULL
    assert told() == {0: 50, 1: FULL}
    first_told = Message.objects.filter(published=1).order_by("-pk")[0]
    assert not Message.objects.filter(published=0, pk__lt=first_told.pk).exists()


def test_what_a_slow_lane_holds_is_not_told_again_however_long_it_takes(
    contributor: User, broker: "redis.Redis"
) -> None:
    letters(contributor, FULL)
    dispatch.sweep_once()
    Message.objects.update(next_try_at=Now())  # hours later
    assert dispatch.sweep_once() == 0
    assert broker.llen(lanes.NOTICES) == FULL


def test_a_lane_that_lost_its_messages_gets_them_again(contributor: User, broker: "redis.Redis") -> None:
    letters(contributor, 3)
    assert dispatch.sweep_once() == 3
    broker.flushdb()
    assert dispatch.sweep_once() == 0  # each has its time
    Message.objects.update(next_try_at=Now())
    assert dispatch.sweep_once() == 3
    assert broker.llen(lanes.NOTICES) == 3


def test_a_lane_is_filled_when_half_of_it_is_taken_those_first_who_were_never_told(
    contributor: User, broker: "redis.Redis"
) -> None:
    letters(contributor, FULL)
    dispatch.sweep_once()
    letters(contributor, 10)
    broker.ltrim(lanes.NOTICES, 0, FULL // 2)  # one more than half is left
    assert dispatch.sweep_once() == 0
    broker.lpop(lanes.NOTICES)
    Message.objects.filter(published=1).update(next_try_at=Now())
    assert dispatch.sweep_once() == FULL // 2
    assert told() == {1: FULL // 2 + 20, 2: FULL // 2 - 10}


def test_a_full_lane_delays_no_other(contributor: User, broker: "redis.Redis") -> None:
    letters(contributor, 2 * FULL)
    dispatch.sweep_once()
    makers.filed(contributor)
    dispatch.sweep_once()
    assert broker.llen(lanes.province("ha-noi")) == 1
    assert Dispatch.objects.get().published == 1


def test_every_row_has_a_lane_that_workers_consume(contributor: User, officer: User) -> None:
    makers.supplemented(contributor, officer)
    makers.draft(contributor)
    for box in dispatch.OUTBOXES:
        box.model._default_manager.update(state=Outgoing.State.WAITING, next_try_at=Now())
    letters(contributor, 1)
    found = outbox.lanes_with_due_rows(dispatch.OUTBOXES)
    assert {number for number, _ in found} == set(range(len(dispatch.OUTBOXES)))
    assert {lane for _, lane in found} <= set(lanes.every(["ha-noi"]))


def test_a_sweep_of_nothing_is_one_question(
    contributor: User, broker: "redis.Redis", django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert dispatch.sweep_once() == 0


def test_what_cannot_be_handed_over_is_not_claimed(
    contributor: User, broker: "redis.Redis", settings: object
) -> None:
    letters(contributor, 5)
    broker.config_set("maxmemory", "1")
    try:
        with pytest.raises(BrokerError):
            dispatch.sweep_once()
    finally:
        broker.config_set("maxmemory", "0")
    assert told() == {0: 5}
    assert dispatch.sweep_once() == 5


def taken(waiting: list[str]) -> list[str]:
    """The lanes in the order in which one worker takes what waits in them."""
    order: list[str] = []

    def take(lane: str, message: BrokerMessage) -> None:
        order.append(lane)
        message.ack()

    with current_app.connection_for_read() as connection:
        with connection.Producer() as producer:
            for lane in waiting:
                producer.publish(lane, routing_key=lane)
        queues = [lanes.queue(lane) for lane in dict.fromkeys(waiting)]
        consumer = connection.Consumer(queues, callbacks=[take])
        consumer.qos(prefetch_count=1)
        with consumer:
            for _ in waiting:
                connection.drain_events(timeout=5)
    return order


def test_codes_go_first_offices_in_turn_and_letters_when_nobodys_dossier_waits(broker: "redis.Redis") -> None:
    hanoi, daklak = lanes.province("ha-noi"), lanes.province("dak-lak")
    waiting = [
        lanes.NOTICES,
        lanes.DOCUMENTS,
        hanoi,
        hanoi,
        hanoi,
        daklak,
        lanes.NIGHTLY,
        lanes.CODES,
        lanes.CODES,
    ]
    order = taken(waiting)
    assert order[:2] == [lanes.CODES] * 2
    assert set(order[2:5]) == {hanoi, daklak, lanes.NIGHTLY}  # a turn each
    assert order[5:7] == [hanoi] * 2
    assert set(order[7:]) == {lanes.NOTICES, lanes.DOCUMENTS}
