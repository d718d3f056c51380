"""The long fault run. script/faults [filings] [kills], script/faults broker, script/faults burst, script/faults worker

Files dossiers through the real web server while web, workers, sweeper, Redis and PostgreSQL are killed at
random moments of a seeded plan, then compares every receipt with the database, the files and the log. Apart:
what filing costs with the broker dead and hung (``broker``), and whether a burst in one office's lane delays
the other 62 (``burst``), and how soon a dossier is in its queue whose worker was killed with it (``worker``).
"""

import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connections

from benchmarks.burst import burst
from benchmarks.people import People, p99
from portal.serve import prepare, set_environment
from tests.faults.portal import BreakablePortal, breakable_portal

if TYPE_CHECKING:
    from tests.faults.filers import Filer

UNDER_FIRE = 24  # people who file at the same time; whoever lost a code to a kill waits, and delays no other
ROUNDS, MEASURED = 8, 40
KILLED = 10
PATIENCE = 300.0  # seconds: then a person gives up
LONGEST = float(os.environ.get("FAULTS_SECONDS") or "inf")  # then nobody new comes
TARGETS = {
    "worker": 3,
    "a worker's child": 3,
    "web": 3,
    "sweeper": 2,
    "redis": 2,
    "redis wiped": 1,
    "postgres": 3,
}


def main() -> int:
    words = sys.argv[1:]
    with portal_to_break() as portal:
        people = People(portal)
        match words:
            case ["broker"]:
                costs_of_filing(people)
                return 0
            case ["burst"]:
                burst(people)
                return 0
            case ["worker"]:
                after_kills_of_workers(people)
                return 0
        filings, kills = (int(word) for word in [*words, *("10000", "100")[len(words) :]])
        seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10**6))
        print(f"{filings} filings, {kills} kills, FAULTS_SEED={seed}", flush=True)
        fire = Fire(people, random.Random(seed))
        fire.run(filings, kills)
        return fire.verdict(seed)


@contextmanager
def portal_to_break() -> Iterator[BreakablePortal]:
    folder = Path(tempfile.mkdtemp(prefix="portal-faults-"))
    folder.chmod(0o711)
    for name in ("DATABASE_URL", "WEB_DATABASE_URL", "REDIS_URL", "BROKER_URL"):
        os.environ.pop(name, None)
    try:
        set_environment(folder / "var", 8000)
        with breakable_portal(folder / "var", _prepare) as portal:
            yield portal
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(environment: dict[str, str]) -> str:
    os.environ |= environment
    return prepare(Path(environment["VAR_DIR"]))[0]


def costs_of_filing(people: People) -> None:
    """Seconds of the filing request, and how fast what waited is delivered afterwards."""
    portal = people.portal
    faults: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        "normal": (lambda: None, lambda: None),
        "broker dead": (portal.kill_redis, portal.start_redis),
        "broker hung": (portal.freeze_redis, portal.thaw_redis),
    }
    for person, code in people.with_codes(people.new(10)):  # warm: not measured
        person.insist(code)
    seconds: dict[str, list[float]] = {fault: [] for fault in faults}
    gone: dict[str, list[float]] = {fault: [] for fault in faults}
    for _ in range(ROUNDS):  # in turns: what else the machine does meets all three alike
        ready = {fault: people.with_codes(people.new(MEASURED)) for fault in faults}
        people.seconds_until_quiet()
        for fault, (begin, end) in faults.items():
            begin()
            seconds[fault] += [person.insist(code).seconds for person, code in ready[fault]]
            end()
            gone[fault].append(people.seconds_until_empty())
            people.keep([person for person, _ in ready[fault]])
            people.seconds_until_quiet()
    print(f"\n{ROUNDS} rounds of {MEASURED} filings each, load {_load()}")
    print(f"{'filing request':<16}{'median':>9}{'p99':>9}{'p99 - normal':>14}{'backlog gone':>15}")
    for fault, took in seconds.items():
        more = p99(took) - p99(seconds["normal"])
        print(
            f"{fault:<16}{sorted(took)[len(took) // 2] * 1000:>6.0f} ms{p99(took) * 1000:>6.0f} ms"
            f"{more * 1000:>+11.0f} ms{max(gone[fault]):>13.1f} s",
            flush=True,
        )


def after_kills_of_workers(people: People) -> None:
    """Seconds from the receipt to the queue, nothing else going on, when whoever was at work on it is killed in the
    middle: a child of the worker, the whole worker, which is then started anew, or one of two workers."""
    print(f"{'killed in the middle':<22}{'median':>9}{'slowest':>10}")
    for name, victim in {"nobody": "", "a worker's child": "process", "the only worker": "group"}.items():
        _file_and_kill(people, name, victim)
    people.portal.start("second worker")
    _file_and_kill(people, "one worker of two", "group")
    print(f"{KILLED} filings each, load {_load()}")


