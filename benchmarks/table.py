"""What was measured, as lines of one table: ours, beside what, the ratio, the goal and whether it is met."""

from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Line:
    """One comparison. ``ours`` and ``other`` are in ``unit``; ``ratio`` is ours to other, of the same rounds."""

    part: str  # (a) … (g)
    what: str
    ours: float
    unit: str
    beside: str = ""
    other: float | None = None
    ratio: float | None = None
    goal: str = ""
    is_met: bool | None = None  # None: no goal
    why: str = ""

    def cells(self) -> tuple[str, ...]:
        met = {None: "", True: "met", False: "NOT MET"}[self.is_met]
        return (
            self.part,
            self.what,
            f"{number(self.ours)} {self.unit}",
            f"{self.beside}: {number(self.other)} {self.unit}" if self.other is not None else self.beside,
            "" if self.ratio is None else times(self.ratio),
            " ".join(part for part in (self.goal, met) if part),
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


HEADINGS = ("", "what", "ours", "beside", "ratio", "goal")


def compared(ours: list[float], other: list[float]) -> tuple[float, float, float]:
    """Medians of both, and the median of the ratios within a round: what the machine did besides hits both."""
    ratios = [mine / theirs for mine, theirs in zip(ours, other, strict=True)]
    return median(ours), median(other), median(ratios)


def times(ratio: float) -> str:
    """0.85 ×; what is less than a tenth as 1/256, as the goals are written."""
    return f"{ratio:.2f} ×" if ratio >= 0.1 else f"1/{1 / ratio:.0f}"


def number(value: float | None) -> str:
    if value is None:
        return ""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def as_text(lines: list[Line]) -> str:
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    made = []
    for row, line in zip(rows, [None, *lines], strict=True):
        made.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if line is not None and line.why:
            made.append(f"     {line.why}")
    return "\n".join(made)


def as_markdown(lines: list[Line]) -> str:
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(line.cells() for line in lines)]
    text = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    notes = [f"- {line.part} {line.what}: {line.why}" for line in lines if line.why]
    return text + ("\n\n" + "\n".join(notes) if notes else "")
