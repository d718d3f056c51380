"""The history of a dossier, as its rows tell it: what happened, who did it, what was asked and decided."""

from dataclasses import dataclass, field
from typing import TypeVar

from procedures.domain.lifecycle import Act
from procedures.models import (
    Decision,
    Dossier,
    DossierEvent,
    Filing,
    Notice,
    Proposal,
    SupplementRequest,
    Transfer,
)
from procedures.selectors.decisions import decisions_of

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Happening:
    """One event with the rows that belong to it."""

    event: DossierEvent
    filing: Filing | None = None
    request: SupplementRequest | None = None
    decision: Decision | None = None
    proposal: Proposal | None = None  # made, or returned
    transfer: Transfer | None = None  # sent, or answered
    notices: list[Notice] = field(default_factory=list)


def history_of(dossier: Dossier) -> list[Happening]:
    """Everything that happened, oldest first."""
    events = list(dossier.events.select_related("actor").order_by("pk"))
    filings = {filing.number: filing for filing in dossier.filings.select_related("code")}
    requests = dossier.supplement_requests.select_related("requested_by").order_by("pk")
    request_of = _paired([event for event in events if event.act == Act.REQUEST_SUPPLEMENT], list(requests))
    notices: dict[int, list[Notice]] = {}
    for notice in dossier.notices.order_by("pk"):
        notices.setdefault(notice.event_id, []).append(notice)
    decided = [event for event in events if event.act in (Act.APPROVE, Act.REFUSE)]
    decision_of = _paired(decided, decisions_of(dossier) if decided else [])
    proposals = _proposals_of(dossier, events)
    transfers = _transfers_of(dossier, events)
    return [
        Happening(
            event,
            filings.get(event.detail.get("filing", 0)) if event.act in (Act.FILE, Act.SUPPLEMENT) else None,
            request_of.get(event.pk),
            decision_of.get(event.pk),
            proposals.get(event.detail.get("proposal", 0)),
            transfers.get(event.detail.get("transfer", 0)),
            notices.get(event.pk, []),
        )
        for event in events
    ]


def _proposals_of(dossier: Dossier, events: list[DossierEvent]) -> dict[int, Proposal]:
    if not any("proposal" in event.detail for event in events):
        return {}
    proposals = dossier.proposals.select_related("proposed_by", "answered_by", "dossier")
    return {proposal.pk: proposal for proposal in proposals}


def _transfers_of(dossier: Dossier, events: list[DossierEvent]) -> dict[int, Transfer]:
    if not any("transfer" in event.detail for event in events):
        return {}
    return {one.pk: one for one in dossier.transfers.select_related("from_office", "to_office")}


def _paired(events: list[DossierEvent], rows: list[Row]) -> dict[int, Row]:
    """Each event that made a row with its row: both are written in one transaction, so in one order."""
    return {event.pk: row for event, row in zip(events, rows, strict=False)}
