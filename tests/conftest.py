import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from pytest_django.plugin import DjangoDbBlocker

from tests.figures import measured
from tests.people import *  # noqa: F403 - the cast, for every test
from tests.servers import FOLDER, template_database

LONGEST_NAME = 100
WITHOUT_TRUNCATE_TRIGGERS = """
DO $$ DECLARE guarded regclass; BEGIN
    FOR guarded IN SELECT DISTINCT tgrelid::regclass FROM pg_trigger
    WHERE NOT tgisinternal AND tgtype & 32 <> 0
    LOOP EXECUTE format('ALTER TABLE %s {} TRIGGER USER', guarded); END LOOP;
END $$
"""


def pytest_configure() -> None:
    settings.MIDDLEWARE.insert(0, "tests.web_role.AsWebRole")
    settings.PASSWORD_HASHERS = ["tests.hasher.CheapArgon2", *settings.PASSWORD_HASHERS]
    # By this name alone pytest-django knows that its live server has static files; ours is a kind of it.
    settings.INSTALLED_APPS.append("django.contrib.staticfiles")
    if FOLDER not in os.environ:
        raise pytest.UsageError(
            "The tests start PostgreSQL and Redis: run script/test, or pytest from the top folder"
        )


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A long value would be the whole of it in the test's name, and in the environment of what the test starts."""
    return f"{argname} of {len(val)}" if isinstance(val, str | bytes) and len(val) > LONGEST_NAME else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lines := measured():
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(lines))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy the migrated template instead of migrating once an xdist worker."""
    connection.settings_dict["TEST"]["TEMPLATE"] = template_database()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database of one xdist worker, from the first test that needs it to the last.

    transaction=True ends with a flush, which the append-only triggers rightly refuse: let it pass. At the end
    the database is dropped, though the session of a process that was just killed may not be gone yet.
    """
    flush = DatabaseOperations.execute_sql_flush

    def flush_history_too(operations: DatabaseOperations, statements: list[str]) -> None:
        flush(
            operations,
            [
                WITHOUT_TRUNCATE_TRIGGERS.format("DISABLE"),
                *statements,
                WITHOUT_TRUNCATE_TRIGGERS.format("ENABLE"),
            ],
        )

    # Of the class: while Playwright's event loop runs in this thread, Django uses another connection object.
    DatabaseOperations.execute_sql_flush = flush_history_too
    yield
    with django_db_blocker.unblock(), connection.temporary_connection() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
