"""What a tally costs a filing, with four people filing to the same office at once.

    .venv/bin/python -m benchmarks.tallies     filings/s without tallies, with strokes, with one row a cell

Many short rounds of the three are interleaved, so that what else the machine does hits all alike; the
figures are medians, the ratios medians of the ratios within a round. The drafts are copies of one, each
signed with a code of its own.
"""

import multiprocessing
import sys
import time
from multiprocessing.connection import Connection

import django

from benchmarks.ground import median, portal_ground

PROCESSES, FILINGS, ROUNDS = 4, 48, 15
VARIANTS = ("without", "strokes", "one row")
Work = list[tuple[int, str]]


def main() -> int:
    with portal_ground():
        from benchmarks.drafts import signed_drafts  # noqa: PLC0415 - after django.setup

        context = multiprocessing.get_context("spawn")
        barrier = context.Barrier(PROCESSES + 1)
        pipes, filers = [], []
        for _ in range(PROCESSES):
            ours, theirs = context.Pipe()
            pipes.append(ours)
            filers.append(context.Process(target=serve, args=(theirs, barrier), daemon=True))
            filers[-1].start()
        rates: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
        for number in range(ROUNDS + 1):
            for variant in VARIANTS:
                spent = together(variant, signed_drafts(FILINGS), pipes, barrier)
                if number:  # the first round warms up
                    rates[variant].append(FILINGS / spent)
            print(f"round {number}/{ROUNDS}", file=sys.stderr, flush=True)
        for pipe, filer in zip(pipes, filers, strict=True):
            pipe.close()
            filer.terminate()
            filer.join()
        for variant in VARIANTS:
            ratios = [mine / bare for mine, bare in zip(rates[variant], rates["without"], strict=True)]
            spread = f"{min(rates[variant]):.0f}-{max(rates[variant]):.0f}"
            print(
                f"{variant:>8}: {median(rates[variant]):6.0f} filings/s ({spread}), "
                f"{median(ratios):.2f} of without tallies"
            )
    return 0


def together(variant: str, work: Work, pipes: list[Connection], barrier: object) -> float:
    """Seconds that all take."""
    for start, pipe in enumerate(pipes):
        pipe.send((variant, work[start::PROCESSES]))
    barrier.wait()  # type: ignore[attr-defined]
    began = time.perf_counter()
    for pipe in pipes:
        pipe.recv()
    return time.perf_counter() - began


def serve(pipe: Connection, barrier: object) -> None:
    """File what comes through the pipe, round after round."""
    django.setup()
    from django.db.models import F  # noqa: PLC0415 - after django.setup
    from django.utils import timezone  # noqa: PLC0415

    from procedures.models import Dossier, Tally  # noqa: PLC0415
    from procedures.services import filing, tallies  # noqa: PLC0415

    def hot_row(dossier: Dossier, act: str) -> None:
        cell = {"office_id": dossier.office_id, "day": timezone.localdate(), "procedure": dossier.procedure}
        cell |= {"channel": dossier.channel, "event": act}
        Tally.objects.bulk_create([Tally(**cell)], ignore_conflicts=True)
        Tally.objects.filter(**cell).update(count=F("count") + 1)

    ways = {"without": lambda dossier, act: None, "strokes": tallies.bump, "one row": hot_row}
    while True:
        try:
            variant, work = pipe.recv()
        except EOFError:
            return
        tallies.bump = ways[variant]
        dossiers = Dossier.objects.select_related("filer").in_bulk([pk for pk, _code in work])
        barrier.wait()  # type: ignore[attr-defined]
        for pk, code in work:
            filing.file_dossier(dossiers[pk], dossiers[pk].filer, code)
        pipe.send(None)


if __name__ == "__main__":
    sys.exit(main())
