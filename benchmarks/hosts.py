"""Several machines, shown on one: each host a network namespace of its own. script/hosts [filings]

    web            10.77.1.2   gunicorn and the people who file
    servers        10.77.*.1   PostgreSQL, Redis, sweeper, lane watch
    north, south   10.77.2.2, 10.77.3.2   a worker each, the lanes of the offices split by -Q

People file all the time; then the line to one worker host is cut (packets vanish, nobody says good-bye), and later
mended. Its lanes must be served by the other within SOON seconds, nothing may be lost or there twice.
Needs root and iproute2; touches nothing but its own namespaces.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import POSTGRES_FLAGS, Postgres, Redis
from portal.keeper import keeper_of
from portal.processes import free_port, secrets_of
from portal.serve import ROOT, prepare, programs, set_environment, wait_for_web
from tests.faults.portal import wait_until

NET = "10.77"
HOSTS = {"web": 1, "north": 2, "south": 3}  # the servers are .1 in each one's network
PREFIX = f"p{os.getpid() % 10_000}"
SOON = 60.0
PEOPLE_AT_ONCE = 2
# A vanished host says no good-bye: its sessions, and the locks they hold, must end by themselves.
KEEPALIVE = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "20000",
}


def space(host: str) -> str:
    return f"{PREFIX}-{host}"


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def within(host: str, *command: str) -> list[str]:
    return ["ip", "netns", "exec", space(host), *command]


@contextmanager
def network() -> Iterator[None]:
    """A namespace for the servers and one a host, each joined to the servers by a line of its own."""
    try:
        ip("netns", "add", space("servers"))
        ip("-n", space("servers"), "link", "set", "lo", "up")
        for host, number in HOSTS.items():
            near, far = f"{PREFIX}s{number}", f"{PREFIX}h{number}"
            ip("netns", "add", space(host))
            ip(
                "link",
                "add",
                near,
                "netns",
                space("servers"),
                "type",
                "veth",
                "peer",
                "name",
                far,
                "netns",
                space(host),
            )
            for where, line, end in ((space("servers"), near, 1), (space(host), far, 2)):
                ip("-n", where, "addr", "add", f"{NET}.{number}.{end}/24", "dev", line)
                ip("-n", where, "link", "set", line, "up")
            ip("-n", space(host), "link", "set", "lo", "up")
        yield
    finally:
        for host in ("servers", *HOSTS):
            subprocess.run(["ip", "netns", "del", space(host)], check=False)


def set_line(host: str, state: str) -> None:
    """ "down" is a cable pulled out."""
    ip("-n", space("servers"), "link", "set", f"{PREFIX}s{HOSTS[host]}", state)


@dataclass
class OpenPostgres(Postgres):
    """Reached from the hosts too, by password only."""

    def command(self) -> list[str]:
        return [*super().command(), "-c", "listen_addresses=*"]

    def prepare(self) -> None:
        super().prepare()
        rules, line = self.data / "pg_hba.conf", f"host all all {NET}.0.0/16 scram-sha-256\n"
        if line not in rules.read_text(encoding="ascii"):
            with rules.open("a", encoding="ascii") as file:
                file.write(line)


@dataclass
class OpenRedis(Redis):
    def settings_on_stdin(self) -> bytes:
        return super().settings_on_stdin().replace(b"bind 127.0.0.1", b"bind 0.0.0.0")


def serve(var_dir: Path) -> None:
    """In the namespace of the servers: until it is told to stop."""
    passwords = secrets_of(
        var_dir, "POSTGRES_PASSWORD", "PORTAL_DB_PASSWORD", "PORTAL_WEB_DB_PASSWORD", "REDIS_PASSWORD"
    )
    keeper = keeper_of(var_dir)
    postgres = OpenPostgres(
        keeper,
        var_dir,
        passwords["POSTGRES_PASSWORD"],
        app_password=passwords["PORTAL_DB_PASSWORD"],
        web_password=passwords["PORTAL_WEB_DB_PASSWORD"],
        flags={**POSTGRES_FLAGS, **KEEPALIVE},
    )
    broker = OpenRedis(keeper, var_dir, passwords["REDIS_PASSWORD"])
    postgres.start()
    broker.start()
    urls = {"DATABASE_URL": postgres.url, "WEB_DATABASE_URL": postgres.web_url, "REDIS_URL": broker.url}
    (var_dir / "servers.json").write_text(json.dumps(urls), encoding="utf-8")
    signal.pause()


def of_host(urls: dict[str, str], host: str) -> dict[str, str]:
    """The servers' addresses as this host reaches them."""
    return {name: url.replace("@127.0.0.1:", f"@{NET}.{HOSTS[host]}.1:") for name, url in urls.items()}


