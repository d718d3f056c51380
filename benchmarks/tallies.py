"""What a tally costs a filing, with four people filing to the same office at once.

    .venv/bin/python -m benchmarks.tallies          filings/s without tallies, with strokes, with one row a cell

Rounds of the three are interleaved; the ratios are of the medians. Files are not read while filing, so
the drafts are copies of one; each is signed with a code of its own.
"""

import multiprocessing
import sys
import time

import django

from benchmarks.ground import median, portal_ground

PROCESSES, FILINGS, ROUNDS = 4, 200, 5
VARIANTS = ("without", "strokes", "one row")


def main() -> int:
    with portal_ground():
        rates: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
        for number in range(ROUNDS):
            for variant in VARIANTS:
                rates[variant].append(round_of(variant))
            said = ", ".join(f"{variant} {rates[variant][-1]:.0f}/s" for variant in VARIANTS)
            print(f"round {number + 1}: {said}", flush=True)
        bare = median(rates["without"])
        for variant in VARIANTS:
            middle = median(rates[variant])
            print(f"{variant:>8}: {middle:6.0f} filings/s, {middle / bare:.2f} of without tallies")
    return 0


def round_of(variant: str) -> float:
    """Filings a second of one round."""
    from benchmarks.drafts import signed_drafts  # noqa: PLC0415 - after django.setup

    work = signed_drafts(FILINGS)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(PROCESSES + 1)
    parts = [work[start::PROCESSES] for start in range(PROCESSES)]
    filers = [context.Process(target=file_all, args=(part, variant, barrier)) for part in parts]
    for filer in filers:
        filer.start()
    barrier.wait()
    began = time.perf_counter()
    for filer in filers:
        filer.join()
    assert all(filer.exitcode == 0 for filer in filers)
    return FILINGS / (time.perf_counter() - began)


def file_all(
    work: list[tuple[int, str]], variant: str, barrier: "multiprocessing.synchronize.Barrier"
) -> None:
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

    if variant == "without":
        tallies.COUNTED = frozenset()
    if variant == "one row":
        tallies.bump = hot_row
    dossiers = Dossier.objects.select_related("filer").in_bulk([pk for pk, _code in work])
    barrier.wait()
    for pk, code in work:
        filing.file_dossier(dossiers[pk], dossiers[pk].filer, code)


if __name__ == "__main__":
    sys.exit(main())
