"""Sáp nhập: offices are closed and their successors take over, in one act that can be rehearsed.

Everything that is open goes along in one transaction: dossiers, filings on their way, staff, people who
wait at the counter, the numbers given today. Nothing that is settled is touched: references, papers and
tallies keep the office of their time. How to: docs/how-to/merge-provinces.md.
"""

import logging
import time
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from accounts.models import Office, Registration, User
from accounts.services import outbox
from portal.lib import lanes
from procedures.domain.lifecycle import NEXT_ACTOR, Status
from procedures.models import Dossier, Succession, SuccessionMove
from procedures.services.lifecycle import note
from procedures.services.succession_plan import Plan

logger = logging.getLogger(__name__)

MOVED = "succeed_office"  # in the history of a dossier
ON_ITS_WAY = sorted(it for it in Status if it is not Status.DRAFT and NEXT_ACTOR[it] is not None)
NOTED_AT_ONCE = 200

_MOVE = """
WITH moving AS (
    SELECT d.id, d.office_id AS old, o.successor_id AS new
    FROM procedures_dossier d JOIN accounts_office o ON o.key = d.office_id
    WHERE d.office_id = ANY(%(closed)s) AND d.status = ANY(%(open)s)
    ORDER BY d.id FOR UPDATE OF d
), moved AS (
    UPDATE procedures_dossier d SET office_id = moving.new FROM moving WHERE d.id = moving.id
)
INSERT INTO procedures_successionmove (succession_id, dossier_id, from_office_id, to_office_id, is_noted)
SELECT %(succession)s, id, old, new, false
FROM moving
"""

_DISPATCHES = """
UPDATE procedures_dispatch SET office_id = m.to_office_id
FROM procedures_successionmove m JOIN procedures_filing f ON f.dossier_id = m.dossier_id
WHERE m.succession_id = %(succession)s AND procedures_dispatch.filing_id = f.id
"""

# Where a pension is to be paid from now on: a dossier that is going to an office that closes.
_ONWARD = """
UPDATE procedures_dossier SET routing = jsonb_set(routing, '{onward_office}', to_jsonb(o.successor_id::text))
FROM accounts_office o WHERE o.key = ANY(%(closed)s) AND procedures_dossier.status = ANY(%(open)s)
    AND procedures_dossier.routing ->> 'onward_office' = o.key
"""

# Sent to an office that closes: its successor answers. The sender's name stays.
_TRANSFERS = """
UPDATE procedures_transfer SET to_office_id = o.successor_id
FROM accounts_office o WHERE o.key = procedures_transfer.to_office_id
    AND o.key = ANY(%(closed)s) AND procedures_transfer.state = 'sent'
"""

# A successor may bear the code of another old office: it goes on counting where that one stopped today.
_SEQUENCES = """
INSERT INTO procedures_referencesequence (office_id, day, last)
SELECT new.key, s.day, max(s.last)
FROM accounts_office new
JOIN accounts_office same ON same.code = new.code AND same.key <> new.key
JOIN procedures_referencesequence s ON s.office_id = same.key AND s.day >= %(today)s
WHERE new.key = ANY(%(made)s) GROUP BY 1, 2
ON CONFLICT (office_id, day) DO UPDATE SET last = greatest(procedures_referencesequence.last, EXCLUDED.last)
"""


@dataclass
class Outcome:
    """What was done, or would be. ``moved``: open dossiers by "old → new"."""

    offices_before: int
    open_before: int
    offices_after: int = 0
    open_after: int = 0
    moved: dict[str, int] = field(default_factory=dict)
    dispatches: int = 0
    transfers: int = 0
    staff: int = 0
    registrations: int = 0
    seconds: float = 0.0

    @property
    def dossiers(self) -> int:
        return sum(self.moved.values())


def succeed(plan: Plan, by: User | None = None, *, rehearse: bool = False) -> Outcome:
    """Carry the plan out, or do all of it and take it back. Filings to the offices concerned wait.

    Raises PlanRefused when the offices aren't as the plan needs them; nothing is done then.
    """
    began = time.perf_counter()
    with transaction.atomic():
        _be_patient()
        plan.require_possible(_locked_offices(plan))
        outcome = _carry_out(plan, by)
        outcome.seconds = time.perf_counter() - began
        if rehearse:
            transaction.set_rollback(True)
        else:
            outbox.wake_sweeper()
            transaction.on_commit(lambda: open_lanes(plan), robust=True)
    return outcome


def _be_patient() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = '60s'")


