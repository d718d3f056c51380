"""What the role of the web process gets by SQL of its own, whatever the selectors say."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from accounts import wall
from accounts.models import Office, User
from portal.wall import RULES
from procedures.models import CoSignature, Dossier
from procedures.selectors.due_board import due_board
from procedures.services import checklist, internal_notes
from tests import makers
from tests.accounts.declarations import registered
from tests.web_role import as_web

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossiers(contributor: User, outsider: User, officer: User) -> dict[str, Dossier]:
    """One draft, one in the queue of Hà Nội, one asked again there, and one of Đắk Lắk."""
    found = {
        "queued": makers.queued(contributor),
        "asked": makers.supplement_requested(contributor, officer),
        "draft": makers.draft(contributor),
        "far": makers.queued(outsider),
    }
    registered(officer.office, full_name="Cao Bá Quát")
    return found


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    wall.leave()


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def counts() -> dict[str, int]:
    return {table: rows(f"SELECT count(*) FROM {table}")[0][0] for table in RULES}


def seen() -> set[int]:
    return {pk for (pk,) in rows("SELECT id FROM procedures_dossier")}


def test_no_setting_no_rows(dossiers: dict[str, Dossier]) -> None:
    there = counts()  # the control: the owner sees them
    assert there["procedures_dossier"] == 4
    assert there["procedures_attachment"]
    assert there["procedures_leaf"]
    assert there["accounts_registration"]
    with as_web():
        assert set(counts().values()) == {0}
        wall.enter(None)
        assert set(counts().values()) == {0}


def test_a_citizen_sees_the_own_dossiers_and_what_hangs_on_them(
    dossiers: dict[str, Dossier], contributor: User, outsider: User
) -> None:
    with as_web():
        wall.enter(contributor.pk)
        assert seen() == {dossiers[name].pk for name in ("queued", "asked", "draft")}
        far = dossiers["far"].pk
        for table in RULES:
            if "dossier_id" in {
                field
                for (field,) in rows(
                    "SELECT column_name::text FROM information_schema.columns WHERE table_name = %s", table
                )
            }:
                assert rows(f"SELECT count(*) FROM {table} WHERE dossier_id = %s", far) == [(0,)], table
        wall.enter(outsider.pk)
        assert seen() == {far}


def test_an_officer_sees_what_has_reached_the_office(
    dossiers: dict[str, Dossier], officer: User, head: User, officer_elsewhere: User
) -> None:
    with as_web():
        for person in (officer, head):
            wall.enter(person.pk)
            assert seen() == {dossiers["queued"].pk, dossiers["asked"].pk}  # no draft
        wall.enter(officer_elsewhere.pk)
        assert seen() == set()


@pytest.mark.parametrize("role", ["issuer", "hq"])
def test_other_staff_see_no_dossier(dossiers: dict[str, Dossier], role: str, request: Any) -> None:
    person: User = request.getfixturevalue(role)
    with as_web():
        wall.enter(person.pk)
        assert seen() == set()
        assert rows("SELECT count(*) FROM procedures_attachment") == [(0,)]
        assert rows("SELECT count(*) FROM accounts_registration")[0][0] == (2 if role == "issuer" else 0)


def test_somebody_who_may_log_in_no_more_sees_nothing(dossiers: dict[str, Dossier], officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(is_active=False)
    with as_web():
        wall.enter(officer.pk)
        assert seen() == set()


def test_an_officer_who_moves_sees_the_new_office_at_once(
    dossiers: dict[str, Dossier], officer: User, offices: dict[str, Office]
) -> None:
    User.objects.filter(pk=officer.pk).update(office=offices["dak-lak"])
    with as_web():
        wall.enter(officer.pk)
        assert seen() == {dossiers["far"].pk}


def test_who_is_asked_to_sign_sees_that_draft_only(dossiers: dict[str, Dossier], pensioner: User) -> None:
    asked = CoSignature.objects.create(
        dossier=dossiers["draft"], full_name=pensioner.full_name, bhxh_number=pensioner.login
    )
    with as_web():
        wall.enter(pensioner.pk)
        assert seen() == {dossiers["draft"].pk}
    CoSignature.objects.filter(pk=asked.pk).update(voided_at="2019-08-20T00:00Z")
    with as_web():
        wall.enter(pensioner.pk)
        assert seen() == set()


def test_the_tracking_door_asks_for_both_secrets_and_lets_nobody_write(
    dossiers: dict[str, Dossier], contributor: User, outsider: User
) -> None:
    queued = dossiers["queued"]
    assert queued.reference
    with as_web():
        for reference, login in (
            (queued.reference, outsider.login),
            ("BHXH-0", contributor.login),
            (queued.reference, ""),
            ("", ""),
        ):
            with wall.door(wall.TRACK, reference, login):
                assert seen() == set()
        with wall.door(wall.TRACK, queued.reference, contributor.login):
            assert seen() == {queued.pk}
            assert rows("UPDATE procedures_dossier SET search_text = '' RETURNING id") == []
            assert rows("DELETE FROM procedures_attachment RETURNING id") == []
        assert seen() == set()


def test_the_complaining_door_opens_one_decided_paper_dossier_only(
    dossiers: dict[str, Dossier], contributor: User, officer: User
) -> None:
    paper = makers.refuse(makers.on_paper(officer), officer)
    with_account = makers.refuse(dossiers["queued"], officer)
    waiting = makers.on_paper(officer, "0119000889", "Giàng A Páo")
    with as_web():
        for dossier in (with_account, waiting):
            with wall.door(wall.COMPLAIN, str(dossier.reference)):
                assert seen() == set()
        with wall.door(wall.COMPLAIN, str(paper.reference)):
            assert seen() == {paper.pk}
            assert rows("DELETE FROM procedures_decision RETURNING id") == []
            assert rows("UPDATE procedures_proposal SET remarks = 'x' RETURNING id") == []
            assert rows("UPDATE procedures_dossier SET search_text = search_text RETURNING id") == [
                (paper.pk,)
            ]
        assert seen() == set()


@pytest.mark.parametrize("table", ["procedures_dossierevent", "procedures_filing", "procedures_leaf"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_history_is_refused_by_right_before_any_trigger(
    dossiers: dict[str, Dossier], contributor: User, table: str, act: str
) -> None:
    with as_web():
        wall.enter(contributor.pk)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
            connection.connection.execute(act.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "DROP TABLE procedures_dossier",
        "ALTER TABLE procedures_dossier NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE procedures_dossier DISABLE ROW LEVEL SECURITY",
        "DROP POLICY sees ON procedures_dossier",
        "CREATE FUNCTION leak() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET row_security = off; SELECT * FROM procedures_dossier",
        "UPDATE django_migrations SET name = ''",
        "ALTER ROLE portal_web BYPASSRLS",
    ],
)
def test_the_role_cannot_take_the_wall_down(statement: str) -> None:
    with as_web(), pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.DuplicateFunction)):
        connection.connection.execute(statement)


def test_a_dossier_cannot_be_written_for_somebody_else_or_another_office(
    dossiers: dict[str, Dossier], officer: User, contributor: User, outsider: User
) -> None:
    queued = dossiers["queued"]
    with as_web():
        wall.enter(officer.pk)
        assert (
            rows(
                "UPDATE procedures_dossier SET search_text = 'x' WHERE id = %s RETURNING id",
                dossiers["far"].pk,
            )
            == []
        )
        for statement in (
            "UPDATE procedures_dossier SET office_id = 'dak-lak' WHERE id = %s",
            f"UPDATE procedures_dossier SET filer_id = {outsider.pk}, office_id = 'dak-lak' WHERE id = %s",
        ):
            with (
                pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
                connection.connection.transaction(),
            ):
                connection.connection.execute(statement, [queued.pk])
        wall.enter(outsider.pk)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.connection.execute(
                "INSERT INTO procedures_paperoriginal (dossier_id, document) VALUES (%s, 'x')", [queued.pk]
            )


def test_what_officers_tell_each_other_is_no_row_of_the_filer(
    dossiers: dict[str, Dossier], contributor: User, officer: User, officer_elsewhere: User
) -> None:
    dossier = makers.held(dossiers["queued"], officer)
    internal_notes.write(dossier, officer, kind="fact", text="Giữa cán bộ")
    checklist.mark(dossier, officer, [checklist.Marked("paper:so_bhxh", "fine")])
    tables = ("procedures_internalnote", "procedures_checkmark")
    with as_web():
        for person, there in ((officer, 1), (contributor, 0), (officer_elsewhere, 0)):
            wall.enter(person.pk)
            for table in tables:
                assert rows(f"SELECT count(*) FROM {table}") == [(there,)], (table, person.login)


def test_the_headquarters_read_due_dates_through_the_door_of_figures_only(
    dossiers: dict[str, Dossier], hq: User
) -> None:
    with as_web():
        wall.enter(hq.pk)
        assert seen() == set()
        assert {one.pk for one in due_board().dossiers} == {dossiers["queued"].pk, dossiers["far"].pk}
        assert seen() == set()
