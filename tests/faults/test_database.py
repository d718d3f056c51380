"""PostgreSQL restarts in the middle; people click twice; clocks are wrong; the disk is full."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from procedures.models import Attachment
from tests.faults.conftest import Filers
from tests.faults.filers import Answer, Filer
from tests.faults.portal import BreakablePortal, wait_until
from tests.makers import jpeg

Arrived = Callable[..., None]
FAKETIME = next(
    (path for path in Path("/usr/lib").glob("*/faketime/libfaketime.so.1")),
    Path(os.environ.get("FAKETIME_LIB", "/nowhere")),
)


def at_once(acts: list[Callable[[], Answer]]) -> list[Answer]:
    start, answers = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Answer]) -> None:
        start.wait()
        answers.append(act())

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_ten_clicks_at_once_make_one_filing_and_ten_receipts(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    (person,) = filers()
    person.ask_code()
    code = person.read_code()
    answers = at_once([lambda: person.send_code(code)] * 10)
    assert {(answer.status, answer.location) for answer in answers} == {(302, person.url("da-nop/"))}
    assert person.dossier.filings.count() == 1
    all_arrived([person])


def test_a_database_restarted_at_once_while_people_file_gives_no_false_receipt(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    people = filers(6)
    for person in people:
        person.ask_code()
    codes = [person.read_code() for person in people]
    for person, code in zip(people[:2], codes[:2], strict=True):
        person.insist(code)
    answers: list[Answer] = []

    def press(person: Filer, code: str) -> None:
        for _ in range(3):
            answers.append(person.send_code(code))
        person.insist(code)

    presses = [threading.Thread(target=press, args=pair) for pair in zip(people[2:], codes[2:], strict=True)]
    for thread in presses:
        thread.start()
    portal.restart_postgres()  # here: a server ends with the thread that started it
    for thread in presses:
        thread.join()
    connection.close()
    for answer in answers:
        assert answer.status in (302, 503), answer
        assert answer.status == 302 or answer.headers["Retry-After"]
    all_arrived(people)


def test_a_page_asked_for_while_the_database_is_away_is_a_503_with_a_time_to_come_back(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    (person,) = filers()
    person.ask_code()
    code = person.read_code()
    portal.postgres.stop()
    try:
        answer = person.send_code(code)
    finally:
        portal.postgres.start()
        connection.close()
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert "hồ sơ đã nộp vẫn còn nguyên" in answer.body
    assert not person.receipt
    person.insist(code)
    all_arrived([person])


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
WAITER = """
import sys, django
django.setup()
from django.db import connection, transaction
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("SELECT pg_advisory_lock(1)")
    print("holds one", flush=True)
    cursor.execute("SET lock_timeout = 0")
    cursor.execute("SELECT pg_advisory_xact_lock(2)")
"""


def test_a_process_killed_while_it_waits_for_a_lock_leaves_its_own_at_once(portal: BreakablePortal) -> None:
    """The database notices by itself: the session of a killed process doesn't wait on in its name."""
    environment = {**os.environ, "DATABASE_URL": portal.database_url}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(2)")
        command = [sys.executable, "-c", WAITER]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as waiter:
            assert waiter.stdout is not None
            assert waiter.stdout.readline() == "holds one\n"
            assert wait_until(lambda: _first(WAITING) == 1)
            waiter.kill()
        assert wait_until(lambda: _first("SELECT pg_try_advisory_lock(1)") is True, seconds=3)
        cursor.execute("SELECT pg_advisory_unlock_all()")


def _first(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


@pytest.fixture
def full_disk(portal: BreakablePortal) -> Iterator[Path]:
    """The folder of kept files on a small disk of its own, which is nearly full."""
    kept, aside = portal.var_dir / "uploads" / "kept", portal.var_dir / "uploads" / "aside"
    kept.mkdir(parents=True, exist_ok=True)
    kept.rename(aside)
    kept.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(kept)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        if not mounted:
            pytest.skip("only root may mount the small disk that this test fills")
        yield kept
    finally:
        if mounted:
            subprocess.run(["umount", str(kept)], check=True)
        kept.rmdir()
        aside.rename(kept)


def test_an_upload_to_a_full_disk_leaves_neither_row_nor_file(filers: Filers, full_disk: Path) -> None:
    (person,) = drafts_elsewhere(filers, full_disk)
    before = Attachment.objects.count()
    answer = person.upload("so_bhxh", jpeg("đầy đĩa", (1600, 2200)))
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert Attachment.objects.count() == before
    assert not any(path.stat().st_size > 60_000 for path in full_disk.iterdir())
    assert not list(full_disk.glob("*.part"))


def drafts_elsewhere(filers: Filers, disk: Path) -> list[Filer]:
    """A draft made while the disk still had room; its small files go with the disk."""
    people = filers()
    for path in disk.iterdir():
        path.unlink()
    for person in people:
        person.dossier.attachments.all().delete()
    return people


@pytest.mark.skipif(not FAKETIME.exists(), reason="libfaketime isn't installed (Debian: faketime)")
def test_twenty_minutes_between_the_clocks_of_web_and_worker_change_nothing(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    # The monotonic clock lies, too: else libfaketime 0.9.10 refuses the sleep of Python 3.11.
    lie = {"LD_PRELOAD": str(FAKETIME)}
    try:
        portal.restart("web", **lie, FAKETIME="+10m")
        portal.restart("worker", **lie, FAKETIME="-10m")
        people = filers(2)
        for person in people:
            person.file()
        all_arrived(people)
    finally:
        portal.restart("web")
        portal.restart("worker")


def test_without_a_free_connection_a_page_is_a_503_and_comes_back_by_itself(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    (person,) = filers()
    person.ask_code()
    code = person.read_code()
    with portal.postgres.connect() as server:
        server.execute("ALTER ROLE portal_web CONNECTION LIMIT 0")
        try:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portal_web'"
            )
            answer = person.send_code(code)
        finally:
            server.execute("ALTER ROLE portal_web CONNECTION LIMIT -1")
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert not person.receipt
    person.insist(code)
    all_arrived([person])
