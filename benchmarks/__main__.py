"""script/bench: everything that is measured, in one run, as one table with ratios.

    script/bench            all parts, 42 thousand, 418 thousand and 4,177,524 rows; writes docs/performance.md
    script/bench --quick    fewer rounds, 42 thousand rows, no file: under two minutes on an idle machine;
                            with --write the file too

Each part is a process of its own on servers of its own with full durability; nothing of it is kept.
"""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from benchmarks import footprint, queue
from benchmarks.ground import demo_ground
from benchmarks.table import Line, as_markdown, as_text

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- script/bench -->", "<!-- /script/bench -->"
SCALES = (100, 10, 1)
DOSSIERS = {100: "42 thousand", 10: "418 thousand", 1: "4.18 million"}


def main() -> int:
    is_quick = "--quick" in sys.argv
    began = datetime.now(UTC)
    lines = (
        beside(is_quick=is_quick) + starts(1 if is_quick else 3) + rows(SCALES[:1] if is_quick else SCALES)
    )
    lines.sort(key=lambda line: line.part)
    print(f"\n{as_text(lines)}\n\n{machine()}")
    if not is_quick or "--write" in sys.argv:
        written(lines, began)
        print(f"written to {PAGE}")
    return 0


def beside(*, is_quick: bool) -> list[Line]:
    with demo_ground():
        return lines_of("benchmarks.side_by_side", *(["--quick"] if is_quick else []))


def lines_of(module: str, *arguments: str) -> list[Line]:
    """What the last line of a part's output says."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    lines = [Line(**one) for one in found]
    print(as_text(lines), file=sys.stderr, flush=True)  # hours later something else may fail
    return lines


def starts(times: int) -> list[Line]:
    print("script/server from nothing, and again", file=sys.stderr, flush=True)
    cold, warm = footprint.start_seconds(times)
    usual = sorted(warm)[len(warm) // 2]
    return [
        Line(
            part="(g)",
            what="script/server from nothing to its first page",
            ours=cold,
            unit="s",
            beside="again",
            other=usual,
            ratio=cold / usual,
            goal="≤ 3 s",
            is_met=cold <= 3,
        )
    ]


def rows(scales: tuple[int, ...]) -> list[Line]:
    """Part (f): every size has its own servers."""
    found: dict[int, dict[str, float]] = {}
    for scale in scales:
        print(f"{DOSSIERS[scale]} dossiers", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "benchmarks.statistics", "--scale", str(scale)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found[scale] = json.loads(done.stdout.splitlines()[-1])
    return [growth(name, found) for name in found[scales[0]] if name not in NO_PAGES] + others(found)


NO_PAGES = ("GROUP BY", "load / bare COPY")
GOALS = {"63 rows": 1.3}


def growth(name: str, found: dict[int, dict[str, float]]) -> Line:
    """A page's time with the most rows, beside the same with the fewest."""
    few, many = max(found), min(found)
    ratio = found[many][name] / found[few][name]
    goal = GOALS.get(name) if few != many else None
    between = ", ".join(f"{DOSSIERS[scale]} {spent[name]:.1f} ms" for scale, spent in found.items())
    return Line(
        part="(f)",
        what=f"{name} with {DOSSIERS[many]} dossiers",
        ours=found[many][name],
        unit="ms",
        beside=f"with {DOSSIERS[few]}",
        other=found[few][name],
        ratio=ratio,
        goal=f"≤ {goal} ×" if goal else "",
        is_met=ratio <= goal if goal else None,
        why=between if len(found) > 2 else "",
    )


def officers_pages() -> list[Line]:
    """The rest of part (f): benchmarks.queue has both sizes side by side, on servers of their own."""
    return [
        Line(
            part="(f)",
            what=f"officer, {page.act}, {DOSSIERS[1]} dossiers",
            ours=page.many_ms,
            unit="ms",
            beside=f"with {DOSSIERS[100]}",
            other=page.few_ms,
            ratio=page.ratio,
            goal="≤ 1.1 ×",
            is_met=page.ratio <= 1.1,
        )
        for page in queue.measured()
    ]


def others(found: dict[int, dict[str, float]]) -> list[Line]:
    many = min(found)
    spent = found[many]
    ratio = spent["GROUP BY"] / spent["table"]
    is_whole = many == 1
    return [
        Line(
            part="(f)",
            what=f"GROUP BY of {DOSSIERS[many]} dossiers",
            ours=spent["GROUP BY"],
            unit="ms",
            beside="the table, from the tallies",
            other=spent["table"],
            ratio=ratio,
            goal="≥ 350 ×" if is_whole else "",
            is_met=ratio >= 350 if is_whole else None,
        ),
        Line(
            part="(f)",
            what="loading them: COPY, counts, filings, checks",
            ours=spent["load / bare COPY"],
            unit="×",
            beside="bare COPY of the same lines",
        ),
    ]


def machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[1]
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; load average of the last five minutes at the end: {load:.1f}"
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "?")


def written(lines: list[Line], began: datetime) -> None:
    """Put the table between its marks; what people wrote around it stays."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    command = " ".join(["script/bench", *sys.argv[1:]])
    head = f"Run of {began:%Y-%m-%d %H:%M} UTC by `{command}`. {machine()}."
    table = f"{BEGIN}\n\n{head}\n\n{as_markdown(lines)}\n\n{END}"
    PAGE.write_text(f"{before}{table}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
