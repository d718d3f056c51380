"""Lanes (hàng đợi Celery): one an office, so that a province's burst delays no other, and a few common."""

from collections.abc import Iterable

from kombu import Queue

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
