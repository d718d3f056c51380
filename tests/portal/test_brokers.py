"""Another broker is another BROKER_URL: our settings reach its client. tests/faults/test_rabbitmq.py runs it."""

import os
import subprocess
import sys

import pytest

from portal.processes import LOCALHOST, free_port
from tests.servers import ROOT

PROGRAM = """
from portal.celery import app
with app.connection_for_write() as broker:
    print(broker.transport.driver_name)
    try:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=5)
    except Exception as error:
        print(type(error).__name__)
"""


@pytest.mark.parametrize(("scheme", "driver"), [("amqp", "py-amqp"), ("redis", "redis")])
def test_the_address_alone_chooses_the_broker(scheme: str, driver: str) -> None:
    url = f"{scheme}://portal:secret@{LOCALHOST}:{free_port()}/"
    environment = {**os.environ, "BROKER_URL": url, "DEMO": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [driver, "OperationalError"]  # nobody listens there; no setting is refused
