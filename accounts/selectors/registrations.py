"""What an issuer of activation codes may see: the declarations made to the own office."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from accounts.models import ActivationCode, IdentityCheck, Office, Registration, User
from portal.lib.vietnamese import fold

Status = Registration.Status

PAGE_SIZE = 30
GROUPS: dict[str, tuple[str, ...]] = {
    "cho": (Status.WAITING,),
    "da-cap": (Status.ISSUED,),
    "xong": (Status.ACTIVATED, Status.REFUSED),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the key that the next page begins after ("" on the last one)."""

    rows: list[Registration]
    next_key: str


def registrations_of(issuer: User) -> "QuerySet[Registration]":
    """All declarations to the issuer's office, and none of another."""
    if not issuer.is_issuer or issuer.office_id is None:
        return Registration.objects.none()
    return Registration.objects.filter(office_id=issuer.office_id).select_related("office", "user")


def registrations_waiting(office: Office, after: str = "") -> Page:
    """Declarations waiting for the identity check, oldest first."""
    return _page(Registration.objects.filter(office=office, status=Status.WAITING), after)


def registrations_in(issuer: User, group: str, search: str = "", after: str = "") -> Page:
    """One group of GROUPS, oldest first, whose name or numbers begin or go like ``search``."""
    rows = registrations_of(issuer).filter(status__in=GROUPS[group])
    return _page(_found(rows, search), after)


def waiting_count(issuer: User) -> int:
    return registrations_of(issuer).filter(status=Status.WAITING).count()


def has_account(registration: Registration) -> bool:
    """Whether the mã số BHXH belongs to an account already, or to another declaration with a code.
    For the issuer only: the page for citizens must not tell."""
    others = Registration.objects.filter(
        bhxh_number=registration.bhxh_number, status__in=(Status.ISSUED, Status.ACTIVATED)
    ).exclude(pk=registration.pk)
    accounts = User.objects.filter(login=registration.bhxh_number)
    return others.exists() or (accounts.exists() and registration.status != Status.ACTIVATED)


def last_check(registration: Registration) -> IdentityCheck | None:
    return registration.identity_checks.select_related("checked_by").order_by("-pk").first()


def last_code(registration: Registration) -> ActivationCode | None:
    return registration.activation_codes.select_related("issued_by").order_by("-pk").first()


def _found(rows: "QuerySet[Registration]", search: str) -> "QuerySet[Registration]":
    words = fold(search)
    if not words:
        return rows
    number = words.replace(" ", "").replace(".", "")
    return rows.filter(
        Q(folded_name__contains=words)
        | Q(bhxh_number__startswith=number)
        | Q(identity_number__startswith=number.upper())
    )


def _page(rows: "QuerySet[Registration]", after: str) -> Page:
    if start := _key(after):
        moment, pk = start
        rows = rows.filter(Q(submitted_at__gt=moment) | Q(submitted_at=moment, pk__gt=pk))
    found = list(rows.order_by("submitted_at", "pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    is_last = len(found) <= PAGE_SIZE
    next_key = "" if is_last else f"{shown[-1].submitted_at.isoformat()}~{shown[-1].pk}"
    return Page(shown, next_key)


def _key(after: str) -> tuple[datetime, int] | None:
    """The key of a page; None for the first one and for anything that isn't a key."""
    moment, _, pk = after.partition("~")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    try:
        found = parse_datetime(moment)
    except ValueError:
        return None
    return (found, int(pk)) if found is not None and found.tzinfo else None
