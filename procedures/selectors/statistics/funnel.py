"""Where people give up: from the first answer to the decision, for dossiers begun on the portal in a period.

Counted from the rows themselves: what isn't filed is in no tally. Dossiers loaded in the annex's numbers were
never begun by anybody and aren't in here, nor are their days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts import wall
from accounts.services.codes import CAP, LIFE
from procedures import catalogue
from procedures.selectors.statistics.extent import Extent
from procedures.selectors.statistics.loaded import ANNEX_FILER
from procedures.selectors.statistics.table import rate_of

Group = Literal["office_id", "procedure"]

STAGES = {
    "started": "Bắt đầu khai",
    "attached": "Đính kèm giấy tờ",
    "asked": "Xin mã giao dịch",
    "delivered": "Nhận được mã",
    "filed": "Ký và nộp",
    "received": "Đến hàng chờ",
    "decided": "Có kết quả",
}

# A code isn't tied to a dossier before it is spent: one for the same person and procedure, asked for between
# the first answer and the filing, is taken for it. Whoever got to a later stage passed the earlier ones.
_COHORT = f"""
WITH cohort AS (
    SELECT d.*, coalesce(d.office_id, r.office_id) AS place
    FROM procedures_dossier d LEFT JOIN accounts_registration r ON r.user_id = d.filer_id
    WHERE d.created_at >= %(first)s AND d.created_at < %(after)s AND d.channel = 'electronic'
      AND NOT d.is_test AND d.filer_id IS DISTINCT FROM {ANNEX_FILER}
      AND (%(procedure)s = '' OR d.procedure = %(procedure)s)
), told AS (
    SELECT c.place AS office_id, c.procedure, c.filed_at IS NOT NULL AS filed, c.queued_at IS NOT NULL AS received,
           c.decided_at IS NOT NULL AND c.status IN ('approved', 'refused') AS decided,
           EXISTS (SELECT FROM procedures_attachment a WHERE a.dossier_id = c.id) AS attached,
           code.asked, code.delivered,
           EXISTS (SELECT FROM procedures_supplementrequest s WHERE s.dossier_id = c.id) AS asked_again,
           c.due_on, (c.decided_at AT TIME ZONE %(zone)s)::date AS ended,
           (c.decided_at AT TIME ZONE %(zone)s)::date - (c.filed_at AT TIME ZONE %(zone)s)::date AS days
    FROM cohort c
    LEFT JOIN unnest(%(codes)s::text[], %(names)s::text[]) AS named (code, name) ON named.code = c.procedure
    LEFT JOIN LATERAL (
        SELECT count(*) > 0 AS asked, count(t.delivered_at) > 0 AS delivered
        FROM accounts_transactioncode t
        WHERE t.user_id = c.filer_id AND t.purpose = 'sign' AND t.subject = named.name
          AND t.created_at >= c.created_at AND (c.filed_at IS NULL OR t.created_at <= c.filed_at)
    ) AS code ON true
)
"""  # noqa: S608 - constants

_COUNTED = """
SELECT {group}, count(*),
       count(*) FILTER (WHERE attached OR asked OR filed), count(*) FILTER (WHERE asked OR filed),
       count(*) FILTER (WHERE delivered OR filed), count(*) FILTER (WHERE filed),
       count(*) FILTER (WHERE received), count(*) FILTER (WHERE decided),
       percentile_disc(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE decided),
       percentile_disc(0.9) WITHIN GROUP (ORDER BY days) FILTER (WHERE decided),
       count(*) FILTER (WHERE decided AND due_on IS NOT NULL),
       count(*) FILTER (WHERE decided AND ended <= due_on),
       count(*) FILTER (WHERE decided AND NOT asked_again)
FROM told GROUP BY GROUPING SETS (({group}), ()) ORDER BY GROUPING({group}), 1
"""

_CODES = """
SELECT count(*), count(*) FILTER (WHERE t.spent_at IS NOT NULL),
       count(*) FILTER (WHERE t.spent_at IS NULL AND t.voided_at IS NULL
                        AND (t.created_at < now() - %(cap)s OR t.delivered_at < now() - %(life)s))
FROM accounts_transactioncode t JOIN accounts_user u ON u.id = t.user_id
WHERE t.purpose = 'sign' AND NOT u.is_test AND t.created_at >= %(first)s AND t.created_at < %(after)s
"""


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    count: int
    share: Decimal | None  # of those who started, in per cent
    lost: int  # since the stage before


@dataclass(frozen=True, slots=True)
class Funnel:
    """One office, procedure, or (key "") all of them. Days are calendar days from filing to decision."""

    key: str
    counts: tuple[int, ...]  # by stage, in the order of STAGES
    median_days: int | None
    slow_days: int | None  # nine in ten were decided by then
    with_due_date: int
    on_time: int
    first_pass: int  # decided without a supplement being asked for

    @property
    def started(self) -> int:
        return self.counts[0]

    @property
    def decided(self) -> int:
        return self.counts[-1]

    @property
    def stages(self) -> list[Stage]:
        before = (self.counts[0], *self.counts)
        return [
            Stage(name, count, rate_of(count, self.started), earlier - count)
            for name, count, earlier in zip(STAGES.values(), self.counts, before, strict=False)
        ]

    @property
    def filed_share(self) -> Decimal | None:
        return rate_of(self.counts[4], self.started)

    @property
    def on_time_share(self) -> Decimal | None:
        return rate_of(self.on_time, self.with_due_date)

    @property
    def first_pass_share(self) -> Decimal | None:
        return rate_of(self.first_pass, self.decided)


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes for signing that were made in the period."""

    made: int
    spent: int
    expired: int  # neither used nor replaced, and too old now

    @property
    def expired_share(self) -> Decimal | None:
        return rate_of(self.expired, self.made)


def funnels(extent: Extent, group: Group) -> tuple[Funnel, list[Funnel]]:
    """The whole, and one a group: one query over the dossiers begun in the period."""
    known: dict[str, str] = {it.code: it.plain_name[:200] for it in catalogue.all_editions()}
    given = {
        **_moments(extent),
        "zone": settings.TIME_ZONE,
        "procedure": extent.procedure,
        "codes": list(known),
        "names": list(known.values()),
    }
    with wall.door(wall.FIGURES), connection.cursor() as cursor:
        cursor.execute(_COHORT + _COUNTED.format(group=group), given)
        *parts, whole = [_funnel(row) for row in cursor.fetchall()]
    return whole, sorted(parts, key=lambda funnel: -funnel.started)


def codes_of(extent: Extent) -> Codes:
    with connection.cursor() as cursor:
        given: dict[str, Any] = {**_moments(extent), "cap": CAP, "life": LIFE}
        cursor.execute(_CODES, given)
        return Codes(*cursor.fetchone())


def _moments(extent: Extent) -> dict[str, Any]:
    return {"first": _midnight(extent.first), "after": _midnight(extent.last + timedelta(days=1))}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _funnel(row: Sequence[object]) -> Funnel:
    key, *numbers = row
    return Funnel(str(key or ""), tuple(numbers[:7]), *numbers[7:])  # type: ignore[arg-type]
