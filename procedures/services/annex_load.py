"""Loading the annex's dossiers by COPY, one office a transaction: an interrupted load goes on where it was."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from accounts.models import Office, Role, User
from procedures.models import Dossier
from procedures.selectors.statistics.loaded import ANNEX_LOGIN
from procedures.services.annex import COLUMNS, AnnexRow, OfficeLoad, annex_rows

# An open dossier can be worked on, so it has all that a filed one has. Its due date stays empty (as while
# a paper is awaited): it comes after everything the office has really been sent.
_OPEN = """
WITH opened AS (
    SELECT id, procedure, filed_at, format(
        '{"answers":{"full_name":"Hồ sơ dựng theo phụ lục 3040"},"attachments":[],"edition":"%%s",'
        '"filer":"%%s","format":"ho-so-bhxh/1","office":"%%s","procedure":"%%s","to_follow":[]}',
        edition, filer_id, office_id, procedure) AS content
    FROM procedures_dossier WHERE office_id = %(office)s AND filer_id = %(filer)s AND status = 'queued'
), filings AS (
    INSERT INTO procedures_filing (dossier_id, number, digest, signed_content, filed_at)
    SELECT id, 1, encode(sha256(convert_to(content, 'UTF8')), 'hex'), convert_to(content, 'UTF8'), filed_at
    FROM opened RETURNING id, dossier_id, digest, filed_at
), events AS (
    INSERT INTO procedures_dossierevent (dossier_id, act, status, detail, at)
    SELECT dossier_id, act, status, detail, filed_at FROM filings, LATERAL (VALUES
        (1, 'file', 'filed', jsonb_build_object('digest', digest, 'filing', 1)),
        (2, 'deliver', 'queued', jsonb_build_object('office', %(office)s::text, 'filing', 1))
    ) AS acts (place, act, status, detail) ORDER BY dossier_id, place
)
INSERT INTO procedures_dispatch
    (filing_id, office_id, state, created_at, next_try_at, done_at, published, starts, last_error)
SELECT id, %(office)s, 'done', filed_at, filed_at, filed_at, 1, 1, '' FROM filings
"""

_TALLY = """
INSERT INTO procedures_tally (office_id, day, procedure, channel, event, count)
SELECT %(office)s, * FROM unnest(%(days)s::date[], %(procedures)s::text[], %(channels)s::text[],
                                 %(events)s::text[], %(counts)s::int[])
ON CONFLICT (office_id, day, procedure, channel, event)
DO UPDATE SET count = procedures_tally.count + EXCLUDED.count
"""

_MONTHS = """
INSERT INTO procedures_monthtally (office_id, month, procedure, channel, event, count)
SELECT %(office)s, date_trunc('month', day)::date, procedure, channel, event, sum(count)
FROM unnest(%(days)s::date[], %(procedures)s::text[], %(channels)s::text[], %(events)s::text[],
            %(counts)s::int[]) AS cells (day, procedure, channel, event, count)
GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (office_id, month, procedure, channel, event)
DO UPDATE SET count = procedures_monthtally.count + EXCLUDED.count
"""

_SEQUENCES = """
INSERT INTO procedures_referencesequence (office_id, day, last)
SELECT %(office)s, * FROM unnest(%(days)s::date[], %(lasts)s::int[])
ON CONFLICT (office_id, day) DO UPDATE SET last = greatest(procedures_referencesequence.last, EXCLUDED.last)
"""

# The same table without a portal around it, to compare with.
_TWIN = """
DROP TABLE IF EXISTS annex_twin;
CREATE TABLE annex_twin (LIKE procedures_dossier INCLUDING ALL);
ALTER TABLE annex_twin
    ADD FOREIGN KEY (office_id) REFERENCES accounts_office DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (filer_id) REFERENCES accounts_user DEFERRABLE INITIALLY DEFERRED
