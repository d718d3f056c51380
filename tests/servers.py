"""PostgreSQL and Redis for the tests, and real workers and web servers where a test needs them.

Loaded by `-p tests.servers` (script/test), before Django reads its settings: one PostgreSQL and one Redis
a run, started before the xdist workers and stopped at the end. Every xdist worker has its own database,
its own Redis database and its own VAR_DIR; nothing of a run outlives it.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from portal.celery import app as celery_app
from portal.embedded import embedded_servers
from portal.processes import StartError

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "PORTAL_TESTS_FOLDER"
TEMPLATE = "test_portal_template"


def worker_number() -> int:
    """0 for a run in one process, 1, 2, … for the xdist workers."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(name.removeprefix("gw")) + 1 if name else 0


def with_path(url: str, path: str | int) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Comes before pytest-django loads the settings, which read these variables."""
    options = early_config.known_args_namespace
    if options.help or options.version:
        return
    if not worker_number():
        _start_servers(early_config)
    _take_own_part()


def _start_servers(config: pytest.Config) -> None:
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o711)  # root starts PostgreSQL as another user, who must get in
    stack = ExitStack()
    config.add_cleanup(stack.close)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    try:
        running = stack.enter_context(embedded_servers(folder, throwaway=True))
    except StartError as error:
        raise pytest.UsageError(str(error)) from error
    os.environ |= {FOLDER: str(folder), "DATABASE_URL": running.database_url, "REDIS_URL": running.redis_url}
    stack.callback(os.environ.pop, FOLDER)


def _take_own_part() -> None:
    number = worker_number()
    own = Path(os.environ[FOLDER]) / f"worker-{number}"
    own.mkdir()
    # Twice the number: the odd ones are for live_portal of the same worker.
    redis_url = with_path(os.environ["REDIS_URL"], 2 * number)
    os.environ |= {"VAR_DIR": str(own), "REDIS_URL": redis_url}
    # portal.celery was imported with this plugin, before the address was known.
    celery_app.conf.broker_url = redis_url


def template_database() -> str:
    """A migrated database that others are copied from (0.1 s): made by the first who asks."""
    folder = Path(os.environ[FOLDER])
    with (folder / "template.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "template.done").exists():
            create_database(TEMPLATE)
            environment = {**os.environ, "DATABASE_URL": with_path(os.environ["DATABASE_URL"], TEMPLATE)}
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            migrated = subprocess.run(
                command,
                cwd=ROOT,
                env={**environment, "DEMO": "1"},
                capture_output=True,
                text=True,
                check=False,
            )
            assert migrated.returncode == 0, migrated.stderr
            (folder / "template.done").touch()
    return TEMPLATE


def create_database(name: str, template: str = "template0") -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One live portal a run, not one an xdist worker: the tests that use it go to the same one."""
    for item in items:
        if "live_processes" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("live_portal"))
