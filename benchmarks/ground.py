"""Servers and people for a benchmark: an own PostgreSQL with full durability, thrown away afterwards."""

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command

from portal.embedded import embedded_servers
from portal.serve import prepare, set_environment


@contextmanager
def own_servers() -> Iterator[Path]:
    """PostgreSQL and Redis in a folder of their own, named by the environment. Yields the folder.

    DATABASE_URL and REDIS_URL, when given, are used as they are and nothing is thrown away.
    """
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    folder.chmod(0o711)
    before = dict(os.environ)
    try:
        set_environment(folder, 8000)
        with embedded_servers(folder) as running:
            os.environ |= {"DATABASE_URL": running.database_url, "REDIS_URL": running.redis_url}
            os.environ["WEB_DATABASE_URL"] = running.web_database_url  # web stands behind the second wall
            yield folder
    finally:
        os.environ.clear()
        os.environ.update(before)  # the next servers have other addresses
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def portal_ground() -> Iterator[Path]:
    """Django set up on an empty, migrated database with the 63 offices. Yields the folder of it all."""
    with own_servers() as folder:
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("load_offices", stdout=io.StringIO())
        yield folder


@contextmanager
def demo_ground() -> Iterator[Path]:
    """As script/server prepares it: static files and demo people too."""
    with own_servers() as folder:
        prepare(folder)
        yield folder


def median(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
