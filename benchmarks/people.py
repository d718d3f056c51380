"""Everybody who ever filed in a run of script/faults, and the receipts they were given."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from django.db import transaction

from tests.faults.portal import BreakablePortal, wait_until

if TYPE_CHECKING:
    from tests.faults.filers import Filer

AT_ONCE = 4


def p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99) - (1 if len(values) % 100 == 0 else 0)]


class People:
    def __init__(self, portal: BreakablePortal) -> None:
        from tests.faults.filers import Inbox  # noqa: PLC0415 - after django.setup

        self.portal, self.inbox = portal, Inbox(portal.var_dir / "demo-inbox")
        self.number = 0
        self.receipts: list[str] = []

    def new(self, count: int, office: str = "ha-noi") -> "list[Filer]":
        """Each with a draft ready to be signed. No copies of their files are made to be looked at: a process and a
        fifth of a second each, which would be most of a long run and shows nothing about filings."""
        self.number += count
        return [self._new(number, office) for number in range(self.number - count + 1, self.number + 1)]

    def _new(self, number: int, office: str) -> "Filer":
        from procedures.models import FileCheck  # noqa: PLC0415
        from tests.faults.filers import filer  # noqa: PLC0415

        with transaction.atomic():
            person = filer(number, self.portal.port, self.inbox, office)
            FileCheck.objects.filter(attachment__dossier=person.dossier).update(state=FileCheck.State.DONE)
        return person

    def with_codes(self, people: "list[Filer]") -> "list[tuple[Filer, str]]":
        """Soon used: a code lives five minutes."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda person: person.ask_code(), people))
        return [(person, person.read_code()) for person in people]

    def file(self, ready: "list[tuple[Filer, str]]") -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda pair: pair[0].insist(pair[1]), ready))
        self.keep([person for person, _ in ready])

    def keep(self, people: "list[Filer]") -> None:
        self.receipts += [person.receipt for person in people if person.receipt]

    def seconds_until_empty(self) -> float:
        """Until every filing stands in its queue."""
        from procedures.models import Dispatch  # noqa: PLC0415

        began = time.monotonic()
        wait_until(lambda: not Dispatch.objects.filter(state="waiting").exists(), seconds=300)
        return time.monotonic() - began

    def seconds_until_quiet(self) -> float:
        """Until letters are out and files checked too."""
        from accounts.models import Outgoing  # noqa: PLC0415
        from procedures.services.dispatch import OUTBOXES  # noqa: PLC0415

        began = time.monotonic()
        waiting = [box.model._default_manager.filter(state=Outgoing.State.WAITING) for box in OUTBOXES]
        wait_until(lambda: not any(rows.exists() for rows in waiting), seconds=300)
        return time.monotonic() - began
