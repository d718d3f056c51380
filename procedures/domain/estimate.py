"""The estimate of a benefit: lines a citizen can follow, each with its article."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the reckoning: what, how, how much, by which article."""

    label: str
    working: str  # e.g. "2 năm × 1,5 tháng"
    value: str  # ready to read: "3 tháng", "44.980.714 đ"
    basis: str
    is_unsure: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """``total_vnd`` in đồng, or None with the reason in ``unavailable``."""

    lines: tuple[Line, ...] = ()
    total_vnd: int | None = None
    unavailable: str = ""  # "không ước tính được vì …"
    per_month: bool = False  # the total is a monthly amount

    @property
    def is_unsure(self) -> bool:
        return any(line.is_unsure for line in self.lines)
