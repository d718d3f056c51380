"""On the way from a filing to the queue of its office.

``deliver`` is what a worker does with a message, as often as it comes; ``sweep`` is what hands the
messages out. Receipt ⇒ durable ⇒ in exactly one office's queue.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat, Now
from kombu import Connection

from accounts.models import Message, Outgoing
from accounts.services import messages, outbox
from accounts.services.outbox import Outbox
from portal.lib import chaos, lanes
from procedures.domain.lifecycle import Act
from procedures.models import Dispatch, Dossier, FileCheck, Notice
from procedures.services import checkpoints, clock, files, notices
from procedures.services.lifecycle import advance, locked

logger = logging.getLogger(__name__)


def deliver(dispatch_id: int) -> None:
    """Put a filed dossier into its office's queue. Does nothing the second time.

    Raises files.DamagedFile when a signed file is missing or changed: the row stays, and after
    ``outbox.MAX_STARTS`` starts a person must look.
    """
    with outbox.work(Dispatch, dispatch_id) as dispatch:
        if dispatch is None:
            return
        chaos.step("task_start", dispatch.pk)
        dossier = dispatch.filing.dossier
        for attachment in dossier.attachments.filter(filing_number=dispatch.filing.number):
            files.original_of(attachment)
        with transaction.atomic():
            fresh = locked(dossier)
            if not outbox.finish(dispatch):
                return
            enqueue(fresh, dispatch)
            outbox.wake_sweeper()
            chaos.step("mid_tx", dispatch.pk)
        chaos.step("after_tx_before_ack", dispatch.pk)
        checkpoints.make_soon()


def enqueue(dossier: Dossier, dispatch: Dispatch) -> None:
    event = advance(
        dossier, Act.DELIVER, detail={"office": dispatch.office_id, "filing": dispatch.filing.number}
    )
    Dossier.objects.filter(pk=dossier.pk).update(queued_at=Now())
    clock.keep(dossier)
    is_first = dispatch.filing.number == 1
    notices.notify(dossier, event, Notice.Kind.RECEIPT if is_first else Notice.Kind.SUPPLEMENTED)


_LANE = Concat(Value(lanes.PROVINCE), F("office_id"), output_field=CharField())
OUTBOXES = (
    Outbox(Message, "accounts.send_message", messages.LANE),
    Outbox(Dispatch, "procedures.deliver_dossier", _LANE),
    Outbox(Notice, "procedures.send_notice", Value(lanes.NOTICES)),
    Outbox(FileCheck, "procedures.check_file", Value(lanes.DOCUMENTS)),
)


def sweep(broker: Connection) -> int:
    """Hand due rows of every outbox to the broker, as far as there is room in their lanes. Returns how many.

    Raises kombu's OperationalError when the broker can't be reached; the rows stay.
    """
    return outbox.hand_out(OUTBOXES, broker)


def sweep_once() -> int:
    """The same with a connection of its own."""
    with outbox.to_broker() as broker:
        return sweep(broker)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row a person must look at."""

    table: str  # "dispatch", "message", …
    number: int
    starts: int
    since: datetime  # made
    last_error: str


def quarantined() -> list[Quarantined]:
    """Every row of every outbox that was started too often without an end, the oldest first."""
    found = [
        Quarantined(_table(box), row.pk, row.starts, row.created_at, row.last_error)
        for box in OUTBOXES
        for row in box.model._default_manager.filter(state=Outgoing.State.QUARANTINED)
    ]
    return sorted(found, key=lambda row: row.since)


def release(row: Quarantined) -> bool:
    """Let a row go its way again, as if it were new. False: it isn't in quarantine any more."""
    model = next(box.model for box in OUTBOXES if _table(box) == row.table)
    with transaction.atomic():
        rows = model._default_manager.filter(pk=row.number, state=Outgoing.State.QUARANTINED)
        is_let_go = bool(
            rows.update(state=Outgoing.State.WAITING, starts=0, published=0, next_try_at=Now(), last_error="")
        )
        outbox.wake_sweeper()
    logger.warning("%s %s was released from quarantine by hand", row.table, row.number)
    return is_let_go


def _table(box: Outbox) -> str:
    return str(box.model._meta.model_name)
