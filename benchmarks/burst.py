"""Whether a burst in one office's lane delays the other 62. script/faults burst

Hà Nội's lane is given ``CROWD`` dossiers at once, ten times what every other lane gets while they are worked off;
before that the others file with nothing else going on. Waits are those of the database's clock, from the receipt
to the queue.
"""

import os
import time
from typing import TYPE_CHECKING

from benchmarks.people import People, p99

if TYPE_CHECKING:
    from tests.faults.filers import Filer

BUSY, EACH, CROWD = "ha-noi", 2, 400
GOAL = 2.0  # seconds


def burst(people: People) -> None:
    quiet, others, crowd = _everybody(people)
    people.file(people.with_codes(quiet))
    people.seconds_until_quiet()
    ready, many = people.with_codes(others), people.with_codes(crowd)
    people.seconds_until_quiet()
    people.portal.stop("worker")
    people.file(many)
    people.portal.start("worker")
    began = time.monotonic()
    people.file(ready)
    filed = time.monotonic() - began
    left = _waiting()
    drained = filed + people.seconds_until_empty()
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(
        f"\n{CROWD} dossiers in {BUSY}'s lane at once, {len(others)} to {len(others) // EACH} other lanes "
        f"within {filed:.1f} s; then {left} of {BUSY} still waited; all gone after {drained:.1f} s; load {load}"
    )
    print(f"{'seconds to the queue':<40}{'filed':>6}{'median':>9}{'p99':>9}")
    for name, who in (
        ("other lanes, nothing else going on", quiet),
        ("other lanes during the burst", others),
        ("the burst's lane", crowd),
    ):
        waits = _waits(who)
        print(f"{name:<40}{len(waits):>6}{sorted(waits)[len(waits) // 2]:>8.2f} s{p99(waits):>7.2f} s")
    print(
        f"goal: p99 of the other lanes ≤ {GOAL:.0f} s: {'met' if p99(_waits(others)) <= GOAL else 'NOT MET'}"
    )


def _everybody(people: People) -> "tuple[list[Filer], list[Filer], list[Filer]]":
    from accounts.models import Office  # noqa: PLC0415 - after django.setup
    from procedures.services.calendar import legal_date  # noqa: PLC0415

    offices = Office.objects.valid_on(legal_date()).exclude(key=BUSY).values_list("key", flat=True)
    quiet = [person for office in offices for person in people.new(1, office)]
    others = [person for _ in range(EACH) for office in offices for person in people.new(1, office)]
    return quiet, others, people.new(CROWD, BUSY)


def _waits(people: "list[Filer]") -> list[float]:
    from tests.faults.delays import delays_of  # noqa: PLC0415

    return delays_of(person.receipt for person in people)


def _waiting() -> int:
    from procedures.models import Dispatch  # noqa: PLC0415

    return Dispatch.objects.filter(state="waiting", office_id=BUSY).count()
