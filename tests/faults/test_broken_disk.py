"""The disk under the database is full, or doesn't keep what it was given: no receipt then, and none lost (F17)."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.faults.conftest import Filers
from tests.faults.portal import BreakablePortal, wait_until
from tests.faults.test_broker import with_codes

Arrived = Callable[..., None]
ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk or trace a server")


@pytest.fixture
def small_disk(portal: BreakablePortal) -> Iterator[Path]:
    """All tables live on a disk of their own; with `full` in it nothing more has room."""
    disk = portal.postgres.keeper.home / "small-disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        disk.rmdir()
        pytest.skip("no small disk can be mounted here")
    space = disk / "space"
    space.mkdir(mode=0o700)
    portal.postgres.keeper.give(space)
    connection.close()
    try:
        with portal.postgres.connect("portal") as server:
            server.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
            move(server, "pg_default", "small")
        yield disk
    finally:
        (disk / "full").unlink(missing_ok=True)
        with portal.postgres.connect("portal") as server:
            move(server, "small", "pg_default")
            server.execute("CHECKPOINT")  # what was deleted is gone from the disk too
            server.execute("DROP TABLESPACE small")
        subprocess.run(["umount", "--lazy", str(disk)], check=True)  # servers still have files of it open
        disk.rmdir()


def move(server: "psycopg.Connection[tuple[object, ...]]", old: str, new: str) -> None:
    for kind in ("TABLE", "INDEX"):
        server.execute(sql.SQL(f"ALTER {kind} ALL IN TABLESPACE {old} OWNED BY portal SET TABLESPACE {new}"))


def fill(disk: Path) -> None:
    with (disk / "full").open("wb", buffering=0) as file:
        try:
            while file.write(b"0" * 4096):
                pass
        except OSError:
            return


@ONLY_ROOT
def test_a_full_disk_under_the_database_gives_no_receipt_until_there_is_room(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived, small_disk: Path
) -> None:
    ready = with_codes(filers(6))
    fill(small_disk)
    answers = [person.send_code(code) for person, code in ready]  # one may still find room in its pages
    refused = [answer for answer in answers if answer.status == 503]
    assert refused
    assert all(answer.headers["Retry-After"] for answer in refused)
    assert {answer.status for answer in answers} <= {302, 503}
    for (person, _), answer in zip(ready, answers, strict=True):
        assert bool(person.receipt) == (answer.status == 302) == person.dossier.filings.exists()
    (small_disk / "full").unlink()
    for person, code in ready:
        person.insist(code)
    all_arrived([person for person, _ in ready])


@contextmanager
def nothing_reaches_the_disk(process: int) -> Iterator[None]:
    """Each fdatasync of PostgreSQL, that is each commit, answers "input/output error"."""
    victims = [process, *(child.pid for child in psutil.Process(process).children())]
    command = ["strace", "-f", "-qq", "-o", os.devnull, "-e", "trace=fdatasync"]
    command += ["-e", "inject=fdatasync:error=EIO", *(word for pid in victims for word in ("-p", str(pid)))]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as tracer:
        try:
            if not wait_until(lambda: all(map(_is_traced, victims)), seconds=10):
                pytest.skip("strace may not trace a server here")
            yield
        finally:
            tracer.terminate()


def _is_traced(pid: int) -> bool:
    try:
        return "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except FileNotFoundError:  # it has ended since
        return True


@ONLY_ROOT
@pytest.mark.skipif(not shutil.which("strace"), reason="strace isn't installed")
def test_a_disk_that_fails_while_a_filing_is_written_gives_no_receipt(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    """PostgreSQL gives up rather than believe the disk; when it is back, what was acknowledged is there."""
    ready = with_codes(filers(2))
    (first, code), (second, later) = ready
    first.insist(code)
    process = portal.postgres.process
    assert process is not None
    try:
        with nothing_reaches_the_disk(process.pid):
            answer = second.send_code(later)
    finally:
        portal.restart_postgres()
        connection.close()
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert not second.receipt
    second.insist(later)
    all_arrived([first, second])
