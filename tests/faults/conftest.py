import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from portal.settings import database
from tests.faults.checks import examine, on_their_way
from tests.faults.filers import Filer, Inbox, filer
from tests.faults.portal import BreakablePortal, breakable_portal, wait_until
from tests.servers import PREPARE, ROOT

NUMBERS = count(1)
Filers = Callable[..., list[Filer]]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One breakable portal an xdist worker; most of a plan is waiting, so the workers share the plans by file."""
    for item in items:
        if "portal" in getattr(item, "fixturenames", ()) and "tests/faults" in item.path.as_posix():
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.xdist_group(f"faults of {item.path.stem}"))


def prepared(environment: dict[str, str]) -> str:
    command = [sys.executable, "-c", PREPARE]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="session")
def _processes() -> Iterator[BreakablePortal]:
    folder = Path(tempfile.mkdtemp(prefix="portal-faults-"))
    folder.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL")
        patch.delenv("WEB_DATABASE_URL")
        patch.delenv("REDIS_URL")
        with breakable_portal(folder / "var", prepared) as portal:
            yield portal
    kept = Path(os.environ["VAR_DIR"]) / "faults" / "log"
    shutil.copytree(folder / "var" / "log", kept, dirs_exist_ok=True)  # for a look when one failed
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def portal(
    _processes: BreakablePortal, django_db_blocker: DjangoDbBlocker, settings: Any
) -> Iterator[BreakablePortal]:
    with looking_into(_processes, django_db_blocker, settings):
        yield _processes


@contextmanager
def looking_into(
    portal: BreakablePortal, django_db_blocker: DjangoDbBlocker, settings: Any
) -> Iterator[None]:
    """This process's Django looks into the portal's database and files."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            **settings.STORAGES["default"],
            "OPTIONS": {"location": portal.var_dir / "uploads" / "kept"},
        },
    }
    there = database(portal.database_url)
    with django_db_blocker.unblock():
        connection.close()
        before = dict(connection.settings_dict)
        connection.settings_dict.update(
            {key: there[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
        )
        assert str(connection.settings_dict["PORT"]) == str(urlsplit(portal.database_url).port)
        try:
            yield
        finally:
            portal.disarm()
            connection.close()
            connection.settings_dict.clear()
            connection.settings_dict.update(before)


@pytest.fixture(scope="session")
def inbox(_processes: BreakablePortal) -> Inbox:
    return Inbox(_processes.var_dir / "demo-inbox")


@pytest.fixture
def filers(portal: BreakablePortal, inbox: Inbox) -> Filers:
    """Makes so many people with a draft ready to be signed: ``filers(3)``."""

    def make(number: int = 1, office: str = "ha-noi") -> list[Filer]:
        return [filer(next(NUMBERS), portal.port, inbox, office) for _ in range(number)]

    return make


@pytest.fixture
def all_arrived(portal: BreakablePortal) -> Callable[..., None]:
    """Within a minute every receipt stands in its office's queue, once, with its files as signed."""

    def check(people: list[Filer], quarantined: tuple[str, ...] = ()) -> None:
        receipts = [person.receipt for person in people]
        assert all(receipts)
        assert wait_until(lambda: on_their_way() == 0), f"{on_their_way()} are still on their way"
        found = examine(receipts, quarantined)
        assert found.is_clean, found

    return check
