"""The makers make what they say, through the services."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from procedures.domain.lifecycle import Status
from procedures.models import Dossier
from tests import makers

Make = Callable[..., Dossier]


@pytest.mark.parametrize("branch", makers.BRANCHES)
def test_every_branch_can_be_filed_and_reaches_its_office(contributor: User, branch: str) -> None:
    dossier = makers.queued(contributor, branch)
    assert dossier.status == Status.QUEUED
    assert dossier.office_id == "ha-noi"
    assert dossier.reference


@pytest.mark.parametrize(
    ("make", "status"),
    [
        (makers.supplement_requested, Status.SUPPLEMENT_REQUESTED),
        (makers.supplemented, Status.QUEUED),
        (makers.approved, Status.APPROVED),
        (makers.refused, Status.REFUSED),
    ],
)
def test_an_officer_s_acts_lead_to_their_status(
    contributor: User, officer: User, make: Make, status: Any
) -> None:
    assert make(contributor, officer).status == status


def test_a_dossier_can_be_withdrawn(contributor: User) -> None:
    assert makers.withdrawn(contributor).status == Status.WITHDRAWN


def test_a_paper_sent_by_post_is_awaited_and_stops_the_clock(contributor: User) -> None:
    dossier = makers.queued(contributor, on_paper=["so_bhxh"])
    assert dossier.paper_originals.get().document == "so_bhxh"
    assert dossier.due_on is None
