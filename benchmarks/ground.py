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
from portal.serve import set_environment


@contextmanager
def portal_ground() -> Iterator[Path]:
    """Django set up on an empty, migrated database with the 63 offices. Yields the folder of it all.

    DATABASE_URL and REDIS_URL, when given, are used as they are and nothing is thrown away.
    """
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    folder.chmod(0o711)
    try:
        set_environment(folder, 8000)
        with embedded_servers(folder) as running:
            os.environ |= {"DATABASE_URL": running.database_url, "REDIS_URL": running.redis_url}
            django.setup()
            call_command("migrate", verbosity=0)
            call_command("load_offices", stdout=io.StringIO())
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def median(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
