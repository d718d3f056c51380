"""A database server that is lost with its disk comes back from the base copy and the archived WAL, by the very
lines of docs/how-to/back-up-and-restore.md: up to its last minutes, or to a moment before a mistake."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from portal.embedded import Postgres
from portal.keeper import Keeper, keeper_of
from portal.processes import LOCALHOST, secrets_of
from tests.servers import ROOT

PATIENCE = 60
HOW_TO = (ROOT / "docs" / "how-to" / "back-up-and-restore.md").read_text(encoding="utf-8")


def documented(setting: str) -> str:
    """The value of a setting as operators read it."""
    found = re.search(rf"^{setting} = '(.*)'$", HOW_TO, re.MULTILINE)
    assert found, setting
    return found[1]


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that PostgreSQL's user may enter, unlike tmp_path when root runs the tests."""
    made = Path(tempfile.mkdtemp(prefix="portal-wal-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


def server(keeper: Keeper, folder: Path, **flags: str) -> Postgres:
    passwords = secrets_of(folder, "POSTGRES_PASSWORD", "PORTAL_DB_PASSWORD", "PORTAL_WEB_DB_PASSWORD")
    return Postgres(
        keeper,
        folder,
        passwords["POSTGRES_PASSWORD"],
        app_password=passwords["PORTAL_DB_PASSWORD"],
        web_password=passwords["PORTAL_WEB_DB_PASSWORD"],
        flags=flags,
    )


def run_as(keeper: Keeper, *command: str, **environment: str) -> None:
    subprocess.run(
        command,
        cwd=keeper.home,
        env={"PATH": os.defpath, **environment},
        check=True,
        user=keeper.user,
        group=keeper.group,
        extra_groups=keeper.extra_groups,
    )


def copied(running: Postgres, to: Path) -> None:
    """The base copy, as every week."""
    command = [running.keeper.postgres("pg_basebackup"), "-h", LOCALHOST, "-p", str(running.port)]
    command += ["-U", "postgres", "-D", str(to), "--checkpoint=fast", "--wal-method=none"]
    run_as(running.keeper, *command, PGPASSWORD=running.password)


def written(running: Postgres, word: str) -> datetime:
    """A row of the portal's database; the moment just after it."""
    with running.connect("portal") as portal:
        portal.execute("CREATE TABLE IF NOT EXISTS receipt (word text)")
        portal.execute("INSERT INTO receipt VALUES (%s)", [word])
        row = portal.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    assert isinstance(row[0], datetime)
    return row[0]


def wait_for_archive(running: Postgres) -> None:
    """Until what was written so far is in the archive: nobody asks for it, archive_timeout does it."""
    with running.connect() as connection:
        [name] = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone() or [""]
        until = time.monotonic() + PATIENCE
        query = "SELECT coalesce(last_archived_wal >= %s, false) FROM pg_stat_archiver"
        while connection.execute(query, [name]).fetchone() != (True,):
            assert time.monotonic() < until, "it was not archived"
            time.sleep(0.1)


def restored(keeper: Keeper, folder: Path, base: Path, wal: Path, until: datetime | None = None) -> list[str]:
    """The words that a server started from the base copy and the archive knows."""
    home = folder / f"restored-{until:%H%M%S}" if until else folder / "restored"
    home.mkdir(mode=0o711)
    keeper.give(home)
    other = replace(keeper, home=home)
    run_as(other, "cp", "-a", str(base), str(home / "postgres"))
    lines = [f"restore_command = '{documented('restore_command').replace('/wal/', f'{wal}/')}'"]
    if until:
        lines += [f"recovery_target_time = '{until.isoformat()}'", "recovery_target_action = 'promote'"]
    with (home / "postgres" / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write("\n".join([*lines, ""]))
    (home / "postgres" / "recovery.signal").touch()
    keeper.give(home / "postgres" / "recovery.signal")
    again = server(other, folder, hot_standby="off")  # it answers once it is restored
    again.start()
    try:
        with again.connect("portal") as portal:
            return [str(word) for (word,) in portal.execute("SELECT word FROM receipt ORDER BY 1")]
    finally:
        again.stop()


def test_a_lost_server_comes_back_whole_or_to_the_moment_before_a_mistake(folder: Path) -> None:
    keeper = keeper_of(folder / "var")
    wal, base = folder / "wal", folder / "base"
    for made in (wal, base):
        made.mkdir(mode=0o700)
        keeper.give(made)
    archive = documented("archive_command").replace("/wal/", f"{wal}/")
    flags = {"wal_level": "replica", "archive_mode": "on", "archive_timeout": "1", "archive_command": archive}
    running = server(keeper, folder / "var", **flags)
    running.start()
    try:
        copied(running, base)
        before = written(running, "1 trước lúc nhầm")
        time.sleep(0.05)
        written(running, "2 nhầm")
        wait_for_archive(running)
    finally:
        assert running.process is not None
        os.killpg(running.process.pid, signal.SIGKILL)  # no good-bye
        running.process.wait()
    shutil.rmtree(running.data)
    assert restored(keeper, folder / "var", base, wal) == ["1 trước lúc nhầm", "2 nhầm"]
    assert restored(keeper, folder / "var", base, wal, until=before) == ["1 trước lúc nhầm"]
