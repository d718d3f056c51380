"""The first migrations became one an app (docs/decisions/0145)."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

SQUASHED = {"accounts": "0001_squashed_0010", "procedures": "0001_squashed_0023"}
LAST = {"accounts": "0010_where_people_are_logged_in", "procedures": "0023_complaints_withdrawn_on_paper"}

pytestmark = pytest.mark.django_db


def test_a_database_of_the_old_migrations_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    recorder = MigrationRecorder(connection)
    for app, name in SQUASHED.items():
        recorder.record_unapplied(app, name)
    call_command("migrate", no_color=True)
    assert "No migrations to apply" in capsys.readouterr().out
    assert set(SQUASHED.items()) <= set(recorder.applied_migrations())


def test_a_database_that_stopped_on_the_way_is_told_so() -> None:
    recorder = MigrationRecorder(connection)
    later = [(app, name) for app, name in recorder.applied_migrations() if name > LAST.get(app, "a")]
    for app, name in [*SQUASHED.items(), *LAST.items(), *later]:
        recorder.record_unapplied(app, name)
    with pytest.raises(CommandError, match=f"accounts.{LAST['accounts']} was not applied"):
        call_command("migrate", verbosity=0)
