"""A backup is worth what a restore of it is worth: restored, verified, and what it lacks is named."""

import io
import shutil
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from portal import backups
from procedures.services import checkpoints
from tests import makers

# One after the other: each looks for databases that a drill left on the server.
pytestmark = pytest.mark.xdist_group("backups")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.rmtree(settings.UPLOAD_DIR, ignore_errors=True)  # what other tests left
    return tmp_path / "sao-luu"


def drilled(folder: Path) -> str:
    out = io.StringIO()
    call_command("restore_drill", folder, stdout=out)
    return out.getvalue()


def databases() -> list[str]:
    with psycopg.connect(backups._url("postgres")) as server:
        return [
            name for (name,) in server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'drill%'")
        ]


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_restored_verified_and_what_came_since_is_listed(contributor: User, folder: Path) -> None:
    kept = makers.queued(contributor)
    checkpoints.make()
    call_command("back_up", folder, stdout=io.StringIO())
    since = makers.queued(contributor)

    said = drilled(folder)
    assert "1 lần nộp" in said
    assert "findings: 0" in said
    assert "1 files; damaged: 0" in said
    assert "contradictions: 0" in said
    assert f"{since.reference} (1)" in said
    assert str(kept.reference) not in said
    assert databases() == []
    assert connection.settings_dict["NAME"]


@pytest.mark.django_db(transaction=True)
def test_a_backup_with_a_damaged_file_does_not_hold(contributor: User, folder: Path) -> None:
    makers.queued(contributor)
    call_command("back_up", folder, stdout=io.StringIO())
    [copy] = (folder / "uploads" / "kept").iterdir()
    sound = copy.read_bytes()
    copy.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    with pytest.raises(CommandError, match="verify_files"):
        drilled(folder)
    assert databases() == []


def test_no_dump_is_said_plainly(folder: Path, db: None) -> None:
    folder.mkdir()
    with pytest.raises(CommandError, match="no"):
        drilled(folder)
