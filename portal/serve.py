"""The whole portal on one machine, for trying it out: what script/server runs.

Starts PostgreSQL and Redis where the environment names none, prepares the database, starts web, worker,
sweeper and beat as processes of their own, and watches over them. Ctrl-C or SIGTERM stops what was
started here and nothing else. Real operation: docker-compose.yml.
"""

import fcntl
import hashlib
import http.client
import io
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import django
import redis
from celery import Celery
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections
from kombu.exceptions import OperationalError as BrokerError

from portal.embedded import Running, embedded_servers
from portal.processes import (
    LOCALHOST,
    STOP_SIGNALS,
    StartError,
    as_child,
    last_line,
    no_stop_now,
    open_log,
    port_is_taken,
    secrets_of,
    stop_processes,
)
from portal.static_files import StaticFiles

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60
STOP_SECONDS = 15
RESTARTS, RESTART_SECONDS = 5, 60


@dataclass
class Program:
    """One of our own processes, with its log in var/log/<name>.log."""

    name: str
    arguments: list[str]
    var_dir: Path
    environment: Mapping[str, str] | None = None
    process: "subprocess.Popen[bytes] | None" = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS))

    def start(self) -> None:
        with no_stop_now(), open_log(self.var_dir, self.name) as log:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, *self.arguments],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C at the terminal reaches us alone; we stop them in order
                preexec_fn=as_child(signal.SIGTERM),  # noqa: PLW1509
            )

    def is_dead(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def dies_too_often(self) -> bool:
        self.deaths.append(time.monotonic())
        return len(self.deaths) == RESTARTS and self.deaths[-1] - self.deaths[0] < RESTART_SECONDS


def programs(
    port: int, lanes: str, var_dir: Path, environment: Mapping[str, str] | None = None
) -> dict[str, Program]:
    """Everything that runs besides PostgreSQL and Redis. docker-compose.yml runs the same commands. The web
    process connects as the role behind the second wall, where WEB_DATABASE_URL names it."""
    celery = ["-m", "celery", "-A", "portal.celery"]
    arguments = {
        "web": [
            *["-m", "gunicorn", "--config", "python:portal.gunicorn_settings"],
            *["--bind", f"{LOCALHOST}:{port}", "portal.wsgi"],
        ],
        "worker": [
            *[
                *celery,
                "worker",
                *(["--queues", lanes] if lanes else []),
                "--hostname",
                worker_name(port),
                "--concurrency",
                "2",
            ],
            *["--without-gossip", "--without-mingle"],
        ],
        "sweeper": ["manage.py", "sweep"],
        "beat": [*celery, "beat", "--schedule", str(var_dir / "celerybeat-schedule"), "--pidfile", ""],
    }
    started = {name: Program(name, line, var_dir, environment) for name, line in arguments.items()}
    given = os.environ if environment is None else environment
    if web_url := given.get("WEB_DATABASE_URL"):
        started["web"].environment = {**given, "DATABASE_URL": web_url}
    return started


def stop_programs(started: Iterable[Program]) -> None:
    processes = [program.process for program in started if program.process is not None]
    stop_processes(processes, signal.SIGTERM, STOP_SECONDS)


def worker_name(port: int) -> str:
    return f"portal-{port}@{LOCALHOST}"


def wait_for_web(web: Program, port: int, *others: Program) -> None:
    """Until a page comes back. A server's error page, or a program that dies, ends the wait with its reason."""
    for _ in _until_ready(web, *others):
        connection = http.client.HTTPConnection(LOCALHOST, port, timeout=10)
        try:
            connection.request("GET", "/", headers={"Host": f"{LOCALHOST}:{port}"})
            status = connection.getresponse().status
        except OSError:
            continue
        finally:
            connection.close()
        if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _not_ready(web)
        return


def wait_for_worker(worker: Program, port: int, redis_url: str, *others: Program) -> None:
    """Until the worker itself answers over the broker: then it also takes tasks."""
    with Celery(broker=redis_url, set_as_current=False) as app:
        for _ in _until_ready(worker, *others):
            with suppress(BrokerError):
                if app.control.ping(destination=[worker_name(port)], timeout=0.5):
                    return


def _until_ready(*waited: Program) -> Iterator[None]:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        for program in waited:
            if program.is_dead():
                raise _not_ready(program)
        yield
        time.sleep(0.05)
    raise _not_ready(waited[0])


def _not_ready(program: Program) -> StartError:
    reason = last_line(program.var_dir, program.name)
    return StartError(
        f"Tiến trình “{program.name}” không chạy được: {reason}",
        f"The process {program.name} did not get ready, see var/log/{program.name}.log",
    )


@contextmanager
def only_one(var_dir: Path) -> Iterator[None]:
    """Two servers on one var/ would stop each other's databases."""
    var_dir.mkdir(parents=True, exist_ok=True)
    with (var_dir / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StartError(
                f"script/server đã chạy từ thư mục này (tiến trình {lock.read()})",
                "script/server already runs from this folder",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def set_environment(var_dir: Path, port: int) -> None:
    """What is not given is that of the demo."""
    defaults = {
        **secrets_of(var_dir, "SECRET_KEY", "CODE_KEY", "LOG_KEY", "FILE_KEYS"),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "VAR_DIR": str(var_dir),
        "DEMO": "1",
        "PUBLIC_URL": f"http://{LOCALHOST}:{port}",
        "ALLOWED_HOSTS": f"{LOCALHOST},localhost",
        # Each thread would keep an arena of its own with what it has given back.
        "MALLOC_ARENA_MAX": "2",
    }
    os.environ |= {name: value for name, value in defaults.items() if not os.environ.get(name)}


def check_broker(url: str) -> None:
    try:
        with redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise StartError(
            f"Không dùng được Redis: {error}", "Redis cannot be used: check REDIS_URL"
        ) from error


def prepare(var_dir: Path) -> tuple[str, str]:
    """Database, static files, offices and demo people. Gives the lanes and the text about the logins."""
    (var_dir / "built").mkdir(parents=True, exist_ok=True)  # the settings name it as a folder of static files
    django.setup()
    # Beside the database, which takes as long; a fork has everything loaded already.
    static_files = multiprocessing.get_context("fork").Process(target=_make_static_files, args=(var_dir,))
    static_files.start()
    try:
        _migrate()
        for command in ("load_offices", "load_demo", "reseal_files"):
            call_command(command, stdout=io.StringIO())
    finally:
        static_files.join()
    if static_files.exitcode:
        raise StartError(
            "Không dựng được các tệp tĩnh (xem trên)", "The static files could not be made (see above)"
        )
    said = []
    for line in (["lanes"], ["load_demo", "--print"]):
        output = io.StringIO()
        call_command(*line, stdout=output)
        said.append(output.getvalue().strip())
    connections.close_all()
    return said[0], said[1]


def _migrate() -> None:
    try:
        call_command("migrate", verbosity=0)
    except (OperationalError, CommandError) as error:
        raise StartError(
            f"Không dùng được cơ sở dữ liệu: {str(error).splitlines()[0]}",
            "The database cannot be used: check DATABASE_URL",
        ) from error


def _make_static_files(var_dir: Path) -> None:
    """Every file is compressed, which takes its time, so only when one has changed."""
    for sig in STOP_SIGNALS:
        signal.signal(sig, signal.SIG_DFL)
    call_command("build_assets", stdout=io.StringIO())
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(StaticFiles.ignore_patterns):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    stamp = var_dir / "static.stamp"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != digest.hexdigest():
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest.hexdigest(), encoding="ascii")


def watch(running: Running, started: dict[str, Program]) -> None:
    """Start again what has died, and say so; give up on what keeps dying."""
    while True:
        time.sleep(0.5)
        for server in running.servers:
            if server.process is not None and server.process.poll() is not None:
                say(f"{server.label} đã dừng, khởi động lại / {server.label} died, starting it again")
                server.start()
        for program in started.values():
            if program.is_dead():
                _start_again(program)


def _start_again(program: Program) -> None:
    if program.dies_too_often():
        raise StartError(
            f"Tiến trình “{program.name}” chết liên tục: {last_line(program.var_dir, program.name)}",
            f"The process {program.name} keeps dying, see var/log/{program.name}.log",
        )
    say(f"Tiến trình “{program.name}” đã dừng, khởi động lại / {program.name} died, starting it again")
    program.start()


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def announce(running: Running, port: int, logins: str, *, is_first: bool) -> None:
    began = float(os.environ.get("SERVER_BEGAN_AT", "").removesuffix(".N") or time.time())
    kind = "lần đầu / cold" if is_first else "lần sau / warm"
    homes = {str(server.data.parent) for server in running.servers}
    address = f"http://{LOCALHOST}:{port}"
    say(
        f"\nCổng đang chạy / The portal is running:   {address}"
        f"\nHộp thư mẫu / demo messages:              {address}/hop-thu-demo/"
        f"\nNhật ký / logs:                           {os.environ['VAR_DIR']}/log"
        + "".join(f"\nDữ liệu / data:                           {home}" for home in homes)
        + f"\n\n{logins}\n"
        f"\nKhởi động mất {time.time() - began:.1f} giây ({kind}). Ctrl-C để dừng / to stop."
    )


def serve(var_dir: Path, port: int) -> None:
    with ExitStack() as stack:
        stack.enter_context(only_one(var_dir))
        if port_is_taken(port):
            raise StartError(
                f"Cổng mạng {port} đang bị chương trình khác dùng: hãy chọn cổng khác, ví dụ PORT=8001",
                f"Port {port} is taken: choose another, e.g. PORT=8001",
            )
        say("Đang khởi động PostgreSQL và Redis… / Starting PostgreSQL and Redis…")
        is_first = not (var_dir / "secrets.env").exists()
        set_environment(var_dir, port)
        running = stack.enter_context(embedded_servers(var_dir))
        os.environ |= {
            "DATABASE_URL": running.database_url,
            "WEB_DATABASE_URL": running.web_database_url,
            "REDIS_URL": running.redis_url,
        }
        check_broker(running.redis_url)
        say("Đang chuẩn bị dữ liệu… / Preparing the data…")
        lanes, logins = prepare(var_dir)
        say("Đang khởi động các tiến trình… / Starting the processes…")
        started = programs(port, lanes, var_dir)
        stack.callback(stop_programs, started.values())
        web, worker, *others = started.values()
        web.start()
        worker.start()
        wait_for_web(web, port, worker)
        wait_for_worker(worker, port, running.redis_url, web)
        for program in others:  # before, they would only take the time of these two
            program.start()
        announce(running, port, logins, is_first=is_first)
        watch(running, started)


def chosen_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if text.isascii() and text.isdigit() and 0 < int(text) < 2**16:
        return int(text)
    raise StartError(f"PORT={text} không phải số cổng", f"PORT={text} is not a port number")


def stop_on_signals() -> None:
    """SIGTERM and a closed terminal end like Ctrl-C: through every `finally` on the way out, once."""

    def stop(*_: object) -> None:
        for sig in STOP_SIGNALS:
            signal.signal(sig, signal.SIG_IGN)
        raise KeyboardInterrupt

    for sig in STOP_SIGNALS:
        signal.signal(sig, stop)


def main() -> int:
    stop_on_signals()
    try:
        serve(Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve(), chosen_port())
    except KeyboardInterrupt:
        say("\nĐã dừng / Stopped")
        return 0
    except StartError as error:
        sys.stderr.write(f"{error}\n")
    except PermissionError as error:
        sys.stderr.write(f"Không có quyền ghi {error.filename} / No permission to write there\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