def _file_and_kill(people: People, name: str, victim: str) -> None:
    from tests.faults.delays import delays_of  # noqa: PLC0415 - after django.setup

    ready = people.with_codes(people.new(KILLED))
    for person, code in ready:
        people.seconds_until_quiet()
        if victim:
            people.portal.kill_at("mid_tx", victim)
        person.insist(code)
        people.seconds_until_empty()
        assert not victim or people.portal.has_killed_at("mid_tx")
    took = sorted(delays_of(person.receipt for person, _ in ready))
    print(f"{name:<22}{took[len(took) // 2]:>7.2f} s{took[-1]:>8.2f} s", flush=True)


class Fire:
    """People file without a pause; now and then something dies, and nobody waits until it is back."""

    def __init__(self, people: People, chance: random.Random) -> None:
        self.people, self.chance = people, chance
        self.kills: Counter[str] = Counter()
        self.gave_up: list[str] = []
        self.room = threading.Semaphore(2 * UNDER_FIRE)  # drafts made ahead
        self.done, self.began, self.seconds = 0, time.monotonic(), 0.0

    def run(self, filings: int, kills: int) -> None:
        moments = set(self.chance.sample(range(filings), min(kills, filings)))
        self.began = time.monotonic()
        with ThreadPoolExecutor(UNDER_FIRE) as pool:
            for number in range(filings):
                self.room.acquire()
                if time.monotonic() - self.began > LONGEST:
                    print(f"FAULTS_SECONDS is over after {number} of {filings}", flush=True)
                    break
                (person,) = self.people.new(1)
                pool.submit(file_whatever_happens, person).add_done_callback(
                    lambda act, person=person: self.note(act, person)  # type: ignore[misc]
                )
                if number in moments:
                    time.sleep(self.chance.uniform(0, 0.5))
                    self.kill(self.chance.choices([*TARGETS], [*TARGETS.values()])[0])
        self.seconds = time.monotonic() - self.began

    def note(self, act: "Future[None]", person: "Filer") -> None:
        self.room.release()
        if error := act.exception():
            self.gave_up.append(f"{person.dossier.public_id}: {error!r}"[:300])
        self.people.keep([person])
        self.done += 1
        if self.done % 100 == 0:
            said = (
                f"{self.done} filed, {sum(self.kills.values())} kills, {time.monotonic() - self.began:.0f} s"
            )
            print(said, flush=True)

    def kill(self, target: str) -> None:
        portal = self.people.portal
        self.kills[target] += 1
        if target == "redis":
            portal.kill_redis()
            portal.start_redis()
        elif target == "redis wiped":
            with portal.broker() as broker:
                broker.flushall()
        elif target == "postgres":
            portal.restart_postgres()
            connections.close_all()  # ours went with it
        elif target == "a worker's child":
            portal.kill_child("worker", self.chance)
        else:
            portal.kill(target)

    def verdict(self, seed: int) -> int:
        from tests.faults.checks import examine  # noqa: PLC0415 - after django.setup
        from tests.faults.delays import delays_of  # noqa: PLC0415

        last = self.people.seconds_until_empty()
        receipts = self.people.receipts
        found = examine(receipts)
        rows = {
            "seed": seed,
            "filed (receipts seen)": len(receipts),
            "gave up without a receipt": len(self.gave_up),
            "lost": len(found.lost),
            "twice": len(found.twice),
            "in another queue": len(found.elsewhere),
            "files damaged": len(found.damaged),
            "contradictions of the log": len(found.log),
            "slowest to the queue": f"{max(delays_of(receipts)):.1f} s",
            "p99 to the queue": f"{p99(delays_of(receipts)):.1f} s",
            "all in queues after the end": f"{last:.1f} s",
            "reconcile": found.unbalanced or "balanced",
            "kills": ", ".join(f"{name} {count}" for name, count in self.kills.most_common()),
            "took": f"{self.seconds:.0f} s, {len(receipts) / self.seconds:.1f} filings/s, {UNDER_FIRE} people at once",
            "machine": f"{os.cpu_count()} cores, load {_load()}",
        }
        for name, value in rows.items():
            print(f"{name:<28}{value}")
        for line in [*self.gave_up, *found.lost, *found.twice, *found.log][:20]:
            print(f"  {line}")
        return 0 if found.is_clean and not self.gave_up else 1


def _load() -> str:
    return " ".join(f"{load:.1f}" for load in os.getloadavg())


def file_whatever_happens(person: "Filer") -> None:
    """Ask for a code and file with it; whoever gets no answer asks again, and the code when it is lost."""
    until = time.monotonic() + PATIENCE
    code = ""
    while not code:
        assert time.monotonic() < until, "no code"
        code = _code_of(person)
    person.insist(code, seconds=PATIENCE)


def _code_of(person: "Filer") -> str:
    """ "" when it must be asked for again. "Wait before the next one" means that one is on its way, unless
    somebody died between the count and the code: then the wait is a minute long."""
    try:
        answer = person.post("ky/", channel="email")
    except (OSError, HTTPException):
        answer = None
    if answer is None or answer.status >= 500:
        time.sleep(0.3)
        return ""
    try:
        return person.read_code(seconds=62)
    except AssertionError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
