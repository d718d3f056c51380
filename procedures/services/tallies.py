"""Tallies: counts kept beside the acts, so that no page has to count millions of rows.

An act writes one stroke (``TallyMark``) in its own transaction and waits for nobody. Strokes are folded
into ``Tally`` (days) and ``MonthTally`` (months) every so often, in a transaction of their own, right
after the commit of the act that was 500th. ``selectors.statistics.recount`` proves that the
counts are those of the rows.
"""

from django.conf import settings
from django.db import connection, transaction

from procedures.domain.lifecycle import Act
from procedures.models import Dossier
from procedures.selectors.statistics.recount import COUNTED_ROWS

COUNTED = frozenset({Act.FILE, Act.APPROVE, Act.REFUSE, Act.WITHDRAW})
# How many strokes wait before they are folded. A page that reads a few hundred more rows costs 0.1 ms.
FOLD_EVERY = 500
FOLD_AT_ONCE = 5_000
_FOLDER = 3040_01  # key of the advisory lock: one folder at a time

# The day is that of the dossier's filing, or of the event, by the database's clock and Việt Nam's days:
# exactly what a recount finds. Read from the rows, not from what Python holds.
_MARK = """
INSERT INTO procedures_tallymark (office_id, day, procedure, channel, event)
SELECT d.office_id,
       (CASE WHEN e.act = 'file' THEN d.filed_at ELSE e.at END AT TIME ZONE %(zone)s)::date,
       d.procedure, d.channel, e.act
FROM procedures_dossierevent e JOIN procedures_dossier d ON d.id = e.dossier_id
WHERE e.dossier_id = %(dossier)s AND e.act = %(act)s AND NOT d.is_test AND d.office_id IS NOT NULL
ORDER BY e.id DESC LIMIT 1
RETURNING id
"""

_FOLD = """
WITH marks AS (
    DELETE FROM procedures_tallymark WHERE id IN (
        SELECT id FROM procedures_tallymark ORDER BY id LIMIT %(limit)s
    ) RETURNING office_id, day, procedure, channel, event
), days AS (
    INSERT INTO procedures_tally (office_id, day, procedure, channel, event, count)
    SELECT office_id, day, procedure, channel, event, count(*) FROM marks GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (office_id, day, procedure, channel, event)
    DO UPDATE SET count = procedures_tally.count + EXCLUDED.count
), months AS (
    INSERT INTO procedures_monthtally (office_id, month, procedure, channel, event, count)
    SELECT office_id, date_trunc('month', day)::date, procedure, channel, event, count(*)
    FROM marks GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (office_id, month, procedure, channel, event)
    DO UPDATE SET count = procedures_monthtally.count + EXCLUDED.count
)
SELECT count(*) FROM marks
"""


def bump(dossier: Dossier, act: Act) -> None:
    """Count the act once, in the transaction of the act. People of the demo aren't counted.

    The event of the act must be written already.
    """
    if act not in COUNTED or dossier.is_test or dossier.office_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"zone": settings.TIME_ZONE, "dossier": dossier.pk, "act": act})
        marked = cursor.fetchone()
    if marked and marked[0] % FOLD_EVERY == 0:
        transaction.on_commit(fold, robust=True)


def fold(limit: int = FOLD_AT_ONCE) -> int:
    """Turn the oldest strokes into days and months. Returns how many; 0 also when another folds now.

    Readers see each stroke once: before, or after, in one statement's snapshot.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLDER])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FOLD, {"limit": limit})
        return int(cursor.fetchone()[0])


def fold_all() -> int:
    """Fold until nothing waits, or another folds. Returns how many strokes."""
    total = 0
    while folded := fold():
        total += folded
    return total


_REBUILD = f"""
INSERT INTO procedures_tally (office_id, day, procedure, channel, event, count)
SELECT office_id, day, procedure, channel, event, count(*) FROM ({COUNTED_ROWS}) AS acts GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - constants

_REBUILD_MONTHS = """
INSERT INTO procedures_monthtally (office_id, month, procedure, channel, event, count)
SELECT office_id, date_trunc('month', day)::date, procedure, channel, event, sum(count)
FROM procedures_tally GROUP BY 1, 2, 3, 4, 5
"""


def rebuild() -> None:
    """Write every count afresh from the rows, after a recount found a mismatch. Acts wait meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("LOCK TABLE procedures_tallymark, procedures_tally, procedures_monthtally")
        for table in ("tallymark", "tally", "monthtally"):
            cursor.execute(f"DELETE FROM procedures_{table}")  # noqa: S608 - constants
        cursor.execute(_REBUILD, {"zone": settings.TIME_ZONE})
        cursor.execute(_REBUILD_MONTHS)
