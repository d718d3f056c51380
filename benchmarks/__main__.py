"""script/bench: everything that is measured, in one run, as one table with ratios.

    script/bench            all parts, 42 thousand, 418 thousand and 4,177,524 rows; writes docs/performance.md
    script/bench --quick    fewer rounds, 42 thousand rows, no file: about five minutes;
                            with --write the file too

Each part is a process of its own on servers of its own with full durability; nothing of it is kept.
"""

import json
import os
import platform
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from benchmarks import footprint, rows
from benchmarks.ground import demo_ground
from benchmarks.rows import Growth
from benchmarks.table import Line, as_markdown, as_text

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- script/bench -->", "<!-- /script/bench -->"


def main() -> int:
    is_quick = "--quick" in sys.argv
    began = datetime.now(UTC)
    parts: dict[str, Callable[[], list[Line]]] = {
        "side by side": lambda: beside(is_quick=is_quick),
        "tallies": lambda: lines_of("benchmarks.tallies", *(["--quick"] if is_quick else [])),
        "starts": lambda: starts(1 if is_quick else 3),
        "rows": lambda: pages(rows.SCALES[:1] if is_quick else rows.SCALES),
    }
    lines, missing = measured(parts)
    lines.sort(key=lambda line: line.part)
    print(f"\n{as_text(lines)}\n\n{machine()}")
    if not is_quick or "--write" in sys.argv:
        written(lines, began, missing)
        print(f"written to {PAGE}")
    return 1 if missing else 0


def measured(parts: Mapping[str, Callable[[], list[Line]]]) -> tuple[list[Line], list[str]]:
    """The lines of all parts, and the names of those that broke off: what the others found isn't lost."""
    lines: list[Line] = []
    missing = []
    for name, part in parts.items():
        print(f"── {name}, {datetime.now(UTC):%H:%M:%S} UTC", file=sys.stderr, flush=True)
        try:
            lines += part()
        except Exception:
            traceback.print_exc()
            missing.append(name)
    return lines, missing


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


def pages(scales: tuple[int, ...]) -> list[Line]:
    """Part (f): every size has its own servers."""
    found = rows.measured(scales, rounds=rows.ROUNDS if len(scales) > 1 else 2)
    by_act = {growth.act: growth for growth in found.growths}
    group_by = by_act.pop(rows.GROUP_BY)
    lines = [grown(growth) for growth in by_act.values()] + [counted(group_by, by_act[rows.TABLE])]
    return lines + ([loaded(found.of_bare_copy)] if found.of_bare_copy else [])


def grown(growth: Growth) -> Line:
    """A page's time with the most dossiers, beside the same with the fewest."""
    few, many = max(growth.spent_ms), min(growth.spent_ms)
    between = [scale for scale in growth.spent_ms if scale not in (few, many)]
    if few == many:
        return Line(
            part="(f)", what=f"{growth.act}, {rows.DOSSIERS[many]} dossiers", ours=growth.many_ms, unit="ms"
        )
    goal = rows.GOALS.get(growth.act, 1.3)
    steps = "".join(f"with {rows.DOSSIERS[scale]} {growth.spent_ms[scale]:.1f} ms, " for scale in between)
    limit = rows.LIMITS.get(growth.act)
    is_met = growth.ratio <= goal and growth.many_ms <= (limit or growth.many_ms)
    return Line(
        part="(f)",
        what=f"{growth.act}, {rows.DOSSIERS[many]} dossiers",
        ours=growth.many_ms,
        unit="ms",
        beside=f"{steps}with {rows.DOSSIERS[few]}",
        other=growth.few_ms,
        ratio=growth.ratio,
        goal=f"≤ {goal} ×{f' and ≤ {limit} ms' if limit else ''}",
        is_met=is_met,
    )


def counted(group_by: Growth, table: Growth) -> Line:
    """What counting rows costs, beside the same figures from the tallies."""
    scale = min(table.spent_ms)
    ratio = group_by.many_ms / table.many_ms
    return Line(
        part="(f)",
        what=f"GROUP BY of {rows.DOSSIERS[scale]} rows",
        ours=group_by.many_ms,
        unit="ms",
        beside="the table, from the tallies",
        other=table.many_ms,
        ratio=ratio,
        goal="≥ 350 ×" if scale == 1 else "",
        is_met=ratio >= 350 if scale == 1 else None,
    )


def loaded(of_bare_copy: float) -> Line:
    return Line(
        part="(f)",
        what=f"loading {rows.DOSSIERS[rows.COMPARED]}: COPY, counts, filings, checks",
        ours=of_bare_copy,
        unit="×",
        beside="bare COPY of the same lines",
    )


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


def written(lines: list[Line], began: datetime, missing: Sequence[str] = ()) -> None:
    """Put the table between its marks; what people wrote around it stays."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    command = " ".join(["script/bench", *sys.argv[1:]])
    head = f"Run of {began:%Y-%m-%d %H:%M} UTC by `{command}`. {machine()}."
    if missing:
        head += f" **Broke off, so not measured in this run: {', '.join(missing)}.**"
    table = f"{BEGIN}\n\n{head}\n\n{as_markdown(lines)}\n\n{END}"
    PAGE.write_text(f"{before}{table}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
