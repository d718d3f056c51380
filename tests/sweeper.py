"""The ear of the sweeper, for tests that ask whether it is woken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections

from accounts.services.outbox import WAKE_CHANNEL


@contextmanager
def listening() -> Iterator[Callable[[], bool]]:
    """Whether the sweeper would have been woken since. Only what is committed wakes: transaction=True."""
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute(f"LISTEN {WAKE_CHANNEL}")
        yield lambda: bool(list(other.connection.notifies(timeout=2, stop_after=1)))
    finally:
        other.close()
