"""Every table says who sees its rows, and PostgreSQL knows it."""

import pytest
from django.apps import apps
from django.db import connection, models

from portal import wall
from procedures.models import Dossier

HOW = "see docs/how-to/add-a-table.md"


def tables() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def hangs_on_a_dossier(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Whether a row belongs to one dossier: by a foreign key to it, or to a row that belongs to one."""
    if model is Dossier:
        return True
    if model in seen:
        return False
    targets = [field.related_model for field in model._meta.concrete_fields if field.is_relation]
    return any(hangs_on_a_dossier(target, seen | {model}) for target in targets if isinstance(target, type))


def test_every_table_is_behind_the_wall_or_says_why_not() -> None:
    silent = sorted(tables().keys() - wall.RULES.keys() - wall.OPEN.keys())
    assert silent == [], f"{silent} have neither a rule nor a reason in portal/wall.py: {HOW}"
    assert wall.RULES.keys() <= tables().keys()
    assert not wall.RULES.keys() & wall.OPEN.keys()
    assert all(wall.OPEN.values())


def test_nothing_of_a_dossier_is_open() -> None:
    of_dossiers = {name for name, model in tables().items() if hangs_on_a_dossier(model)}
    assert {"procedures_dossier", "procedures_leaf", "procedures_dispatch"} <= of_dossiers
    assert sorted(of_dossiers - wall.RULES.keys()) == [], HOW


@pytest.mark.django_db
def test_the_policies_are_forced_on_every_table_with_a_rule() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        forced = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tablename, array_agg(policyname::text) FROM pg_policies GROUP BY 1")
        policies = {table: set(names) for table, names in cursor.fetchall()}
    assert forced == wall.RULES.keys()
    assert policies == {table: {"owner", "sees", "adds", "changes", "removes"} for table in wall.RULES}


@pytest.mark.django_db
def test_the_role_of_the_web_process_owns_nothing_and_passes_nothing_by() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %s",
            [wall.ROLE],
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s", [wall.ROLE])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [wall.ROLE])
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT has_function_privilege(%s, 'wall_lent()', 'EXECUTE')", [wall.ROLE])
        assert cursor.fetchone() == (True,)


def test_a_table_made_again_under_its_name_is_behind_the_wall_again(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE again (LIKE procedures_accessentry INCLUDING ALL)")
        cursor.execute("DROP TABLE procedures_accessentry")
        cursor.execute("ALTER TABLE again RENAME TO procedures_accessentry")
        wall.build()
        cursor.execute(
            "SELECT relrowsecurity AND relforcerowsecurity, has_table_privilege(%s, oid, 'SELECT') "
            "FROM pg_class WHERE relname = 'procedures_accessentry'",
            [wall.ROLE],
        )
        assert cursor.fetchone() == (True, True)
