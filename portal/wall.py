"""The second wall: which rows PostgreSQL shows to the web process (docs/decisions/0041).

The web process connects as ``portal_web``, which owns nothing. Each table with somebody's data has policies,
FORCED, that ask who asks (accounts/wall.py): nobody → no rows. They are built after every migration from the
rules below; a new table needs one line here (docs/how-to/add-a-table.md).
"""

import hashlib
import logging
from dataclasses import dataclass
from typing import Any

from django.db import connections
from psycopg import sql

logger = logging.getLogger(__name__)

ROLE = "portal_web"


@dataclass(frozen=True, slots=True)
class Rule:
    """SQL over a row of the table. ``sees``: who reads it; ``changes``: who writes it, and never through a
    door; the same people if None."""

    sees: str
    changes: str | None = None


def child_of(table: str, column: str) -> Rule:
    """Whoever sees the row it hangs on."""
    return Rule(f"EXISTS (SELECT FROM {table} AS parent WHERE parent.id = {column})")


OF_DOSSIER = child_of("procedures_dossier", "dossier_id")
OF_EVENT = child_of("procedures_dossierevent", "event_id")
OF_OFFICE = Rule("""EXISTS (SELECT FROM procedures_dossier AS parent WHERE parent.id = dossier_id
    AND parent.office_id = ANY ((SELECT wall_offices())::text[]))""")
OF_DECLARATION = child_of("accounts_registration", "registration_id")

_FILER = "filer_id = (SELECT wall_user())"
_OFFICE = """(queued_at IS NOT NULL AND status <> 'draft' OR channel <> 'electronic')
    AND office_id = ANY ((SELECT wall_offices())::text[])"""
_LENT = "id = ANY ((SELECT wall_lent())::bigint[])"
_FIGURES = "(SELECT wall_door()) = 'figures'"
_TRACKED = """CASE WHEN (SELECT wall_door()) LIKE 'track:%' THEN status <> 'draft' AND (SELECT wall_door()) =
    'track:' || reference || ':' || (
        SELECT CASE WHEN login LIKE 'giay-%' THEN split_part(login, '-', 2) ELSE login END
        FROM accounts_user WHERE id = filer_id
    ) ELSE false END"""
_FOLLOWED = """status <> 'draft' AND (SELECT wall_door()) = 'follow:' || reference"""
# The one door through which something is written about a dossier: a complaint, with its entry in the history, its
# leaf and its notice, by people without an account (docs/decisions/0112).
_COMPLAINED = """CASE WHEN (SELECT wall_door()) LIKE 'complain:%' THEN status IN ('approved', 'refused')
    AND (SELECT wall_door()) = 'complain:' || reference
    AND EXISTS (SELECT FROM accounts_user WHERE id = filer_id AND login LIKE 'giay-%') ELSE false END"""
_NO_DOOR_BUT_COMPLAINING = """ AND ((SELECT wall_door()) IS NULL OR (SELECT wall_door()) LIKE 'complain:%')"""
_DECLARED = """user_id = (SELECT wall_user()) OR office_id = (SELECT wall_counter())
    OR (SELECT wall_door()) = 'declare:' || bhxh_number OR id = ANY ((SELECT wall_activating())::bigint[])"""

RULES: dict[str, Rule] = {
    # The filer's own; of an officer's office, once delivered or taken in on paper; and what is lent: to be
    # signed with the filer, or handed over.
    "procedures_dossier": Rule(
        f"{_FILER} OR ({_OFFICE}) OR {_FIGURES} OR {_TRACKED} OR {_FOLLOWED} OR {_COMPLAINED} OR {_LENT}",
        f"{_FILER} OR ({_OFFICE}) OR {_COMPLAINED} OR {_LENT}",
    ),
    **{
        f"procedures_{name}": OF_DOSSIER
        for name in (
            *("accessentry", "apology", "attachment", "breach", "clock", "clockpause"),
            *("cosignature", "decision", "estimaterevision", "filing"),
            *("handover", "incomingfile", "paperoriginal", "proposal"),
            *("successionmove", "supplementrequest"),
        )
    },
    **{
        f"procedures_{name}": Rule(OF_DOSSIER.sees, OF_DOSSIER.sees + _NO_DOOR_BUT_COMPLAINING)
        for name in ("complaint", "dossierevent", "notice")
    },
    # Between officers: the filer sees the dossier, but no row of these.
    "procedures_checkmark": OF_OFFICE,
    "procedures_internalnote": OF_OFFICE,
    # Also by people without an account, who follow their dossier by a code.
    "procedures_rating": Rule(OF_DOSSIER.sees, OF_DOSSIER.sees),
    "procedures_dispatch": child_of("procedures_filing", "filing_id"),
    "procedures_filecheck": child_of("procedures_attachment", "attachment_id"),
    "procedures_leaf": Rule(OF_EVENT.sees, OF_EVENT.sees + _NO_DOOR_BUT_COMPLAINING),
    # Also what an office has sent: the dossier is the other's since.
    "procedures_transfer": Rule(
        f"{OF_DOSSIER.sees} OR from_office_id = ANY ((SELECT wall_offices())::text[])"
    ),
    "procedures_savedfilter": Rule("officer_id = (SELECT wall_user())"),
    # Of the counter it was made to; of the person; while declaring or activating, for those who know the key.
    "accounts_registration": Rule(f"{_DECLARED} OR {_FIGURES}", _DECLARED),
    "accounts_activationcode": Rule(
        f"{OF_DECLARATION.sees} OR (SELECT wall_door()) = 'activate:' || head",
        f"{OF_DECLARATION.sees} OR (SELECT wall_door()) = 'activate:' || head",
    ),
    "accounts_certificatesignature": Rule(
        "user_id = (SELECT wall_user())"
        " OR EXISTS (SELECT FROM procedures_filing f WHERE f.certificate_id = accounts_certificatesignature.id)"
        " OR EXISTS (SELECT FROM procedures_cosignature s WHERE s.certificate_id = accounts_certificatesignature.id)",
        "user_id = (SELECT wall_user())",
    ),
    "accounts_identitycheck": OF_DECLARATION,
    "accounts_livesession": Rule("user_id = (SELECT wall_user())"),
    "accounts_twopersonact": OF_DECLARATION,
}

