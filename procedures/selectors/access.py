"""Who looked at a dossier, as its filer may know it: role and office, not the officer's name."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Office, Role
from procedures.models import AccessEntry, Dossier
from procedures.selectors.definitions import procedure_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class Look:
    at: datetime
    who: str
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Looks:
    looks: list[Look]
    following: int | None  # where the next page begins


def looks_at(dossier: Dossier, before: int | None = None, limit: int = PAGE) -> Looks:
    """Newest first."""
    rows = AccessEntry.objects.filter(dossier=dossier).select_related("attachment").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    offices = dict(Office.objects.in_bulk({row.office for row in found}))
    shown = [_look(row, dossier, offices) for row in found[:limit]]
    return Looks(shown, found[limit - 1].pk if len(found) > limit else None)


def _look(row: AccessEntry, dossier: Dossier, offices: dict[str, Office]) -> Look:
    role = str(Role(row.role).label) if row.role in Role.values else row.role
    office = offices.get(row.office)
    who = f"{role}, {office.official_name}" if office else role
    return Look(row.at, who, _what(row, dossier), row.get_purpose_display())


def _what(row: AccessEntry, dossier: Dossier) -> str:
    if row.attachment is None:
        return "Trang hồ sơ"
    try:
        return procedure_of(dossier).document(row.attachment.document).name
    except KeyError:
        return row.attachment.document
