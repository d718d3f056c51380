"""Where a dossier was filed, when it is elsewhere now: a filing is counted where it was filed, for ever."""

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import Office
from procedures.models import Dossier, SuccessionMove, Transfer

# Whatever takes an open dossier to another office leaves a row with the office it left, and when.
_LEFT = """
    SELECT m.dossier_id, m.from_office_id, s.carried_out_at AS at
    FROM procedures_successionmove m JOIN procedures_succession s ON s.id = m.succession_id
    UNION ALL
    SELECT dossier_id, from_office_id, answered_at FROM procedures_transfer
    WHERE kind = 'referral' AND state = 'accepted'
"""
_REFERRED = Transfer.objects.filter(kind=Transfer.Kind.REFERRAL, state="accepted")

# For raw SQL: dossier_id and from_office_id, one row for each dossier that has ever left an office.
ORIGINS = f"""(
    SELECT DISTINCT ON (dossier_id) dossier_id, from_office_id FROM ({_LEFT}) AS gone ORDER BY dossier_id, at
)"""  # noqa: S608 - constants

# For raw SQL, LATERAL beside a history entry e: the office it was at, when the dossier has left that since.
OFFICE_THEN = f"""(
    SELECT gone.from_office_id FROM ({_LEFT}) AS gone
    WHERE gone.dossier_id = e.dossier_id AND gone.at > e.at ORDER BY gone.at LIMIT 1
)"""  # noqa: S608 - constants


def offices_left() -> set[str]:
    """Offices that some dossier may have left: those that closed, and those that referred one."""
    closed = Office.objects.filter(successor__isnull=False).values_list("key", flat=True)
    referred = _REFERRED.values_list("from_office_id", flat=True).distinct()
    return {*closed, *referred}


def never_left(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Those that are where they were filed, and always were."""
    of_dossier = {"dossier": OuterRef("pk")}
    moved = Exists(SuccessionMove.objects.filter(**of_dossier))
    return dossiers.filter(~moved, ~Exists(_REFERRED.filter(**of_dossier)))


def filed_at_and_left(dossiers: QuerySet[Dossier], key: str) -> QuerySet[Dossier]:
    """Those that were filed at an office and have left it, even if they came back."""
    ids = RawSQL(f"SELECT dossier_id FROM {ORIGINS} AS origin WHERE from_office_id = %s", [key])  # noqa: S608, S611 - constants
    return dossiers.filter(pk__in=ids)