# Tables without a policy, and why that is right.
OPEN: dict[str, str] = {
    "accounts_user": "read to log in, before it is known who asks; names stand on the pages of offices",
    "django_session": "read to know who asks; the key is the secret",
    **dict.fromkeys(
        ("accounts_transactioncode", "accounts_message"),
        "written for people who aren't logged in; no code and no words are kept in them",
    ),
    **dict.fromkeys(
        ("accounts_authenticator", "accounts_codecard", "accounts_cardcode"),
        "read to log in; sealed for their person or an HMAC, the key is not in the database",
    ),
    "accounts_securityevent": "append-only, about staff and accounts; written before anybody is logged in",
    "accounts_throttle": "hashes and counts",
    **dict.fromkeys(
        (
            *(
                "accounts_office",
                "accounts_alarm",
                "accounts_heartbeat",
                "procedures_holiday",
                "procedures_outage",
                "procedures_target",
            ),
            *("procedures_reportedition", "procedures_importedcount", "procedures_dailycount"),
            *("procedures_tally", "procedures_tallymark", "procedures_monthtally"),
            *("procedures_referencesequence", "procedures_succession"),
        ),
        "about offices and numbers, not about a person",
    ),
    **dict.fromkeys(
        ("procedures_treenode", "procedures_checkpoint", "procedures_logkey"), "published: hashes and keys"
    ),
    "procedures_difficulty": "between staff; names a dossier only where the reporter ticks it",
    **dict.fromkeys(
        (
            *("django_content_type", "auth_permission", "auth_group", "auth_group_permissions"),
            "django_migrations",
        ),
        "Django's own, without people",
    ),
}

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION wall_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('portal.user', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION wall_offices() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('portal.offices', true), '')::text[] $$;
CREATE OR REPLACE FUNCTION wall_counter() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('portal.counter', true), '') $$;
CREATE OR REPLACE FUNCTION wall_door() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('portal.door', true), '') $$;

