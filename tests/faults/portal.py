"""A whole portal that may be broken: an own PostgreSQL with full durability, an own Redis, web, worker and
sweeper as real processes, and somebody who starts again what died, as script/server and Docker do."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
import redis
from kombu import pools

from portal.embedded import Postgres, Redis, Running, embedded_servers
from portal.processes import LOCALHOST, free_port
from portal.serve import Program, programs, stop_programs, wait_for_web, wait_for_worker

SECOND = 0  # in the name of the second worker, where the first has the portal's port
SOON = 60.0  # seconds: after a fault is lifted, everything has arrived


@dataclass
class BreakablePortal:
    """`programs` are web, worker and sweeper, and a second worker and sweeper that stand still until they are started;
    `watcher` revives those that die."""

    port: int
    postgres: Postgres
    redis: Redis
    redis_url: str
    database_url: str
    var_dir: Path
    programs: dict[str, Program]
    broker_url: str = ""  # another one than Redis
    stopped: set[str] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)
    is_over: threading.Event = field(default_factory=threading.Event)

    @property
    def orders(self) -> Path:
        return self.var_dir / "chaos"

    def kill_at(self, step: str, victim: str = "process", subject: object = None) -> None:
        """The next process at a step of portal.lib.chaos dies; with a subject, everybody at it."""
        name = step if subject is None else f"{step}.{subject}"
        part = self.orders / f".{name}"
        part.write_text(victim, encoding="ascii")
        part.rename(self.orders / name)

    def has_killed_at(self, step: str) -> bool:
        return not (self.orders / step).exists()

    def disarm(self) -> None:
        for order in self.orders.iterdir():
            order.unlink(missing_ok=True)

    def kill(self, name: str) -> None:
        """kill -9 of a program with all its children; the watcher starts it again."""
        process = self.programs[name].process
        if process is not None and process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def kill_child(self, name: str, chance: random.Random) -> None:
        """kill -9 of one child of a program, as when memory runs out; its parent goes on."""
        process = self.programs[name].process
        if process is not None:
            with suppress(psutil.NoSuchProcess, IndexError):  # it is just being started
                chance.choice(psutil.Process(process.pid).children()).kill()

    def stop(self, name: str) -> None:
        """In order, and for good: until `start`."""
        with self.lock:
            self.stopped.add(name)
        stop_programs([self.programs[name]])

    def start(self, name: str) -> None:
        self.begin(name)
        self.wait_until_it_works(name)

    def begin(self, name: str) -> None:
        """Start it without waiting until it works: it may die first."""
        with self.lock:
            self.stopped.discard(name)
            self.programs[name].start()

    def restart(self, name: str, **more: str) -> None:
        """With more in its environment; without any, as in the beginning."""
        program = self.programs[name]
        self.stop(name)
        before, program.environment = program.environment, {**(program.environment or {}), **more}
        try:
            self.start(name)
        finally:
            program.environment = before

    def wait_until_it_works(self, name: str) -> None:
        program = self.programs[name]
        pools.reset()  # connections of ours to a Redis that was killed since
        if name == "web":
            wait_for_web(program, self.port)
        if name in ("worker", "second worker"):
            number = self.port if name == "worker" else SECOND
            wait_for_worker(program, number, self.broker_url or self.redis_url)

    def broker(self) -> "redis.Redis":
        return redis.Redis.from_url(self.redis_url, socket_timeout=5)

    def kill_redis(self) -> None:
        _kill(self.redis)

    def start_redis(self) -> None:
        self.redis.start()

    def freeze_redis(self) -> None:
        os.kill(_pid(self.redis), signal.SIGSTOP)

    def thaw_redis(self) -> None:
        os.kill(_pid(self.redis), signal.SIGCONT)

    def restart_postgres(self) -> None:
        """`pg_ctl restart -m immediate`: no clean end, recovery from the log."""
        process = self.postgres.process
        assert process is not None
        process.send_signal(signal.SIGQUIT)
        process.wait(20)
        self.postgres.start()

    def watch(self) -> None:
        while not self.is_over.wait(0.2):
            with self.lock:
                for name, program in self.programs.items():
                    if name not in self.stopped and program.is_dead():
                        program.start()


def _pid(server: Postgres | Redis) -> int:
    assert server.process is not None
    return server.process.pid


def _kill(server: Postgres | Redis) -> None:
    assert server.process is not None
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait(20)


def wait_until(is_so: Callable[[], bool], seconds: float = SOON, every: float = 0.1) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(every)
    return is_so()


def environment_of(running: Running, var_dir: Path, port: int, more: Mapping[str, str]) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": running.database_url,
        "WEB_DATABASE_URL": running.web_database_url,
        "REDIS_URL": running.redis_url,
        "VAR_DIR": str(var_dir),
        "DEMO": "1",
        "PUBLIC_URL": f"http://{LOCALHOST}:{port}",
        "PORTAL_CHAOS": "1",
        "CHAOS_KILL_AT": str(var_dir / "chaos"),
        **more,
    }


@contextmanager
def breakable_portal(
    var_dir: Path, prepare: Callable[[dict[str, str]], str], **more: str
) -> Iterator[BreakablePortal]:
    """``prepare`` is given the environment, makes the database ready and returns the names of the lanes.
    DATABASE_URL, WEB_DATABASE_URL and REDIS_URL must not be set: nobody else's servers are broken."""
    (var_dir / "chaos").mkdir(parents=True)
    with embedded_servers(var_dir) as running:
        postgres, broker = running.servers
        assert isinstance(postgres, Postgres)
        assert isinstance(broker, Redis)
        port = free_port()
        environment = environment_of(running, var_dir, port, more)
        names_of_lanes = prepare(environment)
        started = programs(port, names_of_lanes, var_dir, environment)
        del started["beat"]  # its second sweep would hide what the sweeper misses
        seconds = programs(SECOND, names_of_lanes, var_dir, environment)
        portal = BreakablePortal(
            port,
            postgres,
            broker,
            running.redis_url,
            running.database_url,
            var_dir,
            started,
            more.get("BROKER_URL", ""),
        )
        for name in ("worker", "sweeper"):
            second = replace(seconds[name], name=f"second {name}")
            portal.programs[second.name] = second
            portal.stopped.add(second.name)
        watcher = threading.Thread(target=portal.watch, daemon=True)
        try:
            for name in ("web", "worker", "sweeper"):
                portal.start(name)
            watcher.start()
            yield portal
        finally:
            portal.is_over.set()
            with suppress(RuntimeError):  # never started
                watcher.join(10)
            with suppress(ProcessLookupError):
                portal.thaw_redis()
            stop_programs(started.values())
