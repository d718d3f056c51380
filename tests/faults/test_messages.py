"""What comes through the broker is a hint at best: nonsense, old messages, a burst, an old key."""

import json
import time
from collections.abc import Callable, Iterator

import pytest
import redis

from portal.lib import lanes
from procedures.models import Dispatch
from tests.faults.conftest import Filers
from tests.faults.delays import delays_of
from tests.faults.portal import BreakablePortal, wait_until
from tests.faults.test_broker import with_codes

Arrived = Callable[..., None]
HANOI, DAKLAK = lanes.province("ha-noi"), lanes.province("dak-lak")
BURST = 1_000


@pytest.fixture(autouse=True)
def worker_afterwards(portal: BreakablePortal) -> Iterator[None]:
    """Whatever went wrong, the next test finds a worker."""
    yield
    if "worker" in portal.stopped:
        portal.start("worker")


def one_message(portal: BreakablePortal, filers: Filers) -> "tuple[list[object], bytes]":
    """Somebody's dossier on its way, and the message about it, with the worker at rest."""
    ready = with_codes(filers(1))
    portal.stop("worker")
    for person, code in ready:
        person.insist(code)
    return [person for person, _ in ready], told(portal)


def told(portal: BreakablePortal) -> bytes:
    """The message in Hà Nội's lane. A row is counted as published a moment before its message is there."""
    with portal.broker() as broker:
        assert wait_until(lambda: broker.llen(HANOI) > 0)
        return bytes(broker.lrange(HANOI, 0, 0)[0])


def drained(broker: "redis.Redis", lane: str, seconds: float = 120) -> bool:
    return wait_until(lambda: broker.llen(lane) == 0, seconds=seconds)


def test_nonsense_in_a_lane_harms_nobody(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    people, raw = one_message(portal, filers)
    message = json.loads(raw)
    body = {**message, "body": "bm8ganNvbg=="}
    odd = [
        json.dumps(body),  # a body that is no JSON
        json.dumps({**message, "content-type": "application/x-python-serialize"}),
        json.dumps({**message, "headers": {**message["headers"], "task": "procedures.no_such_task"}}),
        json.dumps({**message, "headers": {}}),
        json.dumps({**message, "body": "A" * 10 * 1024 * 1024}),
    ]
    with portal.broker() as broker:
        for strange in odd:
            broker.lpush(HANOI, strange)
        portal.start("worker")
        assert drained(broker, HANOI)
    all_arrived([*people, *filers_after(filers)])


def test_what_is_no_message_at_all_costs_at_most_a_restart(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    """Kombu doesn't catch what isn't JSON: the worker ends, and whoever watches it starts it again."""
    people, _ = one_message(portal, filers)
    with portal.broker() as broker:
        broker.rpush(HANOI, "không phải JSON", "{}")
        portal.begin("worker")
        assert drained(broker, HANOI)
    all_arrived([*people, *filers_after(filers)])


def test_a_message_of_an_older_or_newer_edition_is_set_aside_and_the_row_is_told_again(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    """Only such messages come at first; the row still waits, so the sweeper says it in today's words."""
    people, raw = one_message(portal, filers)
    pk = Dispatch.objects.get(filing__dossier=people[0].dossier).pk
    message = json.loads(raw)
    args = "procedures.deliver_dossier"
    other = []
    for arguments in ([[], {"dispatch": pk}, {}], [[pk, "ha-noi", 2], {}, {}], [["không phải số"], {}, {}]):
        text = json.dumps(arguments)
        other.append(
            json.dumps(
                {**message, "body": text, "properties": {**message["properties"], "body_encoding": ""}}
            )
        )
    assert args in raw.decode()
    with portal.broker() as broker:
        broker.delete(HANOI)
        broker.lpush(HANOI, *other)
        portal.start("worker")
        assert drained(broker, HANOI)
    all_arrived(people)


def test_a_thousand_messages_of_one_office_are_not_first_when_another_has_three(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    """Counted, not timed: lanes take turns, so most of the burst is still there when the others have arrived.
    `script/faults burst` prints the seconds, for all 63 lanes."""
    ready, far = with_codes(filers(1)), with_codes(filers(3, "dak-lak"))
    portal.stop("worker")
    for person, code in [*ready, *far]:
        person.insist(code)
    raw, others = told(portal), [person.receipt for person, _ in far]
    with portal.broker() as broker:
        assert wait_until(lambda: broker.llen(DAKLAK) >= len(far))
        broker.lpush(HANOI, *[raw] * BURST)
        portal.begin("worker")
        assert wait_until(lambda: len(delays_of(others)) == len(far), every=0.02)
        assert broker.llen(HANOI) > BURST / 2
    portal.wait_until_it_works("worker")
    all_arrived([person for person, _ in [*ready, *far]])


def test_a_new_secret_key_ends_neither_a_session_nor_a_code_on_its_way(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    """The first request with an old session is given a new one, as a browser keeps it; this person makes one."""
    ready = with_codes(filers(1))
    old = (portal.programs["web"].environment or {}).get(
        "SECRET_KEY"
    ) or f"only-for-the-demo-SECRET_KEY-{'0' * 48}"
    try:
        portal.restart("web", SECRET_KEY="a-new-key-" + "7" * 50, SECRET_KEY_FALLBACKS=old)
        for person, code in ready:
            answer = person.send_code(code)
            assert (answer.status, answer.location) == (302, person.url("da-nop/"))
    finally:
        portal.restart("web")
    all_arrived([person for person, _ in ready])


def filers_after(filers: Filers) -> list[object]:
    """Somebody who files afterwards: the worker is there and well."""
    began = time.monotonic()
    (person,) = filers(1)
    person.file()
    assert time.monotonic() - began < 60
    return [person]
