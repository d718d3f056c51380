"""PostgreSQL and Redis for the tests, and real workers and web servers where a test needs them.

Loaded by `-p tests.servers` (script/test), before Django reads its settings: one PostgreSQL and one Redis
a run, started before the xdist workers and stopped at the end. Every xdist worker has its own database,
its own Redis database and its own VAR_DIR; nothing of a run outlives it.
"""

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from portal import wall
from portal.celery import app as celery_app
from portal.embedded import embedded_servers
from portal.processes import LOCALHOST, StartError, free_port
from portal.serve import Program, programs, stop_programs, wait_for_web, wait_for_worker

# The headless shell draws the same pages without the machinery of windows.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
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
    stack.callback(_keep_logs, folder)
    try:
        running = stack.enter_context(embedded_servers(folder, throwaway=True))
    except StartError as error:
        raise pytest.UsageError(str(error)) from error
    os.environ |= {
        FOLDER: str(folder),
        "DATABASE_URL": running.database_url,
        "WEB_DATABASE_URL": running.web_database_url or _make_web_role(running.database_url),
        "REDIS_URL": running.redis_url,
    }
    stack.callback(os.environ.pop, FOLDER)


def _make_web_role(database_url: str) -> str:
    """On a server somebody named: the role of the web process, by whoever DATABASE_URL is."""
    password = secrets.token_urlsafe(24)
    try:
        with psycopg.connect(database_url, autocommit=True) as server:
            server.execute(wall.role_with(password))
            server.execute(f"GRANT {wall.ROLE} TO CURRENT_USER")
    except psycopg.Error as error:
        raise pytest.UsageError(
            f"The tests need the role {wall.ROLE}, and DATABASE_URL may not make it: {error}"
        ) from error
    parts = urlsplit(database_url)
    return urlunsplit(parts._replace(netloc=f"{wall.ROLE}:{password}@{parts.netloc.rpartition('@')[2]}"))


def _keep_logs(folder: Path) -> None:
    """What the servers and processes of the last run said: the first place to look when one failed."""
    kept = ROOT / "var" / "test-logs"
    shutil.rmtree(kept, ignore_errors=True)
    for log in folder.glob("**/log/*.log"):
        target = kept / log.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(log, target)


def _take_own_part() -> None:
    number = worker_number()
    own = Path(os.environ[FOLDER]) / f"worker-{number}"
    (own / "built").mkdir(parents=True)  # the settings look there only if it is there when they are read
    # Twice the number: the odd ones are for live_portal of the same worker.
    redis_url = with_path(os.environ["REDIS_URL"], 2 * number)
    os.environ |= {"VAR_DIR": str(own), "REDIS_URL": redis_url}
    # portal.celery was imported with this plugin, before the address was known.
    celery_app.conf.update(broker_url=redis_url)


