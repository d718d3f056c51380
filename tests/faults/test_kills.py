"""Processes that die in the middle of their work."""

from collections.abc import Callable

import pytest

from tests.faults.conftest import Filers
from tests.faults.portal import BreakablePortal, wait_until

Arrived = Callable[..., None]


def test_without_a_fault_everything_arrives(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived
) -> None:
    people = filers(2)
    for person in people:
        person.file()
    all_arrived(people)


@pytest.mark.parametrize("victim", ["process", "group"])
@pytest.mark.parametrize("step", ["task_start", "mid_tx", "after_tx_before_ack", "before_notice"])
def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived, step: str, victim: str
) -> None:
    (person,) = filers()
    portal.kill_at(step, victim)
    person.file()
    assert wait_until(lambda: portal.has_killed_at(step)), f"nobody came to {step}"
    all_arrived([person])


@pytest.mark.parametrize("step", ["before_publish", "after_publish"])
def test_a_sweeper_killed_while_publishing_loses_and_doubles_nothing(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived, step: str
) -> None:
    (person,) = filers()
    person.ask_code()
    code = person.read_code()
    portal.kill_at(step)
    person.insist(code)
    assert wait_until(lambda: portal.has_killed_at(step))
    all_arrived([person])


@pytest.mark.parametrize("step", ["before_commit", "after_commit"])
def test_a_web_server_killed_while_filing_gives_one_receipt_when_asked_again(
    portal: BreakablePortal, filers: Filers, all_arrived: Arrived, step: str
) -> None:
    (person,) = filers()
    person.ask_code()
    code = person.read_code()
    portal.kill_at(step, "group")
    with pytest.raises(ConnectionError):
        person.send_code(code)
    assert portal.has_killed_at(step)
    assert not person.receipt
    person.insist(code)
    assert person.dossier.filings.count() == 1
    all_arrived([person])
