"""A migration while people file (F37): it waits for its lock a few seconds at most, then gives up and nobody
behind it is kept out."""

import os
import subprocess
import sys
from collections.abc import Callable

from django.db import connection

from tests.faults.conftest import Filers
from tests.faults.portal import BreakablePortal, wait_until
from tests.faults.test_broker import with_codes
from tests.servers import ROOT

Arrived = Callable[..., None]
# As `manage.py migrate` applies one: with the settings of every connection, lock_timeout among them.
MIGRATION = """
import django
django.setup()
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
step = migrations.AddField("dossier", "probe_of_a_fault", models.IntegerField(null=True))
migration = type("Migration", (migrations.Migration,), {"operations": [step]})("0999_probe", "procedures")
state = MigrationLoader(connection).project_state()
with connection.schema_editor() as editor:
    migration.apply(state, editor)
"""
WAITS = """
SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation
WHERE relname = 'procedures_dossier' AND mode = 'AccessExclusiveLock' AND NOT granted
"""


def test_a_migration_behind_a_long_reader_gives_up_and_filings_go_on(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    ready = with_codes(filers(3))
    environment = {**os.environ, "DATABASE_URL": portal.database_url}
    with portal.postgres.connect("portal") as reader, portal.postgres.connect("portal") as server:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM procedures_dossier")  # and its transaction stays open
        command = [sys.executable, "-c", MIGRATION]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
        ) as migration:
            assert wait_until(lambda: server.execute(WAITS).fetchone() == (1,), every=0.02), (
                "it waits in line"
            )
            for person, code in ready:  # behind it, until it gives up
                person.insist(code)
            _, said = migration.communicate(timeout=60)
        reader.execute("ROLLBACK")
    assert migration.returncode != 0
    assert "lock timeout" in said
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, "procedures_dossier")
    assert "probe_of_a_fault" not in {column.name for column in described}
    all_arrived([person for person, _ in ready])
