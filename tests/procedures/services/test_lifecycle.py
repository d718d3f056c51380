"""The one writer of a status: what one act leaves behind, and when there is no act."""

import pytest
from django.db import transaction

from accounts.models import User
from procedures.domain.errors import Stale
from procedures.domain.lifecycle import Act, Status
from procedures.models import Dossier, DossierEvent, Leaf, TallyMark
from procedures.services import lifecycle, withdrawal
from tests import makers

pytestmark = pytest.mark.django_db


def strokes() -> list[str]:
    return list(TallyMark.objects.order_by("pk").values_list("event", flat=True))


def test_an_act_is_a_status_an_entry_a_leaf_and_a_stroke(contributor: User) -> None:
    dossier = makers.queued(contributor)
    dossier.refresh_from_db()
    event = lifecycle.advance(dossier, Act.WITHDRAW, actor=contributor, detail={"filing": 1})
    assert dossier.status == makers.fresh(dossier).status == Status.WITHDRAWN
    event.refresh_from_db()
    assert (event.act, event.status, event.actor, event.detail) == (
        Act.WITHDRAW,
        Status.WITHDRAWN,
        contributor,
        {"filing": 1},
    )
    assert Leaf.objects.filter(event=event).count() == 1
    assert strokes() == ["file", "withdraw"]


def test_an_entry_without_details_holds_none(contributor: User) -> None:
    assert lifecycle.advance(makers.queued(contributor), Act.WITHDRAW).detail == {}


def test_what_somebody_else_did_first_stands(contributor: User) -> None:
    seen = makers.queued(contributor)
    withdrawal.withdraw(makers.fresh(seen), contributor)
    entries, marks = DossierEvent.objects.count(), strokes()
    with pytest.raises(Stale) as refused:
        lifecycle.advance(seen, Act.PROPOSE)
    assert refused.value.message == (
        "Hồ sơ vừa được người khác xử lý. Ông/bà tải lại trang để xem tình trạng mới."
    )
    assert makers.fresh(seen).status == Status.WITHDRAWN
    assert (DossierEvent.objects.count(), strokes()) == (entries, marks)


def test_a_page_is_out_of_date_from_the_next_entry_on(contributor: User) -> None:
    dossier = makers.queued(contributor)
    newest = dossier.events.latest("pk").pk
    lifecycle.require_unchanged(dossier, newest)
    lifecycle.require_unchanged(dossier, None)
    with pytest.raises(Stale) as refused:
        lifecycle.require_unchanged(dossier, newest - 1)
    assert refused.value.message == "Hồ sơ đã có thay đổi sau khi trang này được mở."


@pytest.mark.django_db(transaction=True)
def test_outside_the_transaction_of_an_act_no_status_is_written(contributor: User) -> None:
    dossier = makers.queued(contributor)
    with pytest.raises(RuntimeError, match=r"^advance\(\) belongs in the transaction of its act$"):
        lifecycle.advance(dossier, Act.WITHDRAW)
    assert makers.fresh(dossier).status == Status.QUEUED
    with transaction.atomic():
        lifecycle.advance(Dossier.objects.get(pk=dossier.pk), Act.WITHDRAW)
    assert makers.fresh(dossier).status == Status.WITHDRAWN
