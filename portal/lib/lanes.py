"""Lanes (hàng đợi Celery): one an office, so that a province's burst delays no other, and a few common."""

from collections.abc import Iterable

from kombu import Queue
from kombu.utils.scheduling import round_robin_cycle

CODES = "codes"  # transaction codes: never behind anything else
NOTICES = "notices"
DOCUMENTS = "documents"  # uploaded files to scan and copy: seconds of a processor each
NIGHTLY = "nightly"
PROVINCE = "province."  # and the key of the office
COMMON = (CODES, NOTICES, DOCUMENTS, NIGHTLY)


def province(office_key: str) -> str:
    return f"{PROVINCE}{office_key}"


def every(office_keys: Iterable[str]) -> tuple[str, ...]:
    return (*COMMON, *(province(key) for key in sorted(office_keys)))


def queue(lane: str) -> Queue:
    """As worker and sweeper both declare it: on RabbitMQ a quorum queue, which survives the loss of a node. Redis
    knows no kinds of queues and asks for none."""
    return Queue(lane, routing_key=lane, queue_arguments={"x-queue-type": "quorum"})


class UrgentFirst(round_robin_cycle):  # type: ignore[type-arg]  # generic in its stub only
    """Which lane a worker empties next on Redis: codes first, then the offices and the clocks in turn, and letters and
    uploaded files while nobody's dossier waits (docs/decisions/0144)."""

    def consume(self, n: int) -> list[str]:  # type: ignore[override]  # the stub's mistake: it is a list
        return sorted(super().consume(n), key=_rank)


def _rank(lane: str) -> int:
    return {CODES: 0, NOTICES: 2, DOCUMENTS: 2}.get(lane, 1)
