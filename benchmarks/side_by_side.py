"""Parts (a) to (e) and the memory of (g): the portal's processes beside their baselines, on servers that
benchmarks.__main__ started. Prints the lines of the table as JSON, last.

Rounds of ours and of the other alternate; a ratio is the median of the ratios within a round.
"""

import json
import sys
from dataclasses import dataclass
from statistics import median

import benchmarks.ready  # noqa: F401 - first
from benchmarks import cost, delivery, filing, footprint, journey, paper
from benchmarks.browser import seconds_for
from benchmarks.live import Live, live_portal, wait_until_quiet
from benchmarks.table import Line, as_text, compared

AT_ONCE = 4


@dataclass(frozen=True)
class Size:
    rounds: int
    journeys: int  # a round
    filings: int  # a round
    deliveries: int
    seconds: int  # of pgbench
    receipts: int  # a round


FULL, QUICK = Size(5, 40, 80, 200, 3, 20), Size(2, 8, 16, 63, 1, 5)


def main() -> int:
    size = QUICK if "--quick" in sys.argv else FULL
    steps = journey.steps_typed()
    lines: list[Line] = []
    with live_portal(journey.wizard_fields(steps)) as live:
        live.start("web", "wizard")
        lines += journeys(size, live, steps)
        lines += filings(size, live)
        live.stop("wizard")
        live.start("worker", "sweeper")
        lines += whole_path(size, live)
        lines += waits(live, is_quick=size is QUICK)
        tell("what a dossier costs")
        lines += cost.lines(size.journeys, live, steps)
        lines += memory(live)
        live.stop("web", "worker", "sweeper")
        tell(as_text(lines))  # what follows may fail
        lines += deliveries(size, live)
    lines += receipts(size)
    print(json.dumps([line.as_json() for line in lines]))
    return 0


def tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def journeys(size: Size, live: Live, steps: list[journey.Step4]) -> list[Line]:
    photos = (journey.photo(1), journey.photo(2))
    ours, wizard = (
        journey.Journey(live.port, steps, photos),
        journey.WizardWalk(live.wizard_port, steps, photos),
    )
    rates: dict[str, list[float]] = {"ours": [], "wizard": []}
    asked = {"ours": 0, "wizard": 0}
    for number in range(size.rounds + 1):
        tell(f"journeys {number}/{size.rounds}")
        people = journey.sessions(size.journeys)
        spent = seconds_for(lambda person: ours.walk(*person), people, AT_ONCE)
        other = seconds_for(wizard.walk, people, AT_ONCE)
        if number:  # the first round warms up
            rates["ours"].append(size.journeys / spent)
            rates["wizard"].append(size.journeys / other)
    asked["ours"], asked["wizard"] = ours.walk(*journey.sessions(1)[0]), wizard.walk()
    mine, theirs, ratio = compared(rates["ours"], rates["wizard"])
    requests = ratio * asked["ours"] / asked["wizard"]
    return [
        Line(
            part="(a)",
            what="whole journey: 4 steps, 2 files, code, filed",
            ours=mine,
            unit="/s",
            beside="formtools wizard",
            other=theirs,
            ratio=ratio,
            goal="≥ 2 ×",
            is_met=ratio >= 2,
            why=f"ours is {asked['ours']} requests, the wizard's {asked['wizard']}: each of ours shows a page that can "
            "be reloaded, reads the files, keeps the draft, and signs",
        ),
        Line(
            part="(a)",
            what="requests of a journey",
            ours=mine * asked["ours"],
            unit="/s",
            beside="wizard's",
            other=theirs * asked["wizard"],
            ratio=requests,
        ),
    ]


