"""Lanes whose workers have gone are given to workers that answer, by Celery's own remote control."""

import logging
from collections.abc import Iterable, Iterator

from celery import Celery
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 3.0


def orphans_given_to(app: Celery, wanted: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each lane that nobody answering consumes, and the worker it was given to: the one with the fewest.

    Nothing while no worker answers, or the broker doesn't: whoever comes back then takes its lanes itself.
    """
    try:
        answers = app.control.inspect(timeout=ANSWER_SECONDS).active_queues() or {}
    except (OperationalError, OSError):
        logger.warning("lanes: the broker can't be reached")
        return
    consumed = {worker: {queue["name"] for queue in queues} for worker, queues in answers.items()}
    if not consumed:
        return
    for lane in sorted(set(wanted) - set().union(*consumed.values())):
        worker = min(consumed, key=lambda name: (len(consumed[name]), name))
        app.control.add_consumer(lane, routing_key=lane, destination=[worker], reply=False)
        consumed[worker].add(lane)
        logger.warning("lane %s had no worker and was given to %s", lane, worker)
        yield lane, worker
