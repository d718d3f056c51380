"""What must be true whatever was broken (the invariants of faults)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction

from accounts.models import Office, Outgoing, Role, User
from procedures.domain.lifecycle import Act
from procedures.models import Attachment, Dispatch, Dossier, DossierEvent, Filing, Notice
from procedures.selectors.queue import ANY_STATUS, Wanted, queue_of
from procedures.selectors.reconciliation import reconcile
from procedures.services import files, log_check

ALL = 1_000_000


@dataclass
class Findings:
    """What was found wrong; nothing is how it should be."""

    lost: list[str] = field(default_factory=list)  # a receipt without a dossier in a queue
    twice: list[str] = field(default_factory=list)  # filed, delivered or announced a second time
    elsewhere: list[str] = field(default_factory=list)  # in no queue but its office's
    damaged: list[str] = field(default_factory=list)  # a file that isn't what was signed
    log: list[str] = field(default_factory=list)  # a row that isn't what the log says
    unbalanced: str = ""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.twice or self.elsewhere or self.damaged or self.log or self.unbalanced)


def examine(receipts: Iterable[str], quarantined: Iterable[str] = ()) -> Findings:
    """``receipts``: public ids for which a person saw a receipt. Those quarantined needn't stand in a
    queue; all else must."""
    found = Findings()
    places = queues()
    filed = {
        str(key) for key in Dossier.objects.filter(filings__isnull=False).values_list("public_id", flat=True)
    }
    set_aside = set(quarantined)
    found.lost = [key for key in receipts if key not in filed or (key not in places and key not in set_aside)]
    offices = {str(key): office for key, office in Dossier.objects.values_list("public_id", "office_id")}
    found.elsewhere = [key for key, standing in places.items() if standing != [offices[key]]]
    found.twice = steps_taken_twice()
    found.damaged = damaged_files()
    found.log = contradictions_of_the_log()
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


def contradictions_of_the_log() -> list[str]:
    """In one view of the database: workers may be adding to the log meanwhile."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return [str(finding) for finding in log_check.findings()]


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
