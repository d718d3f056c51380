"""The tests' requests run as the role of the web process: a policy somebody forgot shows in every page's test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.db import connection
from django.http import HttpRequest, HttpResponse

from portal import wall


@contextmanager
def as_web() -> Iterator[None]:
    """For the block this connection is behind the wall, as the web process is from its start."""
    connection.ensure_connection()
    raw: Any = connection.connection
    raw.execute(f"SET ROLE {wall.ROLE}")
    try:
        yield
    finally:
        with suppress(psycopg.errors.InFailedSqlTransaction):  # the rollback takes it back
            raw.execute("RESET ROLE")


class AsWebRole:
    """The outermost middleware of the tests (tests/conftest.py)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with as_web():
            return self.get_response(request)
