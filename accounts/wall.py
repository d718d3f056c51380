"""Who asks, told to PostgreSQL: its policies show the web process only that person's rows
(docs/decisions/0041; what they say stands in portal/wall.py).

Only the web process is behind the wall; workers, sweeper and commands own the tables and see all. What is told
belongs to the connection of one thread and is taken back at the end of the request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from django.db import Error, InternalError, connection
from django.db.backends.signals import connection_created

_who: ContextVar[int | None] = ContextVar("who asks", default=None)
_door: ContextVar[str] = ContextVar("an open door", default="")

FIGURES = "figures"  # numbers of every office; lists behind them. Read only
TRACK = "track"  # one dossier, by its mã hồ sơ and the filer's mã số BHXH. Read only
FOLLOW = (
    "follow"  # one dossier, by its mã hồ sơ, for who has typed or is asking for the code sent to its filer
)
COMPLAIN = (
    "complain"  # a decided paper dossier, for its filer who complains about the decision and has no account
)
DECLARE = "declare"  # declarations of one mã số BHXH, before anybody is logged in
ACTIVATE = "activate"  # the declaration an activation code is of, by the HMAC of the code's beginning


def enter(user: int | None) -> None:
    """From now on this account (its primary key) asks; None: nobody, who sees no row."""
    _who.set(user)
    _door.set("")
    _tell()


def leave() -> None:
    """Nobody asks any more. A connection that can't be told is closed: no next request may inherit it."""
    if _who.get() is None and not _door.get():
        return
    try:
        enter(None)
    except Error:
        if not connection.in_atomic_block:  # else the transaction's end takes it back
            connection.close()


@contextmanager
def door(name: str, *keys: str) -> Iterator[None]:
    """For the block, also the rows behind one door, for those who know its keys."""
    before = _door.get()
    _door.set(":".join((name, *keys)))
    _tell()
    try:
        yield
    finally:
        _door.set(before)
        try:
            _tell()
        except InternalError as error:
            # The end of a failed transaction takes the door back, too; nothing else may leave it open.
            if not isinstance(error.__cause__, psycopg.errors.InFailedSqlTransaction):
                raise


def _tell() -> None:
    """Outside Django's count of queries: it is the same for every page."""
    raw: Any = connection.connection
    if raw is not None:  # else with the connection, when it is made
        with connection.wrap_database_errors:  # as Django's own: a database that is away is a 503
            raw.execute("SELECT wall_enter(%s::bigint, %s)", [_who.get(), _door.get()])


def _tell_new_connection(**_: Any) -> None:
    if _who.get() is not None or _door.get():
        _tell()


connection_created.connect(_tell_new_connection, dispatch_uid="second wall")