"""


@dataclass
class Progress:
    """How far a load is. Seconds are of this run: ``copy_seconds`` until the last row was sent,
    ``bare_seconds`` of the twin when it is compared, each until its commit."""

    rows_in_all: int
    rows: int = 0
    office: str = ""
    skipped: int = 0  # rows of offices that were loaded before
    seconds: float = 0.0
    copy_seconds: float = 0.0
    bare_seconds: float = 0.0


class LoadRefused(Exception):
    """There are rows of another load."""


def load_annex(
    scale: int, tell: Callable[[Progress], None], *, compare: bool = False, named: bool = False
) -> Progress:
    """Load every office that isn't loaded yet. ``compare`` also loads each into a bare twin table; ``named``
    gives each dossier a name and a number to be searched by.

    Raises LoadRefused when an office was loaded at another scale.
    """
    filer, offices = _filer(), Office.objects.in_bulk()
    rows = annex_rows(scale)
    progress = Progress(sum(row.total for row in rows))
    if compare:
        _execute(_TWIN)
    for number, row in enumerate(rows, start=1):
        office = offices[row.key]
        progress.office = office.official_name
        tell(progress)
        there = _loaded(row, filer)
        if there:
            progress.skipped += there
            continue
        parts = (row, number, office.code, filer.pk, office.successor_id is None, named)
        _load_office(OfficeLoad(*parts), progress, tell)
        if compare:
            _load_twin(OfficeLoad(*parts), progress)
    for table in ("dossier", "tally", "monthtally", "dossierevent", "filing", "dispatch"):
        _execute(f"ANALYZE procedures_{table}")
    if compare:
        _execute("DROP TABLE annex_twin")
    tell(progress)
    return progress


def _filer() -> User:
    fields = {"full_name": "Số liệu phụ lục 3040/BHXH-CNTT", "role": Role.CITIZEN, "is_active": False}
    return User.objects.get_or_create(login=ANNEX_LOGIN, defaults={**fields, "password": "!"})[0]


def _loaded(row: AnnexRow, filer: User) -> int:
    if not Dossier.objects.filter(office_id=row.key, filer=filer).exists():
        return 0
    there = Dossier.objects.filter(office_id=row.key, filer=filer).count()
    if there != row.total:
        raise LoadRefused(f"{row.key}: {there} dossiers are loaded, not {row.total}: another --scale?")
    return there


def _load_office(load: OfficeLoad, progress: Progress, tell: Callable[[Progress], None]) -> None:
    began, before = time.perf_counter(), (progress.rows, progress.seconds)

    def told() -> Iterator[bytes]:
        for block in load.blocks():
            yield block
            progress.rows = before[0] + load.made
            progress.seconds = before[1] + time.perf_counter() - began
            tell(progress)

    with transaction.atomic():
        _copy("procedures_dossier", told())
        progress.copy_seconds += time.perf_counter() - began
        _complete(load)
    progress.seconds = before[1] + time.perf_counter() - began


def _load_twin(load: OfficeLoad, progress: Progress) -> None:
    """The same lines, made beforehand, into a table that nothing else belongs to."""
    blocks = list(load.blocks())
    began = time.perf_counter()
    with transaction.atomic():
        _copy("annex_twin", blocks)
    progress.bare_seconds += time.perf_counter() - began


def _copy(table: str, blocks: Iterable[bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        with cursor.copy(f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for block in blocks:
                copy.write(block)


def _complete(load: OfficeLoad) -> None:
    """What belongs to the dossiers: filings of the open ones, counts, the numbers given."""
    keys, counts = list(load.cells), list(load.cells.values())
    cells: dict[str, Any] = {"office": load.row.key, "counts": counts}
    for place, name in enumerate(("days", "procedures", "channels", "events")):
        cells[name] = [key[place] for key in keys]
    given: dict[str, Any] = {"days": list(load.sequences), "lasts": list(load.sequences.values())}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"office": load.row.key, "filer": load.filer_id})
        cursor.execute(_TALLY, cells)
        cursor.execute(_MONTHS, cells)
        cursor.execute(_SEQUENCES, {"office": load.row.key, **given})


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
