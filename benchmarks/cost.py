"""(h) What a dossier costs: CPU of each kind of process and bytes of disk, from the procedure's page to the queue."""

import os
from collections.abc import Mapping
from pathlib import Path

import psutil
from django.db import connection

import benchmarks.ready  # noqa: F401 - first
from benchmarks import journey
from benchmarks.browser import seconds_for
from benchmarks.live import Live, wait_until_quiet
from benchmarks.table import Line

AT_ONCE = 4
OURS = ("web", "worker", "sweeper")
SERVERS = {"PostgreSQL": "postgres", "Redis": "valkey"}


def lines(journeys: int, live: Live, steps: list[journey.Step4]) -> list[Line]:
    """Web, worker and sweeper run already. Everything counts that happens until nothing is on its way: pages, files
    looked at, codes and notices sent, delivery."""
    ours = journey.Journey(live.port, steps, (journey.photo(1), journey.photo(2)))
    people = journey.sessions(journeys)
    wait_until_quiet()
    cpu_before, bytes_before = cpu_seconds(live), bytes_kept()
    seconds_for(lambda person: ours.walk(*person), people, AT_ONCE)
    wait_until_quiet()
    cpu, kept = _spent(cpu_before, cpu_seconds(live)), _spent(bytes_before, bytes_kept())
    return [
        *(_line(f"CPU of a dossier, {name}", 1000 * spent / journeys, "ms") for name, spent in cpu.items()),
        *(
            _line(f"disk of a dossier, {name}", spent / journeys / 1024, "KiB")
            for name, spent in kept.items()
        ),
    ]


def cpu_seconds(live: Live) -> dict[str, float]:
    """Spent so far, children that have ended included."""
    # The servers were started by benchmarks.__main__, which waits for us.
    others = psutil.Process(os.getppid()).children()
    roots = {name: [psutil.Process(_pid(live, name))] for name in OURS}
    roots |= {name: [it for it in others if it.name().startswith(it_is)] for name, it_is in SERVERS.items()}
    return {name: sum(_of_tree(root) for root in found) for name, found in roots.items()}


def _pid(live: Live, name: str) -> int:
    process = live.programs[name].process
    assert process is not None
    return process.pid


def _of_tree(root: psutil.Process) -> float:
    spent = 0.0
    for process in (root, *root.children(recursive=True)):
        try:
            spent += sum(process.cpu_times()[:4])  # own, and of children that have ended
        except psutil.NoSuchProcess:
            continue
    return spent


def bytes_kept() -> dict[str, float]:
    """Of the database without its WAL, and of everything under the folder of uploads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        database = cursor.fetchone()[0]
    folder = Path(os.environ["VAR_DIR"]) / "uploads"
    return {
        "database": database,
        "2 photos of 100 kB": sum(it.stat().st_size for it in folder.rglob("*") if it.is_file()),
    }


def _spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in after}


def _line(what: str, ours: float, unit: str) -> Line:
    return Line(part="(h)", what=what, ours=ours, unit=unit)