-- Who asks, as the account is now: citizens by their login, officers by what their office has taken over too.
CREATE OR REPLACE FUNCTION wall_enter(who bigint, door text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE person accounts_user; offices text[];
BEGIN
    SELECT * INTO person FROM accounts_user WHERE id = who AND is_active;
    IF person.role IN ('officer', 'head') AND person.office_id IS NOT NULL THEN
        WITH RECURSIVE reach AS (
            SELECT key FROM accounts_office WHERE key = person.office_id
            UNION SELECT o.key FROM accounts_office o JOIN reach ON o.successor_id = reach.key
        ) SELECT array_agg(key) INTO offices FROM reach;
    END IF;
    PERFORM set_config('portal.user', coalesce(person.id::text, ''), false),
        set_config('portal.login', CASE WHEN person.role = 'citizen' THEN person.login ELSE '' END, false),
        set_config('portal.offices', coalesce(offices::text, ''), false),
        set_config('portal.counter', CASE WHEN person.role = 'issuer' THEN person.office_id ELSE '' END, false),
        set_config('portal.door', door, false);
END $$;

-- The office that has taken over from this one, after any number of mergers; itself while it stands.
CREATE OR REPLACE FUNCTION wall_office_now(office text) RETURNS text LANGUAGE sql STABLE AS $$
    WITH RECURSIVE line AS (
        SELECT key, successor_id FROM accounts_office WHERE key = office
        UNION SELECT o.key, o.successor_id FROM accounts_office o JOIN line ON o.key = line.successor_id
    ) SELECT key FROM line WHERE successor_id IS NULL $$;

-- Dossiers one is asked to sign with their filer, those another office is handing to the officer's, and for the
-- headquarters those complained about where everybody of the office had a part in the decision.
CREATE OR REPLACE FUNCTION wall_lent() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT array_agg(id) FROM (
        SELECT s.dossier_id AS id FROM procedures_cosignature s JOIN procedures_dossier d ON d.id = s.dossier_id
        WHERE s.bhxh_number = nullif(current_setting('portal.login', true), '') AND s.voided_at IS NULL
          AND d.status = 'draft'
        UNION ALL
        SELECT dossier_id FROM procedures_transfer
        WHERE to_office_id = ANY (nullif(current_setting('portal.offices', true), '')::text[])
          -- and in the transaction of the answer, until its last row is written
          AND (state = 'sent' OR answered_by_id = wall_user() AND answered_at >= transaction_timestamp())
        UNION ALL
        SELECT c.dossier_id FROM procedures_complaint c
        JOIN procedures_dossier d ON d.id = c.dossier_id JOIN procedures_decision r ON r.dossier_id = d.id
        WHERE (SELECT role FROM accounts_user WHERE id = wall_user()) = 'hq' AND (
            c.reviewer_id = wall_user() OR NOT EXISTS (
                SELECT FROM accounts_user u
                WHERE u.office_id = (SELECT wall_office_now(d.office_id))
                  AND u.role IN ('officer', 'head') AND u.is_active
                  AND u.id <> r.decided_by_id AND NOT EXISTS (
                    SELECT FROM procedures_proposal p
                    WHERE p.dossier_id = d.id AND u.id IN (p.proposed_by_id, p.answered_by_id))))
    ) AS lent $$;

CREATE OR REPLACE FUNCTION wall_activating() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT array_agg(registration_id) FROM accounts_activationcode
    WHERE current_setting('portal.door', true) LIKE 'activate:%'
      AND head = substr(current_setting('portal.door', true), 10) $$;

-- What was signed under a reference, for those who hold the paper and compare (kiểm chứng).
CREATE OR REPLACE FUNCTION wall_digests(asked text) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT f.digest::text FROM procedures_filing f JOIN procedures_dossier d ON d.id = f.dossier_id
    WHERE d.reference = asked $$;
"""

_POLICIES = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON {table};
DROP POLICY IF EXISTS sees ON {table};
DROP POLICY IF EXISTS adds ON {table};
DROP POLICY IF EXISTS changes ON {table};
DROP POLICY IF EXISTS removes ON {table};
CREATE POLICY owner ON {table} TO {owner} USING (true) WITH CHECK (true);
CREATE POLICY sees ON {table} FOR SELECT USING ({sees});
CREATE POLICY adds ON {table} FOR INSERT WITH CHECK ({changes});
CREATE POLICY changes ON {table} FOR UPDATE USING ({changes}) WITH CHECK ({changes});
CREATE POLICY removes ON {table} FOR DELETE USING ({changes});
"""

_GRANTS = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
"""

# Append-only: those with a trigger that says so.
_HISTORY = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only' AND NOT tgisinternal
"""


# Under a policy the index of words (docs/decisions/0075) is used only if PostgreSQL knows that these tell nothing of
# the rows they look at. They don't; only a superuser may say so, once a database. Without it a search is right
# and slow.
LEAKPROOF = """
ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF;
ALTER FUNCTION pg_catalog.array_to_tsvector(text[]) LEAKPROOF;
ALTER FUNCTION pg_catalog.string_to_array(text, text) LEAKPROOF;
ALTER FUNCTION pg_catalog.replace(text, text, text) LEAKPROOF;
ALTER FUNCTION pg_catalog.textcat(text, text) LEAKPROOF;
"""


def build(using: str = "default", **_: Any) -> None:
    """Functions, policies and rights as they stand above. Does nothing where they are built already."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [ROLE])
        (has_role,) = cursor.fetchone()
        # With their numbers: a table that was made again under its name has neither policies nor rights.
        cursor.execute(
            "SELECT relname::text, oid FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p') ORDER BY 1"
        )
        tables = dict(cursor.fetchall())
        if not RULES.keys() <= tables.keys():  # migrated to the past
            return
        text = repr((_FUNCTIONS, _POLICIES, _GRANTS, sorted(RULES.items()), tables, has_role))
        stamp = hashlib.sha256(text.encode()).hexdigest()
        cursor.execute("SELECT obj_description(to_regprocedure('wall_user()'), 'pg_proc')")
        if cursor.fetchone() == (stamp,):
            return
        cursor.execute(_FUNCTIONS)
        for table, rule in RULES.items():
            cursor.execute(policies_of(table, rule))
        if has_role:
            _grant(cursor)
        cursor.execute(f"COMMENT ON FUNCTION wall_user() IS '{stamp}'")


def policies_of(table: str, rule: Rule) -> str:
    changes = f"({rule.changes or rule.sees})"
    if rule.changes is None:
        changes += " AND (SELECT wall_door()) IS NULL"
    return _POLICIES.format(table=table, owner="CURRENT_USER", sees=rule.sees, changes=changes)


def _grant(cursor: Any) -> None:
    cursor.execute(_GRANTS.format(role=ROLE))
    cursor.execute(_HISTORY)
    for (table,) in cursor.fetchall():
        cursor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {ROLE}")


def role_with(password: str) -> sql.Composed:
    """What makes the role, or gives it another password. Its owner may become it (the tests do)."""
    return sql.SQL(
        "DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
        "ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {password};"
    ).format(role=sql.Identifier(ROLE), password=sql.Literal(password))
