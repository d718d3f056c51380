"""A lane without a worker is given to one that answers."""

from collections.abc import Callable

import pytest

from accounts.models import Office
from portal.celery import app
from portal.lanes_watch import orphans_given_to
from portal.lib import lanes
from portal.serve import Program, stop_programs
from tests.faults.portal import wait_until


def consumed() -> set[str]:
    answers = app.control.inspect(timeout=2).active_queues() or {}
    return {queue["name"] for queues in answers.values() for queue in queues}


@pytest.mark.django_db(transaction=True)
def test_a_lane_nobody_consumes_is_given_to_a_worker_that_answers(
    offices: dict[str, Office], start_celery_worker: Callable[[], Program]
) -> None:
    worker = start_celery_worker()
    wanted = lanes.every(offices)
    assert wait_until(lambda: consumed() == set(wanted), seconds=30)
    assert list(orphans_given_to(app, wanted)) == []
    app.control.cancel_consumer(lanes.province("ha-noi"), reply=True, timeout=5)
    assert wait_until(lambda: lanes.province("ha-noi") not in consumed(), seconds=30)
    ((lane, name),) = orphans_given_to(app, wanted)
    assert lane == lanes.province("ha-noi")
    assert name.startswith("portal-")
    assert wait_until(lambda: lanes.province("ha-noi") in consumed(), seconds=30)
    stop_programs([worker])
    assert list(orphans_given_to(app, wanted)) == []  # nobody is left to give them to