def template_database() -> str:
    """A migrated database that others are copied from (0.1 s): made by the first who asks."""
    folder = Path(os.environ[FOLDER])
    with (folder / "template.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "template.done").exists():
            create_database(TEMPLATE)
            environment = {**os.environ, "DATABASE_URL": with_path(os.environ["DATABASE_URL"], TEMPLATE)}
            _run_python(
                ["manage.py", "migrate", "--skip-checks", "--verbosity", "0"], {**environment, "DEMO": "1"}
            )
            (folder / "template.done").touch()
    return TEMPLATE


def _run_python(arguments: list[str], environment: dict[str, str]) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def create_database(name: str, template: str = "template0") -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One live portal a run, not one an xdist worker: the tests that use it go to the same one."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "live_processes" in names:
            item.add_marker(pytest.mark.xdist_group("live_portal"))
        if "chromium" in names and not CHROMIUM:
            item.add_marker(
                pytest.mark.skip(reason="no Chromium here (Debian: apt install chromium-headless-shell)")
            )


@pytest.fixture
def start_celery_worker(transactional_db: None) -> Iterator[Callable[[], Program]]:
    """Starts a real worker on this test's database and broker, for the lanes of the offices there are."""
    redis_url, port = os.environ["REDIS_URL"], free_port()
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    database_url = with_path(os.environ["DATABASE_URL"], connection.settings_dict["NAME"])
    environment = {**os.environ, "DATABASE_URL": database_url, "DEMO": "1"}
    started: list[Program] = []

    def start() -> Program:
        worker = programs(port, "", Path(os.environ["VAR_DIR"]), environment)["worker"]
        started.append(worker)
        worker.start()
        wait_for_worker(worker, port, redis_url)
        return worker

    yield start
    stop_programs(started)


@pytest.fixture
def celery_worker_process(start_celery_worker: Callable[[], Program]) -> Program:
    """A running worker. Ask for it after the fixtures that make the offices whose lanes it shall consume."""
    return start_celery_worker()


@dataclass
class LivePortal:
    """A whole portal in processes of its own, with its own database: `programs` are web, worker, sweeper."""

    url: str
    port: int
    database_url: str
    redis_url: str
    var_dir: Path
    programs: dict[str, Program]
    environment: dict[str, str]

    def run(self, program: str) -> str:
        """What a short Python program prints that works on this portal's data as its owner."""
        return _run_python(["-c", program], self.environment)

    def start(self, name: str) -> None:
        """Start one (again), and wait until it does its work."""
        program = self.programs[name]
        program.start()
        if name == "web":
            wait_for_web(program, self.port)
        if name == "worker":
            wait_for_worker(program, self.port, self.redis_url)

    def stop(self, name: str) -> None:
        stop_programs([self.programs[name]])

    def let_minutes_pass(self) -> None:
        """Whoever was sent a code may ask for the next one; an app's step may be used again."""
        with psycopg.connect(self.database_url, autocommit=True) as database:
            database.execute("DELETE FROM accounts_throttle")
            database.execute("UPDATE accounts_authenticator SET last_step = last_step - 2")

    def forget_drafts(self, login: str) -> None:
        """The tests share this portal's people: what one left half done isn't where the next one begins."""
        self.run(
            "import django; django.setup()\n"
            "from procedures.models import Dossier\n"
            "from procedures.services import drafts\n"
            f"for draft in Dossier.objects.filter(filer__login='{login}', status='draft'):\n"
            "    drafts.discard(draft)\n"
        )


PREPARE = """
import os, pathlib, portal.serve
print(portal.serve.prepare(pathlib.Path(os.environ["VAR_DIR"]))[0])
"""


@pytest.fixture(scope="session")
def live_processes() -> Iterator[LivePortal]:
    """For tests that stop, kill or look into the processes. Whoever stops one starts it again."""
    number, port = worker_number(), free_port()
    database = f"test_portal_live_{number}"
    create_database(database, template_database())
    var_dir = Path(os.environ["VAR_DIR"]) / "live"
    url = f"http://{LOCALHOST}:{port}"
    redis_url = with_path(os.environ["REDIS_URL"], 2 * number + 1)
    database_url = with_path(os.environ["DATABASE_URL"], database)
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "WEB_DATABASE_URL": with_path(os.environ["WEB_DATABASE_URL"], database),
        "REDIS_URL": redis_url,
        "VAR_DIR": str(var_dir),
        "DEMO": "1",
        "PUBLIC_URL": url,
    }
    lanes = _run_python(["-c", PREPARE], environment).strip()
    portal = LivePortal(
        url, port, database_url, redis_url, var_dir, programs(port, lanes, var_dir, environment), environment
    )
    del portal.programs["beat"]  # its clockwork would meddle with the tests' own timing
    try:
        for program in portal.programs.values():
            program.start()
        wait_for_web(portal.programs["web"], port)
        wait_for_worker(portal.programs["worker"], port, redis_url)
        yield portal
    finally:
        stop_programs(portal.programs.values())


@pytest.fixture(autouse=True)
def minutes_have_passed(request: pytest.FixtureRequest) -> None:
    """Tests share the people of the live portal: what one asked for doesn't make the next one wait."""
    if "live_processes" in request.fixturenames:
        request.getfixturevalue("live_processes").let_minutes_pass()


@pytest.fixture(scope="session")
def live_portal(live_processes: LivePortal) -> str:
    """The address of a running portal with the demo's offices and people."""
    return live_processes.url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which Django takes for async code until told otherwise.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
