"""Delivery and release, to the last word: what stands in the history, whom it is told, who is woken."""

import logging

import pytest

from accounts.models import Message, Outgoing, User
from procedures.domain.lifecycle import Act
from procedures.models import Dispatch, DossierEvent, Notice
from procedures.selectors import log as tree
from procedures.services import dispatch
from tests import makers
from tests.sweeper import listening


def row_of(person: User) -> Dispatch:
    return Dispatch.objects.get(filing__dossier=makers.filed(person))


@pytest.mark.django_db(transaction=True)
def test_a_delivery_wakes_the_sweeper_for_the_letter(contributor: User) -> None:
    row = row_of(contributor)
    with listening() as is_woken:
        dispatch.deliver(row.pk)
        assert is_woken()


@pytest.mark.django_db(transaction=True)
def test_a_released_row_wakes_the_sweeper(contributor: User) -> None:
    row_of(contributor)
    Dispatch.objects.update(state=Outgoing.State.QUARANTINED)
    (found,) = dispatch.quarantined()
    with listening() as is_woken:
        assert dispatch.release(found)
        assert is_woken()


@pytest.mark.django_db
def test_the_history_says_which_filing_came_to_which_office(contributor: User) -> None:
    dispatch.deliver(row_of(contributor).pk)
    assert DossierEvent.objects.get(act=Act.DELIVER).detail == {"office": "ha-noi", "filing": 1}


@pytest.mark.django_db
def test_a_delivery_has_its_place_in_the_log(contributor: User) -> None:
    row = row_of(contributor)
    dispatch.deliver(row.pk)
    leaf = tree.filing_leaf(row.filing)
    assert leaf is not None
    assert tree.proof_of(leaf) is not None


@pytest.mark.django_db
def test_the_first_filing_brings_the_receipt_and_a_later_one_says_it_is_supplemented(
    contributor: User, officer: User
) -> None:
    dossier = makers.supplemented(contributor, officer)
    kinds = Notice.objects.filter(dossier=dossier, event__act=Act.DELIVER).order_by("event")
    assert list(dict.fromkeys(kinds.values_list("kind", flat=True))) == [
        Notice.Kind.RECEIPT,
        Notice.Kind.SUPPLEMENTED,
    ]
    assert dossier.queued_at is not None


@pytest.mark.django_db
def test_a_released_row_is_as_new_and_it_is_written_down(
    contributor: User, caplog: pytest.LogCaptureFixture
) -> None:
    row = row_of(contributor)
    Dispatch.objects.filter(pk=row.pk).update(
        state=Outgoing.State.QUARANTINED, starts=6, published=9, last_error="DamagedFile"
    )
    (found,) = dispatch.quarantined()
    caplog.clear()
    with caplog.at_level(logging.WARNING, dispatch.__name__):
        assert dispatch.release(found)
    assert caplog.messages == [f"dispatch {row.pk} was released from quarantine by hand"]
    row.refresh_from_db()
    assert (row.state, row.starts, row.published, row.last_error) == (Outgoing.State.WAITING, 0, 0, "")
    assert not dispatch.release(found)


@pytest.mark.django_db
def test_only_the_row_of_the_right_outbox_is_released(contributor: User) -> None:
    row = row_of(contributor)
    Message.objects.update(state=Outgoing.State.QUARANTINED)
    Dispatch.objects.filter(pk=row.pk).update(state=Outgoing.State.QUARANTINED)
    found = next(one for one in dispatch.quarantined() if one.table == "dispatch")
    assert dispatch.release(found)
    assert Message.objects.filter(state=Outgoing.State.QUARANTINED).count() == Message.objects.count() > 0
