"""What must be true whatever was broken (the invariants of faults)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import Office, Outgoing, Role, User
from procedures.domain.lifecycle import Act
from procedures.models import Attachment, Dispatch, Dossier, DossierEvent, Filing, Notice
from procedures.selectors.queue import ANY_STATUS, Wanted, queue_of
from procedures.selectors.reconciliation import reconcile
from procedures.services import files

ALL = 1_000_000


@dataclass
class Findings:
    """What was found wrong; nothing is how it should be."""

    lost: list[str] = field(default_factory=list)  # a receipt without a dossier in a queue
    twice: list[str] = field(default_factory=list)  # filed, delivered or announced a second time
    elsewhere: list[str] = field(default_factory=list)  # in no queue but its office's
    damaged: list[str] = field(default_factory=list)  # a file that isn't what was signed
    unbalanced: str = ""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.twice or self.elsewhere or self.damaged or self.unbalanced)


def examine(receipts: Iterable[str], quarantined: Iterable[str] = ()) -> Findings:
    """``receipts``: public ids for which a person saw a receipt. Those quarantined needn't stand in a
    queue; all else must."""
    found = Findings()
    places = queues()
    for receipt in receipts:
        dossier = Dossier.objects.filter(public_id=receipt, filings__isnull=False).first()
        if dossier is None or (receipt not in set(quarantined) and receipt not in places):
            found.lost.append(receipt)
    offices = {str(key): office for key, office in Dossier.objects.values_list("public_id", "office_id")}
    found.elsewhere = [key for key, standing in places.items() if standing != [offices[key]]]
    found.twice = steps_taken_twice()
    found.damaged = damaged_files()
    balance = reconcile()
    if not balance.is_balanced:
        found.unbalanced = str(balance)
    return found


def queues() -> dict[str, list[str]]:
    """Where each dossier stands: the offices in whose officer's list it is."""
    standing: dict[str, list[str]] = {}
    for office in Office.objects.all():
        officer, _ = User.objects.get_or_create(
            login=f"faults.{office.key}", defaults={"role": Role.OFFICER, "office": office}
        )
        for dossier in queue_of(officer, Wanted(status=ANY_STATUS), size=ALL).dossiers:
            standing.setdefault(str(dossier.public_id), []).append(office.key)
    return standing


def steps_taken_twice() -> list[str]:
    steps = Counter(
        (event.dossier_id, event.act, event.detail.get("filing"))
        for event in DossierEvent.objects.filter(act__in=(Act.FILE, Act.DELIVER, Act.SUPPLEMENT))
    )
    filings = Counter(Filing.objects.values_list("dossier_id", "number"))
    notices = Counter(Notice.objects.values_list("dossier_id", "kind", "recipient_id", "channel"))
    return [str(key) for counted in (steps, filings, notices) for key, n in counted.items() if n > 1]


def damaged_files() -> list[str]:
    return [str(attachment.public_id) for attachment in Attachment.objects.all() if _is_damaged(attachment)]


def _is_damaged(attachment: Attachment) -> bool:
    try:
        files.original_of(attachment)
    except files.DamagedFile:
        return True
    return False


def on_their_way() -> int:
    """Dossiers not yet in their queue, and notices not yet sent."""
    return sum(model.objects.filter(state=Outgoing.State.WAITING).count() for model in (Dispatch, Notice))
