"""Pages with 42 thousand, 418 thousand and 4,177,524 dossiers: what grows, as ratios of one run.

    .venv/bin/python -m benchmarks.rows           all three sizes, interleaved rounds (10 minutes, 6 GB of disk)
    .venv/bin/python -m benchmarks.rows 100 10    the annex divided by 100 and by 10 only, for trying out

Each size has its own PostgreSQL and its own web process behind the second wall (docs/decisions/0041), asked over
HTTP; rounds alternate, so that what the machine does besides hits all alike. Every dossier has a name and a number to
be found by. script/bench calls ``measured()``.
"""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import IO, Any

SCALES = (100, 10, 1)  # the annex divided by so much
DOSSIERS = {100: "42 thousand", 10: "418 thousand", 1: "4.18 million"}
COMPARED = 10  # loaded a second time into a bare table
ROUNDS = 6  # the first one warms up
TABLE, GROUP_BY = "rates, their table alone", "GROUP BY of the rows"
# Times its time with the fewest dossiers; milliseconds with the most. 1.3 where nothing is said.
GOALS = {
    "officer, first queue page": 1.1,
    "officer, next queue page": 1.1,
    "officer, page in the middle": 1.1,
}
LIMITS = {"rates, page of 63 rows": 50}
_OF_BARE = re.compile(r"the whole load: .* s, ([0-9.]+) of bare COPY")


@dataclass(frozen=True, slots=True)
class Growth:
    """One act: milliseconds by scale (medians over the rounds). ``ratio``, of the most dossiers to the fewest, is
    the median of the ratios within a round."""

    act: str
    spent_ms: dict[int, float]
    ratio: float

    @property
    def few_ms(self) -> float:
        return self.spent_ms[max(self.spent_ms)]

    @property
    def many_ms(self) -> float:
        return self.spent_ms[min(self.spent_ms)]


@dataclass(frozen=True, slots=True)
class Measured:
    growths: list[Growth]
    of_bare_copy: float | None  # the whole load at COMPARED, as a multiple of bare COPY


class Size:
    """A child process with its own servers and dossiers, measuring when told to."""

    def __init__(self, scale: int) -> None:
        command = [sys.executable, "-m", "benchmarks.rows", "--child", str(scale)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.of_bare_copy: float | None = self._said()

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


def measured(scales: Sequence[int] = SCALES, rounds: int = ROUNDS) -> Measured:
    """Each act at every size, in one run. The fewest dossiers come first in ``scales``."""
    sizes: dict[int, Size] = {}
    try:
        for scale in scales:
            tell(f"loading {DOSSIERS[scale]} dossiers")
            sizes[scale] = Size(scale)
        taken = []
        for number in range(rounds):
            tell(f"round {number}/{rounds - 1} of pages")
            taken.append({scale: size.round() for scale, size in sizes.items()})
    finally:
        for size in sizes.values():
            size.end()
    compared = [size.of_bare_copy for size in sizes.values() if size.of_bare_copy]
    return Measured(_growths(taken[1:]), compared[-1] if compared else None)


def _growths(taken: list[dict[int, dict[str, float]]]) -> list[Growth]:
    few, many = max(taken[0]), min(taken[0])
    return [
        Growth(
            act,
            {scale: median(each[scale][act] for each in taken) for scale in taken[0]},
            median(each[many][act] / each[few][act] for each in taken),
        )
        for act in taken[0][few]
    ]


def tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main() -> int:
    if "--child" in sys.argv:
        return child(int(sys.argv[-1]))
    found = measured([int(scale) for scale in sys.argv[1:]] or SCALES)
    for growth in found.growths:
        times = " → ".join(f"{spent:8.2f}" for spent in growth.spent_ms.values())
        print(f"{growth.act:>32}: {times} ms  {growth.ratio:.2f} ×")
    print(f"whole load: {found.of_bare_copy} of bare COPY")
    return 0


def child(scale: int) -> int:
    from benchmarks.ground import demo_ground  # noqa: PLC0415 - the parent needs no Django

    with demo_ground():
        from django.core.management import call_command  # noqa: PLC0415 - after django.setup

        from benchmarks.live import web_alone  # noqa: PLC0415

        said, is_compared = io.StringIO(), scale == COMPARED
        with _words_indexed_last():
            call_command(
                "load_annex", scale=scale, compare=is_compared, named=True, stdout=said, stderr=sys.stderr
            )
        _vacuum()
        ratio = float(_OF_BARE.findall(said.getvalue())[-1]) if is_compared else None
        print("> " + json.dumps(ratio), flush=True)
        with web_alone() as port:
            _rounds(port)
    return 0


def _rounds(port: int) -> None:
    """One a line of stdin. People log in at the first: a session waits a quarter of an hour at most."""
    from benchmarks import queue, statistics  # noqa: PLC0415

    acts: dict[str, Any] = {}
    for _line in sys.stdin:
        acts = acts or {**queue.acts(port), **statistics.acts(port)}
        print("> " + json.dumps({name: act() for name, act in acts.items()}), flush=True)


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


if __name__ == "__main__":
    sys.exit(main())
