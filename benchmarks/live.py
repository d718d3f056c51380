"""The portal as script/server runs it, with the wizard beside it: real processes on one PostgreSQL and Redis."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.test import Client

import benchmarks.ready  # noqa: F401 - first
from accounts.models import Outgoing, User
from benchmarks.browser import Browser
from portal.lib import lanes
from portal.processes import free_port
from portal.serve import Program, programs, stop_programs, wait_for_web, wait_for_worker
from procedures.selectors.health import OUTBOXES
from tests.people import fully_verified

WIZARD_TABLE = "CREATE TABLE IF NOT EXISTS wizard_row (id bigserial PRIMARY KEY, content jsonb NOT NULL)"
PATIENCE = 900  # seconds: a busy machine is slow, not wrong


@dataclass
class Live:
    """`programs`: web, worker, sweeper and wizard, each started and stopped by name."""

    port: int
    wizard_port: int
    programs: dict[str, Program]

    def start(self, *names: str) -> None:
        for name in names:
            program = self.programs[name]
            program.start()
            if name in ("web", "wizard"):
                wait_for_web(program, self.port if name == "web" else self.wizard_port)
            if name == "worker":
                wait_for_worker(program, self.port, os.environ["REDIS_URL"])

    def stop(self, *names: str) -> None:
        stop_programs([self.programs[name] for name in names])


@contextmanager
def live_portal(wizard_fields: dict[str, dict[str, list[str]]]) -> Iterator[Live]:
    """Nothing runs yet; whatever runs at the end is stopped."""
    var_dir, port, wizard_port = Path(os.environ["VAR_DIR"]), free_port(), free_port()
    environment = {**os.environ, "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    made = programs(port, "", var_dir, environment)
    del made["beat"]
    files = var_dir / "wizard-files"
    files.mkdir(exist_ok=True)
    wizard_environment = {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "WIZARD_DATABASE_URL": wizard_database(),
        "WIZARD_FILES": str(files),
        "WIZARD_FIELDS": json.dumps(wizard_fields),
    }
    bind = made["web"].arguments.index("--bind")
    arguments = [*made["web"].arguments]
    arguments[bind + 1], arguments[-1] = f"127.0.0.1:{wizard_port}", "benchmarks.wizard"
    made["wizard"] = Program("wizard", arguments, var_dir, wizard_environment)
    try:
        yield Live(port, wizard_port, made)
    finally:
        stop_programs(made.values())
        shutil.rmtree(files, ignore_errors=True)


def wizard_database() -> str:
    """An own database on the same server, with Django's session table."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS portal_wizard WITH (FORCE)")
        server.execute("CREATE DATABASE portal_wizard")
    url = urlunsplit(parts._replace(path="/portal_wizard"))
    with psycopg.connect(url) as made:
        made.execute(WIZARD_TABLE)
        made.execute(
            "CREATE TABLE django_session (session_key varchar(40) PRIMARY KEY, session_data text NOT NULL, "
            "expire_date timestamptz NOT NULL)"
        )
        made.execute("CREATE INDEX ON django_session (expire_date)")
    return url


@contextmanager
def web_alone() -> Iterator[int]:
    """The portal's web process without any other. Yields its port."""
    var_dir, port = Path(os.environ["VAR_DIR"]), free_port()
    web = programs(port, "", var_dir, {**os.environ, "PUBLIC_URL": f"http://127.0.0.1:{port}"})["web"]
    web.start()
    try:
        wait_for_web(web, port)
        yield port
    finally:
        stop_programs([web])


def browser_of(user: User, port: int) -> Browser:
    """Logged in with both factors."""
    client = Client()
    client.force_login(user)
    fully_verified(client, user)
    return Browser(port, {"sessionid": client.cookies["sessionid"].value})


def wait_until(is_so: Callable[[], bool], every: float = 0.02) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "not in time"
        time.sleep(every)


def wait_until_quiet() -> None:
    """Nothing is on its way any more: no dossier, letter, code or file that is looked at. What came before would slow
    down what is measured next."""
    wait_until(lambda: not any(map(_is_waiting, OUTBOXES)), every=0.5)  # each look costs PostgreSQL a little


def _is_waiting(outbox: type[Outgoing]) -> bool:
    return outbox._default_manager.filter(state=Outgoing.State.WAITING).exists()


def every_lane(office_keys: Sequence[str]) -> str:
    return ",".join(lanes.every(office_keys))