class Field:
    """The running portal, seen from the web host, and everybody who has filed there."""

    def __init__(self, var_dir: Path, stack: ExitStack) -> None:
        self.var_dir, self.stack = var_dir, stack
        servers = within("servers", sys.executable, "-m", "benchmarks.hosts", "servers", str(var_dir))
        self.start(servers, {})
        assert wait_until((var_dir / "servers.json").exists)
        self.urls = json.loads((var_dir / "servers.json").read_text(encoding="utf-8"))
        os.environ |= of_host(self.urls, "web")
        self.port = free_port()
        os.environ |= {"PUBLIC_URL": f"http://127.0.0.1:{self.port}"}
        lanes = prepare(var_dir)[0].split(",")
        offices = [lane for lane in lanes if lane.startswith("province.")]
        others = [lane for lane in lanes if lane not in offices]
        half = len(offices) // 2
        self.lanes = {"north": offices[:half], "south": [*offices[half:], *others]}
        self.receipts: list[str] = []
        self.number = 0
        self.is_over = threading.Event()

    def start(self, command: list[str], environment: dict[str, str]) -> None:
        with (self.var_dir / "hosts.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.stack.callback(process.wait)
        self.stack.callback(os.killpg, process.pid, signal.SIGTERM)

    def start_programs(self) -> None:
        web = programs(self.port, "", self.var_dir, dict(os.environ))["web"]
        web.start()
        assert web.process is not None
        self.stack.callback(web.process.wait)
        self.stack.callback(web.process.terminate)
        wait_for_web(web, self.port)
        python = sys.executable
        self.start(within("servers", python, "manage.py", "sweep"), self.urls)
        self.start(within("servers", python, "manage.py", "watch_lanes", "--every", "5"), self.urls)
        for host, lanes in self.lanes.items():
            worker = [python, "-m", "celery", "-A", "portal.celery", "worker", "--concurrency", "2"]
            names = ["--queues", ",".join(lanes), "--hostname", f"{host}@portal"]
            quiet = ["--without-gossip", "--without-mingle"]
            self.start(within(host, *worker, *names, *quiet), of_host(self.urls, host))

    def file_one(self, office: str) -> None:
        from tests.faults.filers import filer  # noqa: PLC0415 - after django.setup

        self.number += 1
        person = filer(self.number, self.port, self.inbox, office)
        person.ask_code()
        person.insist(person.read_code(seconds=120), seconds=120)
        self.receipts.append(person.receipt)

    @property
    def inbox(self) -> "object":
        from tests.faults.filers import Inbox  # noqa: PLC0415

        if not hasattr(self, "_inbox"):
            self._inbox = Inbox(self.var_dir / "demo-inbox")
        return self._inbox

    def people(self, offices: list[str]) -> None:
        """Goes on until it is over: one office after the other."""
        turn = 0
        while not self.is_over.is_set():
            self.file_one(offices[turn % len(offices)])
            turn += 1


def waiting(office: str = "") -> int:
    from procedures.models import Dispatch  # noqa: PLC0415

    rows = Dispatch.objects.filter(state="waiting")
    return (rows.filter(office_id=office) if office else rows).count()


def show(var_dir: Path, seconds: int) -> int:
    with ExitStack() as stack:
        field = Field(var_dir, stack)
        field.start_programs()
        return _cut_and_mend(field, seconds)


def _cut_and_mend(field: Field, seconds: int) -> int:
    from tests.faults.checks import examine  # noqa: PLC0415
    from tests.faults.delays import delays_of  # noqa: PLC0415

    office_of = {
        host: [lane.removeprefix("province.") for lane in lanes] for host, lanes in field.lanes.items()
    }
    filed = ["ha-noi", "ho-chi-minh", "dak-lak"]
    cut = next(
        host
        for host in ("north", "south")
        if set(filed) & set(office_of[host]) and "codes" not in office_of[host]
    )
    cut_offices = sorted(set(filed) & set(office_of[cut]))
    for office in filed:
        field.file_one(office)
    wait_until(lambda: waiting() == 0)
    crowd = [threading.Thread(target=field.people, args=(filed,)) for _ in range(PEOPLE_AT_ONCE)]
    for person in crowd:
        person.start()
    time.sleep(seconds)
    before = len(field.receipts)
    set_line(cut, "down")
    moment = time.monotonic()
    print(
        f"{cut} ({len(field.lanes[cut])} lanes, filed to: {', '.join(cut_offices)}) is cut off after {before} filings",
        flush=True,
    )
    field.file_one(cut_offices[0])
    assert wait_until(lambda: waiting(cut_offices[0]) == 0, seconds=3 * SOON), "never taken over"
    taken_over = time.monotonic() - moment
    time.sleep(seconds)
    set_line(cut, "up")
    time.sleep(seconds)
    field.is_over.set()
    for person in crowd:
        person.join()
    assert wait_until(lambda: waiting() == 0, seconds=3 * SOON)
    found = examine(field.receipts)
    rows = {
        "filed (receipts seen)": len(field.receipts),
        "of them since the cut": len(field.receipts) - before,
        "its lanes served again after": f"{taken_over:.1f} s",
        "lost": len(found.lost),
        "twice": len(found.twice),
        "in another queue": len(found.elsewhere),
        "slowest to the queue": f"{max(delays_of(field.receipts)):.1f} s",
        "reconcile": found.unbalanced or "balanced",
    }
    for name, value in rows.items():
        print(f"{name:<30}{value}")
    return 0 if found.is_clean and taken_over <= SOON else 1


def main() -> int:
    match sys.argv[1:]:
        case ["servers", var_dir]:
            serve(Path(var_dir))
            return 0
        case ["within", prefix, var_dir, seconds]:
            globals()["PREFIX"] = prefix
            set_environment(Path(var_dir), 8000)
            return show(Path(var_dir), int(seconds))
    if os.geteuid() != 0:
        print("script/hosts: only root may make network namespaces")
        return 2
    folder = Path(tempfile.mkdtemp(prefix="portal-hosts-"))
    folder.chmod(0o711)
    for name in ("DATABASE_URL", "WEB_DATABASE_URL", "REDIS_URL", "BROKER_URL"):
        os.environ.pop(name, None)
    try:
        (folder / "var").mkdir()
        with network():
            more = (PREFIX, str(folder / "var"), (sys.argv[1:] or ["15"])[0])
            command = within("web", sys.executable, "-m", "benchmarks.hosts", "within", *more)
            return subprocess.run(command, cwd=ROOT, check=False).returncode
    finally:
        if os.environ.get("KEEP"):
            print(folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
