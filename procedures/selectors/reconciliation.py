"""The proof that no dossier is lost: what was filed, what is on its way, and what stands in queues."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from accounts.models import Outgoing
from procedures.domain.lifecycle import Act, Status
from procedures.models import Dispatch, Dossier, DossierEvent, Filing, Transfer
from procedures.selectors.statistics.loaded import ANNEX_LOGIN


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Counts of filings (receipts given), and the rows that contradict each other."""

    filings: int
    delivered: int
    waiting: int
    quarantined: int
    filed_without_dispatch: list[str]  # references
    delivered_but_not_in_queue: list[str]
    in_queue_of_another_office: list[str]
    stepped_twice: list[str]

    @property
    def contradictions(self) -> list[str]:
        return [
            *self.filed_without_dispatch,
            *self.delivered_but_not_in_queue,
            *self.in_queue_of_another_office,
            *self.stepped_twice,
        ]

    @property
    def is_balanced(self) -> bool:
        return not self.contradictions and self.filings == self.delivered + self.waiting + self.quarantined


def reconcile() -> Reconciliation:
    counted = Dispatch.objects.values_list("state").annotate(Count("pk")).order_by()
    states = {**dict.fromkeys(Outgoing.State.values, 0), **dict(counted)}
    return Reconciliation(
        filings=Filing.objects.count(),
        delivered=states[Outgoing.State.DONE],
        waiting=states[Outgoing.State.WAITING],
        quarantined=states[Outgoing.State.QUARANTINED],
        filed_without_dispatch=_references(_filed().exclude(filings__dispatch__isnull=False)),
        delivered_but_not_in_queue=_references(
            _filed().filter(filings__dispatch__state=Outgoing.State.DONE, queued_at__isnull=True)
        ),
        in_queue_of_another_office=_references(
            _filed()
            .exclude(filings__dispatch__office=F("office"))
            .exclude(Exists(_referral_to_its_office()))
            .filter(status=Status.QUEUED)
        ),
        stepped_twice=_references(_filed().filter(Exists(_second_delivery()))),
    )


def _filed() -> QuerySet[Dossier]:
    """Everything anybody filed. Dossiers loaded in the annex's numbers (ADR 0011) never were."""
    return Dossier.objects.exclude(status=Status.DRAFT).exclude(filer__login=ANNEX_LOGIN)


def _second_delivery() -> QuerySet[DossierEvent]:
    """Deliveries of a filing that was delivered before."""
    same = DossierEvent.objects.filter(
        dossier=OuterRef("dossier"),
        act=Act.DELIVER,
        id__lt=OuterRef("id"),
        detail__filing=OuterRef("detail__filing"),
    )
    return DossierEvent.objects.filter(dossier=OuterRef("pk"), act=Act.DELIVER).filter(Exists(same))


def _referral_to_its_office() -> QuerySet[Transfer]:
    return Transfer.objects.filter(
        dossier=OuterRef("pk"), to_office=OuterRef("office"), kind="referral", state="accepted"
    )


def _references(dossiers: QuerySet[Dossier]) -> list[str]:
    return sorted({dossier.reference or str(dossier.public_id) for dossier in dossiers})
