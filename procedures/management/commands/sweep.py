import logging
import signal
import threading
import time
from typing import Any

import psycopg
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, connection
from kombu.exceptions import OperationalError as BrokerError

from accounts.services import heartbeats, outbox
from accounts.services.outbox import WAKE_CHANNEL
from procedures.services import watch
from procedures.services.dispatch import sweep, sweep_once

logger = logging.getLogger(__name__)

# How long to sleep when nobody rings: rows whose time has come again are found this much later.
PAUSE = 0.5
WATCH_EVERY = 60.0


class Command(BaseCommand):
    requires_system_checks = [Tags.security]  # the others would load every page
    help = "Hands waiting rows of the outboxes to Celery: woken by each filing, and twice a second anyway."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{sweep_once()}")
            return
        self.is_over, self.said_at = False, float("-inf")
        signal.signal(signal.SIGTERM, self._finish)
        threading.Thread(target=self._watch, name="watch", daemon=True).start()
        while not self.is_over:
            try:
                self._listen()
            except (DatabaseError, InterfaceError, psycopg.Error):  # the last one while listening
                # The database is away: begin anew with a new connection until it is back.
                logger.exception("the sweeper lost the database")
                connection.close()
                time.sleep(PAUSE)

    def _finish(self, *_: object) -> None:
        """Asked to stop: what is claimed is handed over first, so that no row waits for its next try."""
        self.is_over = True

    def _live(self) -> None:
        if time.monotonic() - self.said_at > heartbeats.EVERY.total_seconds():
            heartbeats.beat(heartbeats.SWEEPER)
            self.said_at = time.monotonic()

    def _watch(self) -> None:
        """Beside the sweeping, so that nothing that hangs holds it up."""
        while not self.is_over:
            time.sleep(WATCH_EVERY)
            try:
                watch.look()
            except (DatabaseError, InterfaceError):
                connection.close()
            except Exception:
                logger.exception("the watch failed")

    def _listen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {WAKE_CHANNEL}")
        while not self.is_over:
            try:
                with outbox.to_broker() as broker:
                    while not self.is_over:
                        while sweep(broker) and not self.is_over:
                            pass
                        self._rest()
            except (BrokerError, OSError) as error:
                # The rows stay waiting; the broker's return is noticed at the next round.
                logger.warning("the broker can't be reached: %s", error)
                self._rest()

    def _rest(self) -> None:
        """Until a filing rings, or a worker that has made room; half a second at most."""
        self._live()
        for _ in connection.connection.notifies(timeout=PAUSE, stop_after=1):
            pass
