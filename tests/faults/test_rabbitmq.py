"""RabbitMQ instead of Redis: another BROKER_URL, nothing else. Skipped where it isn't installed."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from accounts.models import Outgoing
from portal.lib import lanes
from portal.processes import LOCALHOST, free_port
from procedures.models import Dispatch
from tests.faults.checks import examine, on_their_way
from tests.faults.conftest import looking_into, prepared
from tests.faults.filers import Inbox, filer
from tests.faults.portal import BreakablePortal, breakable_portal, wait_until
from tests.faults.test_broker import with_codes

PROGRAMS = Path("/usr/lib/rabbitmq/bin")
OFFICES = ("ha-noi", "ho-chi-minh", "dak-lak", "bac-giang")


@contextmanager
def rabbitmq(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A node of its own on this machine; its address, and the environment its commands need."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"portal{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": LOCALHOST,
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_BASE": str(folder),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "ERL_EPMD_PORT": str(free_port()),
        "ERL_EPMD_ADDRESS": LOCALHOST,
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {{{LOCALHOST.replace('.', ',')}}}",
    }
    (folder / "plugins").write_text("[].\n", encoding="ascii")
    (folder / "rabbitmq.conf").write_text("disk_free_limit.absolute = 1MB\n", encoding="ascii")
    with (folder / "said").open("wb") as said:
        node = subprocess.Popen(
            [PROGRAMS / "rabbitmq-server"], env=environment, stdout=said, stderr=said, start_new_session=True
        )
    try:
        ready = [PROGRAMS / "rabbitmqctl", "wait", "--timeout", "60", "--pid", str(node.pid)]
        done = subprocess.run(ready, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + (folder / "said").read_text(encoding="utf-8")
        yield f"amqp://guest:guest@{LOCALHOST}:{port}//", environment
    finally:
        os.killpg(node.pid, signal.SIGKILL)
        node.wait(20)
        subprocess.run(["epmd", "-kill"], env=environment, capture_output=True, check=False)


def kinds_of_queues(environment: dict[str, str]) -> dict[str, str]:
    command = [PROGRAMS / "rabbitmqctl", "-q", "list_queues", "--no-table-headers", "name", "type"]
    listed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return dict(line.split("\t") for line in listed.splitlines())


@pytest.fixture
def on_rabbitmq(
    monkeypatch: pytest.MonkeyPatch, django_db_blocker: object, settings: object
) -> Iterator[tuple[BreakablePortal, dict[str, str]]]:
    folder = Path(tempfile.mkdtemp(prefix="portal-rabbitmq-"))
    folder.chmod(0o711)
    (folder / "broker").mkdir()
    for name in ("DATABASE_URL", "WEB_DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    try:
        with (
            rabbitmq(folder / "broker") as (url, environment),
            breakable_portal(folder / "var", prepared, BROKER_URL=url) as portal,
            looking_into(portal, django_db_blocker, settings),  # type: ignore[arg-type]
        ):
            yield portal, environment
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.faults
@pytest.mark.skipif(not PROGRAMS.exists(), reason="RabbitMQ isn't installed (Debian: rabbitmq-server)")
def test_filings_to_several_lanes_arrive_over_quorum_queues_although_a_worker_is_killed(
    on_rabbitmq: tuple[BreakablePortal, dict[str, str]],
) -> None:
    portal, environment = on_rabbitmq
    inbox = Inbox(portal.var_dir / "demo-inbox")
    people = [
        filer(number, portal.port, inbox, office) for number, office in enumerate(OFFICES * 2, 9_000_000)
    ]
    ready = with_codes(people)  # codes come over RabbitMQ already
    portal.kill_at("mid_tx", "group")
    for person, code in ready:
        person.insist(code)
    assert wait_until(lambda: portal.has_killed_at("mid_tx"))
    assert wait_until(lambda: on_their_way() == 0), f"{on_their_way()} are still on their way"
    assert Dispatch.objects.filter(state=Outgoing.State.DONE).count() == len(people)
    assert examine([person.receipt for person in people]).is_clean
    kinds = kinds_of_queues(environment)
    assert {kinds[lanes.province(office)] for office in OFFICES} == {kinds[lanes.CODES]} == {"quorum"}
    with portal.broker() as redis:
        assert redis.dbsize() == 0, "nothing went through Redis"