def filings(size: Size, live: Live) -> list[Line]:
    filed, inserted, committed = [], [], []
    for number in range(size.rounds + 1):
        tell(f"filings {number}/{size.rounds}")
        rates = (
            filing.filings_per_second(size.filings, live.port),
            filing.inserts_per_second(size.filings * 10, live.wizard_port),
            filing.commits_per_second(size.seconds),
        )
        if number:
            for kept, rate in zip((filed, inserted, committed), rates, strict=True):
                kept.append(rate)
    mine, theirs, ratio = compared(filed, inserted)
    line = Line(
        part="(b)",
        what="filing request",
        ours=mine,
        unit="/s",
        beside="view that inserts one row",
        other=theirs,
        ratio=ratio,
    )
    mine, theirs, ratio = compared(filed, committed)
    bare = Line(
        part="(b)",
        what="filing request",
        ours=mine,
        unit="/s",
        beside="bare PostgreSQL commits, 4 clients",
        other=theirs,
        ratio=ratio,
        goal="≥ 1/50",
        is_met=ratio >= 1 / 50,
    )
    return [line, bare]


def whole_path(size: Size, live: Live) -> list[Line]:
    tell("filed, delivered, printed")
    rates = [filing.whole_path(size.filings, live.port) for _ in range(size.rounds + 1)][1:]
    rate = median(rates)
    return [
        Line(
            part="(b)",
            what="filed, in its queue, receipt printed, nothing left",
            ours=rate,
            unit="dossiers/s",
            goal="≥ 48/s",
            is_met=rate >= 48,
            why="everything on this machine, the load's own client included",
        )
    ]


def waits(live: Live, *, is_quick: bool) -> list[Line]:
    found = []
    for rate in (1, 10, 50):
        tell(f"filed to visible at {rate}/s")
        number = max(5, rate) if is_quick else max(20, rate * 6)
        wait_until_quiet()
        delays = filing.delays_at(rate, number, live.port)
        p50, p95 = (1000 * filing.percentile(delays, share) for share in (0.5, 0.95))
        goal = {"goal": "p95 ≤ 5 ms", "is_met": p95 <= 5} if rate == 1 else {}
        found.append(
            Line(
                part="(d)",
                what=f"answered → in the queue at {rate}/s, p95",
                ours=p95,
                unit="ms",
                beside=f"median {p50:.1f} ms",
                **goal,
            )  # type: ignore[arg-type]
        )
    return found


def memory(live: Live) -> list[Line]:
    found = []
    for name, words in (("web", "a web worker"), ("worker", "a Celery child")):
        share, own = footprint.children_mib(live.programs[name])
        found.append(
            Line(
                part="(g)",
                what=f"memory of {words} after this load, shared pages once (PSS)",
                ours=share,
                unit="MiB",
                beside="its own alone (USS)",
                other=own,
                goal="≤ 60 MiB",
                is_met=share <= 60,
            )
        )
    return found


def deliveries(size: Size, live: Live) -> list[Line]:
    ours, nothing, lanes = [], [], 0
    for number in range(1, size.rounds + 1):
        tell(f"deliveries {number}/{size.rounds}")
        rate, lanes = delivery.deliveries_per_second(size.deliveries, live)
        ours.append(rate)
        nothing.append(delivery.nothings_per_second(size.deliveries * 3))
    mine, theirs, ratio = compared(ours, nothing)
    return [
        Line(
            part="(c)",
            what=f"delivered over {lanes} lanes",
            ours=mine,
            unit="dossiers/s",
            beside="no-op tasks on one lane",
            other=theirs,
            ratio=ratio,
        )
    ]


def receipts(size: Size) -> list[Line]:
    tell("receipts")
    ours, theirs = paper.rounds_of_both(size.rounds, size.receipts)
    mine, other, ratio = compared(ours, theirs)
    return [
        Line(
            part="(e)",
            what="receipt as PDF, warm",
            ours=mine,
            unit="ms",
            beside="WeasyPrint, same content",
            other=other,
            ratio=ratio,
            goal="≤ 1/4.5 and ≤ 8 ms",
            is_met=ratio <= 1 / 4.5 and mine <= 8,
        )
    ]


if __name__ == "__main__":
    sys.exit(main())
