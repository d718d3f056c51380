"""A dossier that kills its workers, and a mail server that is away or hangs."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from django.db.models.functions import Now

from accounts.models import Outgoing
from accounts.services.outbox import MAX_STARTS
from portal.processes import LOCALHOST, free_port
from procedures.models import Dispatch, Notice
from tests.faults.conftest import Filers
from tests.faults.filers import Filer
from tests.faults.portal import BreakablePortal, wait_until

Arrived = Callable[..., None]


def dispatch_of(person: Filer) -> Dispatch:
    return Dispatch.objects.get(filing__dossier=person.dossier)


def test_a_poison_dossier_is_set_aside_after_five_starts_and_hurts_no_other(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    people = filers(2) + filers(2, "ho-chi-minh")
    codes = []
    for person in people:
        person.ask_code()
        codes.append(person.read_code())
    portal.stop("sweeper")
    for person, code in zip(people, codes, strict=True):
        person.insist(code)
    bad = dispatch_of(people[0])
    portal.kill_at("task_start", subject=bad.pk)
    portal.start("sweeper")

    def is_set_aside() -> bool:
        bad.refresh_from_db()
        return bad.state == Outgoing.State.QUARANTINED

    assert wait_until(is_set_aside, seconds=120), (bad.state, bad.starts)
    assert bad.starts == MAX_STARTS + 1  # the last one wasn't begun
    all_arrived(people, quarantined=(people[0].receipt,))
    # Repaired by a person, it arrives like any other.
    portal.disarm()
    Dispatch.objects.filter(pk=bad.pk).update(state=Outgoing.State.WAITING, starts=0, next_try_at=Now())
    all_arrived(people)


@pytest.fixture
def impatient_worker(portal: BreakablePortal) -> Iterator[None]:
    """One whose time limits are seconds instead of minutes."""
    worker = portal.programs["worker"]
    usual = worker.arguments
    worker.arguments = [*usual, "--", "task.soft_time_limit=1", "task.time_limit=2"]
    portal.restart("worker")
    yield
    portal.disarm()
    worker.arguments = usual
    portal.restart("worker")


@pytest.mark.usefixtures("impatient_worker")
def test_a_dossier_that_hangs_is_set_aside_after_five_starts_and_hurts_no_other(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    people = filers(3)
    codes = []
    for person in people:
        person.ask_code()
        codes.append(person.read_code())
    portal.stop("sweeper")
    for person, code in zip(people, codes, strict=True):
        person.insist(code)
    bad = dispatch_of(people[0])
    portal.kill_at("task_start", victim="hang", subject=bad.pk)
    portal.start("sweeper")

    def is_set_aside() -> bool:
        bad.refresh_from_db()
        if bad.starts:  # the next try at once: how long one waits is another test's matter
            Dispatch.objects.filter(pk=bad.pk, next_try_at__gt=Now()).update(next_try_at=Now())
        return bad.state == Outgoing.State.QUARANTINED

    assert wait_until(is_set_aside, seconds=120, every=1), (bad.state, bad.starts)
    assert bad.starts == MAX_STARTS + 1
    all_arrived(people, quarantined=(people[0].receipt,))


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never says a word: a mail relay that hangs."""
    with socket.create_server((LOCALHOST, 0)) as listener:
        listener.settimeout(0.2)
        is_over, held = threading.Event(), []

        def hold() -> None:
            while not is_over.is_set():
                with suppress(TimeoutError):
                    held.append(listener.accept()[0])

        thread = threading.Thread(target=hold)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            is_over.set()
            thread.join()
            for connection in held:
                connection.close()


def files_with_mail_at(portal: BreakablePortal, person: Filer, port: int) -> None:
    """Codes go by SMS; letters to a relay that doesn't work. Nothing but the letter waits."""
    portal.restart(
        "worker", EMAIL_GATEWAY="accounts.gateways.smtp.SmtpMail", SMTP_URL=f"smtp://{LOCALHOST}:{port}"
    )
    person.file(channel="sms")
    assert wait_until(lambda: dispatch_of(person).state == Outgoing.State.DONE)
    letter = Notice.objects.filter(dossier=person.dossier, channel="email")
    assert wait_until(lambda: letter.exclude(last_error="").exists())
    waiting = letter.get()
    assert (waiting.state, waiting.starts) == (Outgoing.State.WAITING, 0)


def test_a_mail_relay_that_is_down_delays_the_letter_alone(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    (person,) = filers()
    try:
        files_with_mail_at(portal, person, free_port())
    finally:
        portal.restart("worker")
    the_minute_has_passed()
    all_arrived([person])


def test_a_mail_relay_that_hangs_delays_the_letter_alone(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    (person,) = filers()
    try:
        with silent_server() as port:
            files_with_mail_at(portal, person, port)
    finally:
        portal.restart("worker")
    the_minute_has_passed()
    all_arrived([person])


def the_minute_has_passed() -> None:
    Notice.objects.filter(state=Outgoing.State.WAITING).update(next_try_at=Now())
