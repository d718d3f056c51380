"""What a tally costs a filing, with four people filing to the same office at once.

    .venv/bin/python -m benchmarks.tallies [--quick]     filings/s with strokes, beside without tallies

Many short rounds of the two are interleaved, so that what else the machine does hits both; the figures are
medians, the ratio the median of the ratios within a round. The drafts are copies of one, each signed with a
code of its own. The last line is the line of script/bench's table as JSON.
"""

import json
import multiprocessing
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

import django

from benchmarks.ground import portal_ground
from benchmarks.table import Line, compared

PROCESSES, FILINGS, ROUNDS = 4, 48, 11  # the first round warms up
VARIANTS = ("without", "strokes")
Work = list[tuple[int, str]]


def main() -> int:
    rates: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
    with portal_ground(), filers() as (pipes, barrier):
        from benchmarks.drafts import signed_drafts  # noqa: PLC0415 - after django.setup

        for number in range(2 if "--quick" in sys.argv else ROUNDS):
            for variant in VARIANTS:
                spent = together(variant, signed_drafts(FILINGS), pipes, barrier)
                if number:
                    rates[variant].append(FILINGS / spent)
    with_tallies, without, ratio = compared(rates["strokes"], rates["without"])
    line = Line(
        part="(b)",
        what=f"filings by {PROCESSES} processes, with tallies",
        ours=with_tallies,
        unit="/s",
        beside="without",
        other=without,
        ratio=ratio,
        goal="≥ 0.9 ×",
        is_met=ratio >= 0.9,
    )
    print(json.dumps([line.as_json()]))
    return 0


@contextmanager
def filers() -> Iterator[tuple[list[Connection], Barrier]]:
    """Processes that file what comes through their pipes."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(PROCESSES + 1)
    pipes, started = [], []
    for _ in range(PROCESSES):
        ours, theirs = context.Pipe()
        pipes.append(ours)
        started.append(context.Process(target=serve, args=(theirs, barrier), daemon=True))
        started[-1].start()
    try:
        yield pipes, barrier
    finally:
        for pipe, process in zip(pipes, started, strict=True):
            pipe.close()
            process.terminate()
            process.join()


def together(variant: str, work: Work, pipes: list[Connection], barrier: Barrier) -> float:
    """Seconds that all take."""
    for start, pipe in enumerate(pipes):
        pipe.send((variant, work[start::PROCESSES]))
    barrier.wait()
    began = time.perf_counter()
    for pipe in pipes:
        pipe.recv()
    return time.perf_counter() - began


def serve(pipe: Connection, barrier: Barrier) -> None:
    """File what comes through the pipe, round after round."""
    django.setup()
    from procedures.models import Dossier  # noqa: PLC0415 - after django.setup
    from procedures.services import filing, tallies  # noqa: PLC0415

    ways = {"without": lambda dossier, act: None, "strokes": tallies.bump}
    while True:
        try:
            variant, work = pipe.recv()
        except EOFError:
            return
        tallies.bump = ways[variant]
        dossiers = Dossier.objects.select_related("filer").in_bulk([pk for pk, _code in work])
        barrier.wait()
        for pk, code in work:
            filing.file_dossier(dossiers[pk], dossiers[pk].filer, code)
        pipe.send(None)


if __name__ == "__main__":
    sys.exit(main())
