"""The officer's pages with 42 thousand and with 4,177,524 dossiers: what grows, as ratios of one run.

    .venv/bin/python -m benchmarks.queue              both sizes, interleaved rounds (8 minutes, 4 GB of disk)
    .venv/bin/python -m benchmarks.queue --scale 10   42 thousand against a tenth: quicker, for trying out

Each size has its own servers and its own process; rounds alternate, so that what the machine does besides hits
both. An officer of Bình Dương works (22.6 % of the country: 284 open dossiers, or 28,376), through Django's test
client behind the second wall (docs/decisions/0041): everything but the socket. Every dossier has a name and a
number to be found by. Parts of other benchmarks call ``measured()``.
"""

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import IO, Any

from benchmarks.ground import portal_ground

FEW, MANY = 100, 1  # the annex divided by so much
ROUNDS, TIMES = 5, 9  # rounds; requests of each sort in a round
OFFICE = "binh-duong"
GOAL = 1.3


@dataclass(frozen=True, slots=True)
class Growth:
    """One act: milliseconds (medians over the rounds) with few and with many dossiers; ``ratio`` is the median
    of the ratios within a round."""

    act: str
    few_ms: float
    many_ms: float
    ratio: float

    @property
    def is_met(self) -> bool:
        return self.ratio <= GOAL


class Size:
    """A child process with its own servers and dossiers, measuring when told to."""

    def __init__(self, scale: int) -> None:
        command = [sys.executable, "-m", "benchmarks.queue", "--child", str(scale)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.rows, self.load_seconds = self._said()

    def round(self) -> dict[str, float]:
        _pipe(self._process.stdin).write("round\n")
        _pipe(self._process.stdin).flush()
        found: dict[str, float] = self._said()
        return found

    def end(self) -> None:
        _pipe(self._process.stdin).close()
        self._process.wait()

    def _said(self) -> Any:
        for line in _pipe(self._process.stdout):
            if line.startswith("> "):
                return json.loads(line[2:])
        raise RuntimeError("the measuring process ended early")


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def measured(many: int = MANY, rounds: int = ROUNDS) -> list[Growth]:
    """Each act at both sizes, in one run."""
    sizes = [Size(FEW), Size(many)]
    for size in sizes:
        print(f"{size.rows:,} dossiers loaded in {size.load_seconds:.0f} s", file=sys.stderr, flush=True)
    try:
        taken = [[size.round() for size in sizes] for _ in range(rounds + 1)][1:]  # the first one warms up
    finally:
        for size in sizes:
            size.end()
    return [
        Growth(
            act,
            median(few[act] for few, _ in taken),
            median(lot[act] for _, lot in taken),
            median(lot[act] / few[act] for few, lot in taken),
        )
        for act in taken[0][0]
    ]


def main() -> int:
    if "--child" in sys.argv:
        return child(int(sys.argv[-1]))
    many = int(sys.argv[-1]) if "--scale" in sys.argv else MANY
    found = measured(many)
    for growth in found:
        verdict = "" if growth.is_met else f"  NOT ≤ {GOAL}"
        print(
            f"{growth.act:>28}: {growth.few_ms:7.2f} ms → {growth.many_ms:7.2f} ms  {growth.ratio:.2f} ×{verdict}"
        )
    return 0 if all(growth.is_met for growth in found) else 1


def child(scale: int) -> int:
    with portal_ground():
        from django.core.management import call_command  # noqa: PLC0415 - after django.setup

        from procedures.models import Dossier  # noqa: PLC0415

        began = time.perf_counter()
        with _words_indexed_last():
            call_command("load_annex", scale=scale, named=True, stdout=io.StringIO(), stderr=sys.stderr)
        spent = time.perf_counter() - began
        _vacuum()
        acts = acts_of(OFFICE)
        print("> " + json.dumps([Dossier.objects.count(), spent]), flush=True)
        for _line in sys.stdin:
            print("> " + json.dumps({name: median_ms(act) for name, act in acts.items()}), flush=True)
    return 0


@contextmanager
def _words_indexed_last() -> Iterator[None]:
    """The two indexes of words are made once the rows are there: many times as fast as row by row."""
    from django.db import connection  # noqa: PLC0415

    names = ("dossier_words", "dossier_words_of_work")
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [list(names)])
        statements = [statement for (statement,) in cursor.fetchall()]
        assert len(statements) == len(names)
        cursor.execute(f"DROP INDEX {', '.join(names)}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for statement in statements:
            cursor.execute(statement)


def _vacuum() -> None:
    """What autovacuum does in the hours after such a load."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for table in ("dossier", "filing", "dossierevent", "dispatch"):
            cursor.execute(f"VACUUM (ANALYZE) procedures_{table}")


def acts_of(office: str) -> dict[str, Callable[[], float]]:
    """What is measured; each returns its seconds and leaves everything as it was."""
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from accounts.models import Office, Role, User  # noqa: PLC0415
    from procedures.models import Dossier  # noqa: PLC0415
    from procedures.selectors.queue import Cursor  # noqa: PLC0415
    from procedures.services import assignment  # noqa: PLC0415
    from tests.people import fully_verified  # noqa: PLC0415
    from tests.web_role import as_web  # noqa: PLC0415

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    officer = User.objects.create_user(
        f"do.{office}", full_name="Người đo", role=Role.OFFICER, office=Office.objects.get(key=office)
    )
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(officer)
    fully_verified(client, officer)
    ours = Dossier.objects.filter(office_id=office)
    waiting = list(ours.filter(status="queued").order_by("due_order", "pk"))
    middle = waiting[len(waiting) // 2]
    settled = ours.exclude(status="queued").order_by("-filed_at", "-pk")[ours.count() // 2]
    number, old_number = middle.search_text.split()[-1], settled.search_text.split()[-1]

    def page(address: str, holds: str = "") -> Callable[[], float]:
        def act() -> float:
            with as_web():
                began = time.perf_counter()
                response = client.get(address)
                spent = time.perf_counter() - began
            assert response.status_code == 200, address
            assert holds in response.content.decode(), address
            return spent

        return act

    def take_next() -> float:
        with as_web():
            began = time.perf_counter()
            response = client.post("/can-bo/nhan-tiep/")
            spent = time.perf_counter() - began
        taken = Dossier.objects.get(assignee=officer)
        assert str(taken.public_id) in response.headers["Location"]
        assignment.release(taken, officer)
        return spent

    first, after = "/can-bo/", Cursor(waiting[24].due_order, waiting[24].pk)
    return {
        "first queue page": page(first, "DEMO-"),
        "next queue page": page(f"{first}?sau={after}", "DEMO-"),
        "page in the middle": page(f"{first}?sau={Cursor(middle.due_order, middle.pk)}", "DEMO-"),
        "search: a common name": page(f"{first}?q=nguyen", "DEMO-"),
        "search: a number": page(f"{first}?q={number}", str(middle.reference)),
        "search: a reference": page(f"{first}?q={middle.reference}", str(middle.reference)),
        "everywhere: a common name": page(f"{first}?q=nguyen&trang_thai=all", "DEMO-"),
        "everywhere: a number": page(f"{first}?q={old_number}&trang_thai=all", str(settled.reference)),
        "work page": page(f"{first}{middle.public_id}/", str(middle.reference)),
        "take next": take_next,
    }


def median_ms(act: Callable[[], float]) -> float:
    return 1000 * median(act() for _ in range(TIMES))


if __name__ == "__main__":
    sys.exit(main())
