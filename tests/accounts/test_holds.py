"""For a day after the way to a person changed, a bank account not filed before can't be signed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from procedures.domain.errors import DomainError
from procedures.models import Dossier
from procedures.services import content, filing, supplements
from tests.makers import answered, attach, draft, fresh, pdf, sign, supplement_requested

pytestmark = pytest.mark.django_db


def hold(user: User, hours: int) -> None:
    User.objects.filter(pk=user.pk).update(hold_until=timezone.now() + timedelta(hours=hours))


def by_account(user: User, number: str = "9999888877") -> Dossier:
    return draft(
        user,
        payment_method="account",
        bank="970436",
        account_number=number,
        account_holder=user.full_name,
    )


def held(dossier: Dossier) -> list[str]:
    return [rule.message for rule in content.readiness(dossier).rules if rule.name == "account_hold"]


def test_a_new_account_waits_and_the_words_say_until_when(contributor: User) -> None:
    hold(contributor, 5)
    (words,) = held(by_account(contributor))
    until = timezone.localtime(timezone.now() + timedelta(hours=5))
    assert f"{until:%d/%m/%Y}" in words


def test_it_is_not_signed_meanwhile(contributor: User) -> None:
    hold(contributor, 5)
    with pytest.raises(DomainError):
        filing.ask_for_code(by_account(contributor), "sms")


def test_it_is_signed_without_a_hold_and_after_one(contributor: User) -> None:
    assert not held(by_account(contributor))
    hold(contributor, -1)
    assert not held(by_account(contributor))


def test_an_account_filed_before_is_no_change(contributor: User) -> None:
    sign(by_account(contributor))
    hold(contributor, 5)
    assert not held(by_account(contributor))
    assert held(by_account(contributor, "1111222233"))


ACCOUNT = {"payment_method": "account", "bank": "970436", "account_holder": "Nguyễn Thị Hằng"}


@pytest.fixture
def asked_for_the_account(contributor: User, officer: User) -> Dossier:
    """A supplement that reopened the account."""
    first = {**ACCOUNT, "account_number": "1111222233"}
    return supplement_requested(contributor, officer, questions=["account_number"], **first)


def test_a_supplement_that_changes_the_account_waits_too(
    asked_for_the_account: Dossier, contributor: User, client: Client
) -> None:
    hold(contributor, 5)
    supplements.answer_questions(asked_for_the_account, {"account_number": "9999888877"})
    attach(asked_for_the_account, "so_bhxh", pdf())
    changed = fresh(asked_for_the_account)
    assert not filing.is_ready(changed)
    with pytest.raises(DomainError):
        filing.ask_for_code(changed, "email")
    # Begun but unsigned, it is no account filed before: neither for itself nor for another dossier.
    assert held(by_account(contributor))
    client.force_login(contributor)
    page = client.post(
        f"/ho-so/{changed.public_id}/bo-sung/", {"account_number": "9999888877", "_action": "next"}
    )
    assert page.status_code == 422
    assert page.content.decode().count("chỉ ký được sau") == 2  # in the summary and at the field
    hold(contributor, -1)
    assert sign(fresh(changed)).status == "filed"


def test_a_supplement_that_keeps_the_account_goes_on(
    asked_for_the_account: Dossier, contributor: User
) -> None:
    hold(contributor, 5)
    assert answered(asked_for_the_account).status == "filed"


def test_other_ways_to_be_paid_go_on(contributor: User) -> None:
    hold(contributor, 5)
    assert not held(draft(contributor, payment_method="cash"))
