"""How often something may be tried. Counted before it is judged, in one statement, by the database's
clock, so that two hundred tries at once are counted as two hundred."""

import hashlib
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Throttle

_COUNT = """
INSERT INTO accounts_throttle AS kept (key, window_from, count)
VALUES (%(key)s, clock_timestamp(), 1)
ON CONFLICT (key) DO UPDATE SET (count, window_from) = (
    SELECT CASE WHEN is_over THEN 1 ELSE LEAST(kept.count + 1, 2000000000) END,
           CASE WHEN is_over THEN clock_timestamp() ELSE kept.window_from END
    FROM (SELECT kept.window_from + make_interval(secs => %(seconds)s) <= clock_timestamp()) AS w (is_over)
)
RETURNING count
"""


def hit(what: str, limit: int, window: timedelta) -> bool:
    """Count one try of ``what``; whether it is within ``limit`` tries in a ``window``.

    The window begins with the first try, and a new one when it has passed. The count stays even when
    the request fails later: raises RuntimeError inside a transaction.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": _key(what), "seconds": window.total_seconds()})
        (count,) = cursor.fetchone()
    return int(count) <= limit


def give_back(what: str) -> None:
    """Take one try of ``what`` off again: it succeeded, and only failures count."""
    Throttle.objects.filter(key=_key(what), count__gt=0).update(count=F("count") - 1)


def wait_left(what: str, window: timedelta) -> timedelta:
    """How long until the running window of ``what`` has passed; zero when there is none."""
    row = Throttle.objects.filter(key=_key(what)).annotate(now=Now()).first()
    if row is None:
        return timedelta(0)
    return max(row.window_from + window - row.now, timedelta(0))


def in_words(wait: timedelta) -> str:
    """What somebody reads who failed too often."""
    return _("Đã nhập sai nhiều lần. Ông/bà vui lòng thử lại sau %(minutes)s phút.") % {
        "minutes": minutes(wait)
    }


def minutes(wait: timedelta) -> int:
    """Whole minutes, rounded up; at least one."""
    return max(1, -(-int(wait.total_seconds()) // 60))


def _key(what: str) -> str:
    """Nothing readable: what is counted may hold a phone number or somebody's mistyped password."""
    return hashlib.sha256(what.encode("utf-8", "replace")).hexdigest()