def _locked_offices(plan: Plan) -> dict[str, Office]:
    """Every office; those of the plan can't be filed to until the transaction ends."""
    keys = [*plan.closed, *(one.key for one in plan.successors)]
    locked = Office.objects.select_for_update(no_key=True).filter(key__in=keys).order_by("key")
    return {**Office.objects.in_bulk(), **{office.key: office for office in locked}}


def _carry_out(plan: Plan, by: User | None) -> Outcome:
    outcome = Outcome(offices_before=_standing(), open_before=_open())
    _replace_offices(plan)
    succession = Succession.objects.create(plan=plan.text, effective_on=plan.effective_on, carried_out_by=by)
    _move_dossiers(succession, plan, outcome)
    for key, successor in plan.closed.items():
        outcome.staff += User.objects.filter(office_id=key).update(office_id=successor.key)
        outcome.registrations += Registration.objects.filter(
            office_id=key, status=Registration.Status.WAITING
        ).update(office_id=successor.key)
    outcome.offices_after, outcome.open_after = _standing(), _open()
    _require_whole(plan, outcome)
    Succession.objects.filter(pk=succession.pk).update(outcome=asdict(outcome))
    return outcome


def _replace_offices(plan: Plan) -> None:
    Office.objects.bulk_create(
        [
            Office(
                key=one.key,
                name=one.name,
                official_name=one.official_name,
                annex_name=one.official_name,
                code=one.code,
                province_code=one.province_code,
                valid_from=plan.effective_on,
            )
            for one in plan.successors
        ],
        ignore_conflicts=True,
    )
    last_day = plan.effective_on - timedelta(days=1)
    for key, successor in plan.closed.items():
        Office.objects.filter(key=key).update(successor_id=successor.key, valid_to=last_day)


def _move_dossiers(succession: Succession, plan: Plan, outcome: Outcome) -> None:
    given: dict[str, Any] = {
        "succession": succession.pk,
        "closed": list(plan.closed),
        "open": ON_ITS_WAY,
        "made": [one.key for one in plan.successors],
        "today": timezone.localdate(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, given)
        cursor.execute(_DISPATCHES, given)
        outcome.dispatches = cursor.rowcount
        cursor.execute(_ONWARD, given)
        cursor.execute(_TRANSFERS, given)
        outcome.transfers = cursor.rowcount
        cursor.execute(_SEQUENCES, given)
    pairs = succession.moves.values_list("from_office_id", "to_office_id").annotate(Count("pk")).order_by()
    outcome.moved = {f"{old} → {new}": number for old, new, number in pairs}


def _standing() -> int:
    return Office.objects.filter(successor__isnull=True).count()


def _open() -> int:
    return Dossier.objects.filter(status__in=ON_ITS_WAY).count()


def _require_whole(plan: Plan, outcome: Outcome) -> None:
    """Proof before the commit: nothing open is left behind, nothing came or went."""
    left = Dossier.objects.filter(office_id__in=plan.closed, status__in=ON_ITS_WAY).count()
    if left or outcome.open_before != outcome.open_after:
        raise RuntimeError(
            f"{left} left behind, {outcome.open_before} open before, {outcome.open_after} after"
        )


def open_lanes(plan: Plan) -> int:
    """Have the workers that run now consume the successors' lanes too; a worker that starts reads them from
    the table of offices. Best effort: until a worker does, messages wait in the broker and rows in the
    outbox. Returns how many workers agreed."""
    agreed = set()
    try:
        for one in plan.successors:
            lane = lanes.province(one.key)
            replies = current_app.control.add_consumer(lane, routing_key=lane, reply=True, timeout=1)
            agreed |= {name for reply in replies or [] for name in reply}
    except (BrokerError, OSError) as error:
        logger.warning("the workers couldn't be told of new lanes: %s", error)
    return len(agreed)


def note_moves(limit: int = NOTED_AT_ONCE) -> int:
    """Write moves that aren't there yet into the histories of their dossiers. Returns how many; to be called
    until it says 0. A dossier that was decided meanwhile is noted all the same."""
    with transaction.atomic():
        moves = list(
            SuccessionMove.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(is_noted=False)
            .select_related("dossier", "succession__carried_out_by")
            .order_by("pk")[:limit]
        )
        for move in moves:
            detail = {"from": move.from_office_id, "to": move.to_office_id, "succession": move.succession_id}
            note(move.dossier, MOVED, actor=move.succession.carried_out_by, detail=detail)
        SuccessionMove.objects.filter(pk__in=[move.pk for move in moves]).update(is_noted=True)
    return len(moves)
