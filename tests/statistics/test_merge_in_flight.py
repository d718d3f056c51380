"""63 → 34 with dossiers on their way and workers killed: each ends in one office that stands, none is lost.

MERGE_IN_FLIGHT=5000 script/test tests/statistics/test_merge_in_flight.py -n 0
"""

import os
import signal
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db.models import Count

from accounts.models import Office, Role, User
from portal.lib.identifiers import reference
from portal.serve import Program
from procedures.domain.lifecycle import Act, Status
from procedures.models import Dispatch, Dossier, DossierEvent, Filing, SuccessionMove
from procedures.selectors.queue import queue_of
from procedures.selectors.reconciliation import reconcile
from procedures.selectors.statistics.recount import recount
from procedures.services import dispatch, tallies
from procedures.services.succession import note_moves, open_lanes, succeed
from procedures.services.succession_plan import Plan, read_plan
from tests import makers

NUMBER = int(os.environ.get("MERGE_IN_FLIGHT", "252"))
PATIENCE = 60 + NUMBER / 5  # seconds
PLAN = Path(__file__).parents[2] / "procedures" / "data" / "offices-2025.csv"


def filed_copies(filer: User, number: int) -> None:
    """Copies of one signed dossier, spread over all offices, each with its filing and its dispatch."""
    template = makers.filed(filer)
    filing = template.filings.get()
    offices = list(Office.objects.order_by("key"))
    dossiers = []
    for place in range(number):
        copy = Dossier.objects.get(pk=template.pk)
        copy.pk, copy.public_id, copy.office = None, uuid.uuid4(), offices[place % len(offices)]
        copy.reference = reference(copy.office.code, date(2025, 6, 30), place // len(offices) + 1)
        copy._state.adding = True
        dossiers.append(copy)
    Dossier.objects.bulk_create(dossiers)
    filings = Filing.objects.bulk_create(
        Filing(dossier=it, number=1, digest=filing.digest, signed_content=filing.signed_content)
        for it in dossiers
    )
    detail = {"digest": filing.digest, "filing": 1}
    DossierEvent.objects.bulk_create(
        DossierEvent(dossier=it, act=Act.FILE, status=Status.FILED, actor=filer, detail=detail)
        for it in dossiers
    )
    Dispatch.objects.bulk_create(
        Dispatch(filing=made, office=it.office) for it, made in zip(dossiers, filings, strict=True)
    )
    tallies.rebuild()


def sweep_until(is_done: Callable[[], bool]) -> None:
    """What the sweeper does, until something is so."""
    until = time.monotonic() + PATIENCE
    while not is_done():
        assert time.monotonic() < until, "not in time"
        dispatch.sweep_once()
        time.sleep(0.2)


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "not in time"
        time.sleep(0.02)


def hand_out(number: int) -> None:
    """Give the workers so many, and leave the rest for after the merger."""
    while number > 0:
        number -= dispatch.sweep_once()
        time.sleep(0.02)


def delivered() -> int:
    return Dispatch.objects.filter(state=Dispatch.State.DONE).count()


def kill(worker: Program) -> None:
    assert worker.process is not None
    os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.wait()


@pytest.fixture
def plan() -> Plan:
    return read_plan(PLAN.read_text(encoding="utf-8"), date(2025, 7, 1))


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_merger_with_dossiers_in_flight_and_workers_killed_loses_none(
    offices: dict[str, Office],
    contributor: User,
    plan: Plan,
    start_celery_worker: Callable[[], Program],
) -> None:
    filed_copies(contributor, NUMBER)
    was_at = dict(Dossier.objects.values_list("pk", "office_id"))
    doomed, survivor = start_celery_worker(), start_celery_worker()
    hand_out(NUMBER // 2)
    wait_until(lambda: delivered() > NUMBER // 10)
    kill(doomed)
    outcome = succeed(plan)
    assert outcome.offices_after == 34
    assert open_lanes(plan) == 1  # the survivor again: it was told at the commit already
    in_new_offices = Dispatch.objects.filter(state=Dispatch.State.DONE, office__valid_from=date(2025, 7, 1))
    before = in_new_offices.count()
    assert delivered() < NUMBER
    sweep_until(lambda: in_new_offices.count() > before + NUMBER // 4)  # nobody was restarted for it
    kill(survivor)
    start_celery_worker()
    sweep_until(lambda: delivered() == len(was_at))
    while note_moves():
        pass

    dossiers = dict(Dossier.objects.values_list("pk", "office_id"))
    follows = {key: one.key for key, one in plan.closed.items()}
    assert dossiers == {pk: follows.get(office, office) for pk, office in was_at.items()}
    assert set(Dossier.objects.values_list("status", flat=True)) == {Status.QUEUED}
    times = DossierEvent.objects.filter(act=Act.DELIVER).values("dossier").annotate(n=Count("pk"))
    assert {line["n"] for line in times} == {1}
    assert len(times) == len(was_at)
    assert reconcile().is_balanced
    assert recount().mismatches == []
    assert SuccessionMove.objects.count() == outcome.dossiers
    _each_is_seen_by_its_office_alone(dossiers)


def _each_is_seen_by_its_office_alone(dossiers: dict[int, str]) -> None:
    expected = Counter(dossiers.values())
    for office in Office.objects.all():
        officer = User.objects.create_user(f"x.{office.key}", role=Role.OFFICER, office=office, full_name="X")
        seen, after = 0, None
        while True:
            page = queue_of(officer, after=after)
            assert {dossiers[one.pk] for one in page.dossiers} <= {office.key}
            seen, after = seen + len(page.dossiers), page.next
            if after is None:
                break
        assert seen == expected[office.key]
