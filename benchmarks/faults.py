"""The long fault run. script/faults [filings] [kills]

Files dossiers through the real web server while web, worker, sweeper, Redis and PostgreSQL are killed at
random moments of a seeded plan, then compares every receipt with the database and the files. Around it:
what filing costs with the broker dead and hung, how fast a backlog is gone, and whether a burst in one
office's lane delays another's.
"""

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connections

from portal.serve import prepare, set_environment
from tests.faults.portal import BreakablePortal, breakable_portal, wait_until

if TYPE_CHECKING:
    from tests.faults.filers import Filer

PEOPLE_AT_ONCE, BATCH, ROUNDS, MEASURED, BURST, OTHERS = 4, 40, 4, 30, 100, 10


def main() -> int:
    filings, kills = (int(word) for word in [*sys.argv[1:], *("10000", "100")[len(sys.argv) - 1 :]][:2])
    seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10**6))
    folder = Path(tempfile.mkdtemp(prefix="portal-faults-"))
    folder.chmod(0o711)
    for name in ("DATABASE_URL", "WEB_DATABASE_URL", "REDIS_URL", "BROKER_URL"):
        os.environ.pop(name, None)
    try:
        set_environment(folder / "var", 8000)
        with breakable_portal(folder / "var", _prepare) as portal:
            run = Run(portal)
            run.costs_of_filing()
            run.burst()
            print(f"\nlong run: {filings} filings, {kills} kills, FAULTS_SEED={seed}", flush=True)
            run.under_fire(filings, kills, random.Random(seed))
            return run.verdict()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(environment: dict[str, str]) -> str:
    os.environ |= environment
    return prepare(Path(environment["VAR_DIR"]))[0]


def p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99) - (1 if len(values) % 100 == 0 else 0)]


