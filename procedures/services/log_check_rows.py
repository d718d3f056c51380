"""The rows of dossiers against their leaves."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch

from procedures.domain import leaves, merkle
from procedures.domain.lifecycle import Act
from procedures.models import Attachment, Decision, Dossier, DossierEvent, Filing, Leaf, SupplementRequest
from procedures.selectors import log as tree
from procedures.selectors.statistics.loaded import ANNEX_LOGIN

SIGNED = (Act.FILE, Act.SUPPLEMENT)
DECIDED = (Act.APPROVE, Act.REFUSE)


@dataclass(frozen=True, slots=True)
class Finding:
    """A row, and why it doesn't fit."""

    row: str
    problem: str

    def __str__(self) -> str:
        return f"{self.row}: {self.problem}"


def orphan_findings() -> Iterator[Finding]:
    """Rows whose other half is gone."""
    events = DossierEvent.objects.filter(pk=OuterRef("event_id"))
    for leaf in Leaf.objects.exclude(Exists(events)).only("pk", "event_id"):
        yield Finding(f"leaf {leaf.pk}", f"its act, entry {leaf.event_id} of a history, is gone")
    for model in (DossierEvent, Filing, Decision, SupplementRequest):
        dossiers = Dossier.objects.filter(pk=OuterRef("dossier_id"))
        for pk in model._default_manager.exclude(Exists(dossiers)).values_list("pk", flat=True):
            yield Finding(f"{model._meta.model_name} {pk}", "its dossier is gone")


def dossier_findings() -> Iterator[Finding]:
    """Every dossier with a history; those made for the annex of 3040 have none of their own making."""
    entries = DossierEvent.objects.select_related("leaf", "actor").order_by("pk")
    dossiers = Dossier.objects.select_related("filer").prefetch_related(
        Prefetch("events", entries),
        Prefetch("filings", Filing.objects.select_related("code", "certificate")),
        Prefetch("supplement_requests", SupplementRequest.objects.order_by("pk")),
        "attachments",
        Prefetch("decisions", Decision.objects.select_related("revision").order_by("pk")),
    )
    for dossier in dossiers.order_by("pk").iterator(chunk_size=200):
        yield from _Dossier(dossier).findings()


class _Dossier:
    """One dossier with its rows, each waiting to be claimed by an entry of the history."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.is_made_up = dossier.filer.login == ANNEX_LOGIN
        self.filings = {filing.number: filing for filing in dossier.filings.all()}
        self.requests = list(dossier.supplement_requests.all())
        self.decisions = list(dossier.decisions.all())
        self.digest = ""  # signed last

    def findings(self) -> Iterator[Finding]:
        events = list(self.dossier.events.all())
        for event in events:
            yield from self._event(event)
        if events and events[-1].status != self.dossier.status:
            yield Finding(f"dossier {self.dossier.pk}", "has another status than its history ends with")
        for filing in self.dossier.filings.all():
            yield from self._filing(filing)
        if self.is_made_up:
            return
        left = [*self.filings.values(), *self.requests, *self.decisions]
        for row in left:
            yield Finding(f"{row._meta.model_name} {row.pk}", "no entry of the history made it")

    def _event(self, event: DossierEvent) -> Iterator[Finding]:
        name = f"event {event.pk}"
        subject = self._claim(event)
        if isinstance(subject, Decision | SupplementRequest):
            yield from self._same_act(event, subject)
        elif (
            subject is None
            and event.act in (*SIGNED, *DECIDED, Act.REQUEST_SUPPLEMENT)
            and not self.is_made_up
        ):
            yield Finding(name, "the row it made is gone")
        if isinstance(subject, Filing):
            self.digest = subject.digest
            yield from self._signature(subject)
        if event.actor_id and event.actor is None:
            yield Finding(name, f"names person {event.actor_id}, whom there isn't")
        leaf: Leaf | None = getattr(event, "leaf", None)
        if leaf is None:
            if not self.is_made_up:
                yield Finding(name, "has no leaf in the log")
        else:
            yield from self._leaf(event, leaf, subject)

    def _signature(self, filing: Filing) -> Iterator[Finding]:
        """What it was signed with is still there."""
        if filing.code_id and filing.code is None:
            yield Finding(f"filing {filing.pk}", f"names code {filing.code_id}, which there isn't")
        if filing.certificate_id and filing.certificate is None:
            yield Finding(
                f"filing {filing.pk}", f"names signature {filing.certificate_id}, which there isn't"
            )

    def _claim(self, event: DossierEvent) -> tree.Subject:
        """The row this entry made, taken out of those that wait."""
        if event.act in SIGNED:
            return self.filings.pop(event.detail.get("filing"), None)
        if event.act in DECIDED:
            return self.decisions.pop(0) if self.decisions else None
        if event.act == Act.REQUEST_SUPPLEMENT and self.requests:
            return self.requests.pop(0)
        return None

    def _same_act(self, event: DossierEvent, subject: Decision | SupplementRequest) -> Iterator[Finding]:
        """The row is of the same person and moment as its entry."""
        if isinstance(subject, Decision):
            at, by = subject.decided_at, subject.decided_by_id
        else:
            at, by = subject.requested_at, subject.requested_by_id
        if (at, by) != (event.at, event.actor_id):
            name = f"{subject._meta.model_name} {subject.pk}"
            yield Finding(name, f"differs from event {event.pk} in time or person")

    def _leaf(self, event: DossierEvent, leaf: Leaf, subject: tree.Subject) -> Iterator[Finding]:
        content, salt = bytes(leaf.content), bytes(leaf.salt)
        if bytes(leaf.hash) != merkle.leaf_hash(content):
            yield Finding(f"leaf {leaf.pk}", "its hash isn't that of its content")
        if content != self._expected(event, leaf, salt, subject):
            yield Finding(f"leaf {leaf.pk}", f"event {event.pk}, or the row it made, isn't what was logged")

    def _expected(self, event: DossierEvent, leaf: Leaf, salt: bytes, subject: tree.Subject) -> bytes | None:
        try:
            said = leaves.read_leaf(bytes(leaf.content))
            # A draft has no reference yet; which office it was is known to the leaf alone.
            reference = "" if event.status == "draft" else self.dossier.reference or ""
            return leaves.leaf_content(
                kind=event.act,
                salt=salt,
                public_id=str(self.dossier.public_id),
                reference=reference,
                digest=self.digest,
                office=said["office"],
                at=event.at,
                record=tree.record_of(event, event.actor, subject),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def _filing(self, filing: Filing) -> Iterator[Finding]:
        name, content = f"filing {filing.pk}", bytes(filing.signed_content)
        if hashlib.sha256(content).hexdigest() != filing.digest:
            yield Finding(name, "its content isn't what was signed")
            return
        signed = {tuple(pair) for pair in json.loads(content)["attachments"]}
        kept = {(one.document, one.sha256): one for one in self._attachments() if one.filing_number}
        for pair in sorted(signed - kept.keys()):
            yield Finding(name, f"its paper {pair[0]} {pair[1][:16]}… is gone or changed")
        for pair, one in kept.items():
            if one.filing_number == filing.number and pair not in signed:
                yield Finding(f"attachment {one.pk}", f"was never signed in filing {filing.pk}")

    def _attachments(self) -> list[Attachment]:
        return list(self.dossier.attachments.all())
