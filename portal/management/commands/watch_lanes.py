import time
from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import Office
from portal.celery import app
from portal.lanes_watch import orphans_given_to
from portal.lib import lanes


class Command(BaseCommand):
    help = (
        "Where workers split the lanes by --queues: a lane no answering worker consumes is given to one that does "
        "answer, until its own is back. One process of this a portal is enough; two do no harm."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--every", type=float, default=10.0, help="seconds between two looks")
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        while True:
            keys = Office.objects.values_list("key", flat=True)
            for lane, worker in orphans_given_to(app, lanes.every(keys)):
                self.stdout.write(f"{lane} → {worker}")
            if once:
                return
            time.sleep(every)