class Run:
    """One portal, everybody who ever filed there, and the receipts they were given."""

    def __init__(self, portal: BreakablePortal) -> None:
        from tests.faults.filers import Inbox  # noqa: PLC0415 - after django.setup

        self.portal, self.inbox = portal, Inbox(portal.var_dir / "demo-inbox")
        self.number = 0
        self.receipts: list[str] = []

    def people(self, count: int, office: str = "ha-noi") -> "list[Filer]":
        from tests.faults.filers import filer  # noqa: PLC0415

        self.number += count
        numbers = range(self.number - count + 1, self.number + 1)
        return [filer(number, self.portal.port, self.inbox, office) for number in numbers]

    def with_codes(self, people: "list[Filer]") -> "list[tuple[Filer, str]]":
        """Soon used: a code lives five minutes."""
        with ThreadPoolExecutor(PEOPLE_AT_ONCE) as pool:
            list(pool.map(lambda person: person.ask_code(), people))
        return [(person, person.read_code()) for person in people]

    def keep(self, people: "list[Filer]") -> None:
        self.receipts += [person.receipt for person in people if person.receipt]

    def costs_of_filing(self) -> None:
        """Seconds of the filing request, and how fast what waited is delivered afterwards."""
        portal = self.portal
        faults: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
            "normal": (lambda: None, lambda: None),
            "broker dead": (portal.kill_redis, portal.start_redis),
            "broker hung": (portal.freeze_redis, portal.thaw_redis),
        }
        for person, code in self.with_codes(self.people(10)):  # warm: not measured
            person.insist(code)
        seconds: dict[str, list[float]] = {fault: [] for fault in faults}
        gone: dict[str, list[float]] = {fault: [] for fault in faults}
        for _ in range(ROUNDS):  # in turns: what else the machine does meets all three alike
            ready = {fault: self.with_codes(self.people(MEASURED)) for fault in faults}
            for fault, (begin, end) in faults.items():
                begin()
                seconds[fault] += [person.insist(code).seconds for person, code in ready[fault]]
                end()
                gone[fault].append(self.seconds_until_empty())
                self.keep([person for person, _ in ready[fault]])
        print(f"{'filing request':<16}{'median':>9}{'p99':>9}{'p99 - normal':>14}{'backlog gone':>15}")
        for fault, took in seconds.items():
            more = p99(took) - p99(seconds["normal"])
            print(
                f"{fault:<16}{sorted(took)[len(took) // 2] * 1000:>6.0f} ms{p99(took) * 1000:>6.0f} ms"
                f"{more * 1000:>+11.0f} ms{max(gone[fault]):>13.1f} s",
                flush=True,
            )

    def burst(self) -> None:
        """Hà Nội's lane is given ten times what Đắk Lắk's gets, at once."""
        from tests.faults.delays import delays_of  # noqa: PLC0415

        crowd, others = self.people(BURST), self.people(OTHERS, "dak-lak")
        codes = dict(zip(range(BURST + OTHERS), self.with_codes([*crowd, *others]), strict=True))
        mixed = list(codes.values())
        random.Random(1).shuffle(mixed)
        with ThreadPoolExecutor(PEOPLE_AT_ONCE) as pool:
            list(pool.map(lambda pair: pair[0].insist(pair[1]), mixed))
        self.seconds_until_empty()
        self.keep([*crowd, *others])
        for name, people in (("burst lane", crowd), ("other lane", others)):
            waits = delays_of(person.receipt for person in people)
            median = sorted(waits)[len(waits) // 2]
            print(f"{name}: {len(waits)} filed, to the queue median {median:.2f} s, p99 {p99(waits):.2f} s")

    def seconds_until_empty(self) -> float:
        from procedures.models import Dispatch  # noqa: PLC0415

        began = time.monotonic()
        wait_until(lambda: not Dispatch.objects.filter(state="waiting").exists(), seconds=300)
        return time.monotonic() - began

    def under_fire(self, filings: int, kills: int, chance: random.Random) -> None:
        """Kills are spread at random over the filings; each waits for nothing."""
        at = sorted(chance.sample(range(filings), min(kills, filings)))
        targets = ("worker", "sweeper", "web", "redis", "redis wiped", "postgres")
        weights = (4, 3, 2, 1, 1, 1)
        done, began = 0, time.monotonic()
        while done < filings:
            count = min(BATCH, filings - done)
            due = [moment for moment in at if done <= moment < done + count]
            people = self.people(count)
            with ThreadPoolExecutor(PEOPLE_AT_ONCE) as pool:
                acts = [pool.submit(_file_whatever_happens, person) for person in people]
                for _ in due:
                    time.sleep(chance.uniform(0.2, 2.0))
                    self.kill(chance.choices(targets, weights)[0])
                for act in acts:
                    act.result()
            self.keep(people)
            done += count
            print(f"\r{done} filed, {time.monotonic() - began:.0f} s", end="", flush=True)
        print()

    def kill(self, target: str) -> None:
        if target == "redis":
            self.portal.kill_redis()
            self.portal.start_redis()
        elif target == "redis wiped":
            with self.portal.broker() as broker:
                broker.flushall()
        elif target == "postgres":
            self.portal.restart_postgres()
            connections.close_all()  # ours went with it
        else:
            self.portal.kill(target)

    def verdict(self) -> int:
        from tests.faults.checks import examine  # noqa: PLC0415
        from tests.faults.delays import delays_of  # noqa: PLC0415

        self.seconds_until_empty()
        found = examine(self.receipts)
        slowest = max(delays_of(self.receipts))
        rows = {
            "filed (receipts seen)": len(self.receipts),
            "lost": len(found.lost),
            "twice": len(found.twice),
            "in another queue": len(found.elsewhere),
            "files damaged": len(found.damaged),
            "slowest to the queue": f"{slowest:.1f} s",
            "reconcile": found.unbalanced or "balanced",
        }
        for name, value in rows.items():
            print(f"{name:<24}{value}")
        return 0 if found.is_clean else 1


def _file_whatever_happens(person: "Filer") -> None:
    """Ask for a code and file with it; whoever gets no answer asks again, and the code when it is lost."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        try:
            person.ask_code()
            break
        except (OSError, HTTPException, AssertionError):  # no answer, or "wait a minute before the next code"
            time.sleep(0.5)
    person.insist(person.read_code(seconds=300), seconds=300)


if __name__ == "__main__":
    sys.exit(main())
