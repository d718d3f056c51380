"""How far offices are from what they are to reach, and what it would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from procedures.models import Target
from procedures.selectors.statistics.counts import NONE, Count
from procedures.selectors.statistics.extent import Extent
from procedures.selectors.statistics.table import RateTable, Row, rate_of


@dataclass(frozen=True, slots=True)
class Gap:
    """One office against its target, on the dossiers of the period."""

    row: Row
    target: Target

    @property
    def points(self) -> Decimal:
        """Percentage points still missing, rounded half up; negative when it is more than reached."""
        rate = self.row.rate or Decimal(0)
        return (self.target.value - rate).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def points_text(self) -> str:
        return points_text(self.points)

    @property
    def dossiers(self) -> int:
        """How many of the paper dossiers would have had to be electronic."""
        return max(0, needed(self.target.value, self.row.count.total) - self.row.count.electronic)

    @property
    def is_reached(self) -> bool:
        return self.dossiers == 0


def points_text(points: Decimal, *, with_sign: bool = False) -> str:
    """Percentage points as they are written: "6,25", "−0,50"."""
    text = f"{points:+.2f}" if with_sign else f"{points:.2f}"
    return text.replace(".", ",").replace("-", "−")


def needed(rate: Decimal, total: int) -> int:
    """The fewest electronic dossiers of ``total`` that make the rate."""
    return int((rate * total / 100).to_integral_value(ROUND_CEILING))


def live_targets() -> list[Target]:
    return list(Target.objects.filter(withdrawn_at__isnull=True).select_related("office", "set_by"))


def targets_of(extent: Extent) -> list[Target]:
    """Targets that are about what this extent counts, the next one due first."""
    live = Target.objects.filter(withdrawn_at__isnull=True, series=extent.series, procedure=extent.procedure)
    return list(live.select_related("office").order_by("due_on", "pk"))


def target_for(office_key: str, targets: Sequence[Target], on: date) -> Target | None:
    """The office's own target that comes due next after ``on``, else the one of all offices; of targets
    that are all past, the last."""
    for candidates in (
        [it for it in targets if it.office_id == office_key],
        [it for it in targets if it.office_id is None],
    ):
        ahead = [it for it in candidates if it.due_on >= on]
        if candidates:
            return ahead[0] if ahead else candidates[-1]
    return None


def gaps_of(table: RateTable, targets: Sequence[Target]) -> list[Gap]:
    """Every office that has a target and dossiers, the most dossiers missing first."""
    found = [
        Gap(row, target)
        for row in table.rows
        if row.count.total and (target := target_for(row.key, targets, table.extent.last))
    ]
    return sorted(found, key=lambda gap: (-gap.dossiers, gap.row.name))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The country if some offices had other rates, with as many dossiers as they have."""

    before: Count
    after: Count

    @property
    def rate(self) -> Decimal | None:
        return rate_of(self.after.electronic, self.after.total)

    @property
    def points(self) -> Decimal:
        """Percentage points gained (or lost)."""
        before = rate_of(self.before.electronic, self.before.total) or Decimal(0)
        return ((self.rate or Decimal(0)) - before).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def points_text(self) -> str:
        return points_text(self.points, with_sign=True)


def what_if(table: RateTable, rates: Mapping[str, Decimal]) -> WhatIf:
    """``rates``: per cent by office key. An office is given whole dossiers, rounded half up."""
    after = NONE
    for row in table.rows:
        after += _with_rate(row.count, rates[row.key]) if row.key in rates else row.count
    return WhatIf(table.total.count, after)


def _with_rate(count: Count, rate: Decimal) -> Count:
    electronic = int((rate * count.total / 100).quantize(Decimal(1), ROUND_HALF_UP))
    return Count(electronic=electronic, counter=count.total - electronic)


@dataclass(frozen=True, slots=True)
class Leverage:
    """What one office alone would do for the country by reaching a rate."""

    row: Row
    dossiers: int
    points: Decimal  # of the country, two decimals

    @property
    def points_text(self) -> str:
        return points_text(self.points, with_sign=True)


def leverage_of(table: RateTable, rate: Decimal, most: int = 10) -> list[Leverage]:
    """The offices whose reaching ``rate`` (per cent) would move the country's rate most."""
    country = table.total.count.total
    found = []
    for row in table.rows:
        missing = needed(rate, row.count.total) - row.count.electronic
        if missing > 0 and country:
            points = Decimal(100 * missing) / Decimal(country)
            found.append(Leverage(row, missing, points.quantize(Decimal("0.01"), ROUND_HALF_UP)))
    return sorted(found, key=lambda one: -one.dossiers)[:most]


def target_of(pk: int) -> Target:
    """Raises Target.DoesNotExist."""
    return Target.objects.get(pk=pk)
