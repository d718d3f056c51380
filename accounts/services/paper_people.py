"""People whose dossiers came on paper and who have no account: known by mã số BHXH and name, told of their
dossiers, unable to log in or sign. An account opened later is another row (docs/decisions/0076)."""

import hashlib

from django.utils import timezone

from accounts.models import Role, User
from portal.lib.vietnamese import fold

PREFIX = "giay"  # of their logins; a citizen's own login is ten digits


class NameDiffers(Exception):
    """The mã số BHXH is that of an account in another name."""


def filer_of_paper(
    bhxh_number: str, full_name: str, phone: str, email: str, *, is_present: bool, is_test: bool = False
) -> User:
    """The person a paper dossier belongs to: the account of that number, or else a person without one.

    ``is_present``: stood at the counter with an identity paper, so that a new phone replaces the old one;
    what merely stands in a letter fills a gap only. Ways to reach an account are never touched here.
    Raises NameDiffers.
    """
    account = User.objects.filter(login=bhxh_number, role=Role.CITIZEN).first()
    if account is not None:
        if fold(account.full_name) != fold(full_name):
            raise NameDiffers
        return account
    person, is_new = User.objects.get_or_create(
        login=login_of(bhxh_number, full_name),
        defaults={
            "full_name": full_name,
            "password": "!",
            "is_active": False,
            "is_vouched": False,
            "is_test": is_test,
        },
    )
    _remember(person, phone, email, may_replace=is_new or is_present)
    return person


def login_of(bhxh_number: str, full_name: str) -> str:
    """Two people by whose papers one number stands are two people: one of the numbers is mistyped."""
    return f"{PREFIX}-{bhxh_number}-{hashlib.sha256(fold(full_name).encode()).hexdigest()[:8]}"


def is_paper_person(user: User) -> bool:
    return user.login.startswith(f"{PREFIX}-")


def _remember(person: User, phone: str, email: str, *, may_replace: bool) -> None:
    now = timezone.now()
    if phone and phone != person.phone and (may_replace or not person.phone):
        person.phone, person.phone_confirmed_at = phone, now
    if email and email != person.email and (may_replace or not person.email):
        person.email, person.email_confirmed_at = email, now
    person.save(update_fields=["phone", "phone_confirmed_at", "email", "email_confirmed_at"])
