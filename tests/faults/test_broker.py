"""The broker dies, hangs, forgets or is full: the rows remember."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import redis
from django.db.models import F, Sum, Value
from django.db.models.functions import Now

from accounts.models import Outgoing
from portal.lib import lanes
from procedures.models import Dispatch
from tests.faults.checks import on_their_way
from tests.faults.conftest import Filers
from tests.faults.filers import Filer
from tests.faults.portal import SOON, BreakablePortal, wait_until
from tests.servers import ROOT

Arrived = Callable[..., None]
Fault = Callable[[BreakablePortal], None]


def with_codes(people: list[Filer]) -> list[tuple[Filer, str]]:
    for person in people:
        person.ask_code()
    return [(person, person.read_code()) for person in people]


def fill(portal: BreakablePortal) -> None:
    with portal.broker() as broker:
        broker.config_set("maxmemory", "1")


def empty_again(portal: BreakablePortal) -> None:
    with portal.broker() as broker:
        broker.config_set("maxmemory", "0")


FAULTS: dict[str, tuple[Fault, Fault]] = {
    "killed": (BreakablePortal.kill_redis, BreakablePortal.start_redis),
    "hung": (BreakablePortal.freeze_redis, BreakablePortal.thaw_redis),
    "full": (fill, empty_again),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_filing_succeeds_without_the_broker_and_arrives_within_a_minute_of_its_return(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived, fault: str
) -> None:
    begin, end = FAULTS[fault]
    ready = with_codes(filers(3))
    begin(portal)
    try:
        for person, code in ready:
            assert person.send_code(code).status == 302
            assert person.receipt
        # Long enough for several tries: none may push a row further into the future.
        assert not wait_until(lambda: on_their_way() == 0, seconds=6)
        late = Dispatch.objects.filter(
            state=Outgoing.State.WAITING, next_try_at__gt=Now() + Value(timedelta(seconds=SOON / 2))
        )
        assert not late.exists()
    finally:
        end(portal)
    all_arrived([person for person, _ in ready])


@pytest.fixture
def only_web(portal: BreakablePortal) -> Iterator[None]:
    """Neither worker nor sweeper."""
    portal.stop("worker")
    portal.stop("sweeper")
    yield
    portal.start("sweeper")
    portal.start("worker")


def test_a_filing_says_nothing_to_the_broker(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived, request: pytest.FixtureRequest
) -> None:
    """So it can cost nothing whatever the broker does; `script/faults broker` prints how much."""
    ready = with_codes(filers(3))
    request.getfixturevalue("only_web")
    with portal.broker() as broker:
        before = heard(broker)
        for person, code in ready:
            assert person.send_code(code).status == 302
        after = heard(broker)
    assert after == before


def heard(broker: "redis.Redis") -> dict[str, int]:
    """How often each command was given, by whomever, and how often somebody connected."""
    calls = {name: facts["calls"] for name, facts in broker.info("commandstats").items()}
    calls.pop("cmdstat_info", None)  # our own question
    return {**calls, "connections": broker.info("stats")["total_connections_received"]}


def test_a_cleared_cache_takes_nothing_from_the_broker(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    """F13: with a cache in the broker's Redis, cache.clear() would be FLUSHDB."""
    ready = with_codes(filers(2))
    portal.stop("worker")
    for person, code in ready:
        person.insist(code)
    assert wait_until(all_published)
    lane = lanes.province("ha-noi")
    with portal.broker() as broker:
        assert wait_until(lambda: broker.llen(lane) >= len(ready))
        portal.stop("sweeper")  # it would tell everything again
        told = broker.lrange(lane, 0, -1)
        clear = "from django.core.cache import caches; [cache.clear() for cache in caches.all(initialized_only=False)]"
        command = [sys.executable, "manage.py", "shell", "-c", clear]
        environment = {**(portal.programs["worker"].environment or {}), "PATH": os.environ["PATH"]}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        assert broker.lrange(lane, 0, -1) == told
    portal.start("sweeper")
    portal.start("worker")
    all_arrived([person for person, _ in ready])


def test_a_wiped_broker_is_told_everything_again(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    ready = with_codes(filers(3))
    portal.stop("worker")
    for person, code in ready:
        person.insist(code)
    assert wait_until(all_published)
    with portal.broker() as broker:
        assert wait_until(lambda: broker.llen(lanes.province("ha-noi")) > 0)
        broker.flushall()
    portal.start("worker")
    all_arrived([person for person, _ in ready])


def test_messages_repeated_out_of_order_and_unknown_have_one_effect(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    ready = with_codes(filers(3))
    portal.stop("worker")
    for person, code in ready:
        person.insist(code)
    assert wait_until(all_published)
    lane = lanes.province("ha-noi")
    with portal.broker() as broker:
        assert wait_until(lambda: broker.llen(lane) >= len(ready))
        raw = broker.lrange(lane, 0, -1)
        copies = raw * 50
        random.Random(7).shuffle(copies)
        strange = raw[0].replace(b"procedures.deliver_dossier", b"procedures.no_such_task")
        broker.lpush(lane, *copies, strange)
        portal.start("worker")
        assert wait_until(lambda: broker.llen(lane) == 0)
    people = [person for person, _ in ready]
    all_arrived(people)
    for person in people:
        messages = person.inbox.messages_to(person.user.email)
        assert sum("mã hồ sơ" in message["text"].lower() for message in messages) == 1, messages


def test_two_sweepers_hand_out_nothing_twice(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    ready = with_codes(filers(4))
    portal.stop("worker")
    with portal.broker() as broker:
        broker.flushall()
    Dispatch.objects.filter(state=Outgoing.State.WAITING).update(published=0)
    portal.start("second sweeper")
    try:
        for person, code in ready:
            person.insist(code)
        assert wait_until(all_published)
        # Both at rest: every claim is exactly one message.
        portal.stop("sweeper")
        portal.stop("second sweeper")
        claimed = Dispatch.objects.filter(state=Outgoing.State.WAITING).aggregate(n=Sum(F("published")))["n"]
        with portal.broker() as broker:
            assert broker.llen(lanes.province("ha-noi")) == claimed
    finally:
        portal.stop("second sweeper")
        portal.start("sweeper")
        portal.start("worker")
    all_arrived([person for person, _ in ready])


def test_a_sweeper_asked_to_stop_while_the_broker_hangs_keeps_nothing_claimed(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    [(person, code)] = with_codes(filers(1))
    portal.stop("worker")
    with portal.broker() as broker:
        broker.flushall()
    sweeper = portal.programs["sweeper"].process
    assert sweeper is not None
    portal.freeze_redis()
    try:
        person.insist(code)
        time.sleep(1)  # it asks how long the lane is, and gets no answer
        portal.stopped.add("sweeper")
        sweeper.terminate()
        sweeper.wait(15)
    finally:
        portal.thaw_redis()
        claimed = Dispatch.objects.filter(state=Outgoing.State.WAITING).aggregate(n=Sum(F("published")))["n"]
        with portal.broker() as broker:
            told = broker.llen(lanes.province("ha-noi"))
        portal.start("sweeper")
        portal.start("worker")
    assert told == claimed  # nothing waits for a message that was never sent
    all_arrived([person])


def all_published() -> bool:
    return not Dispatch.objects.filter(state=Outgoing.State.WAITING, published=0).exists()
