"""(f) The rates over HTTP, their table alone, and what counting rows costs instead."""

import time
from collections.abc import Callable
from statistics import median

from django.db import connection

import benchmarks.ready  # noqa: F401 - first
from accounts.models import User
from benchmarks.live import browser_of
from benchmarks.queue import page
from benchmarks.rows import GROUP_BY, TABLE
from procedures.selectors.statistics.extent import ANNEX
from procedures.selectors.statistics.table import rate_table

PERIOD = "tu=01/01/2019&den=31/08/2019"
PAGES = {
    "rates, page of 63 rows": f"/ty-le/?{PERIOD}",
    "rates, 63 rows of odd days": "/ty-le/?tu=05/01/2019&den=30/08/2019",
    "rates, pictures": f"/ty-le/bieu-do/?{PERIOD}",
    "rates, public page": "/ty-le/cong-khai/?nam=2019",
    "rates, list of one cell": f"/ty-le/ho-so/?{PERIOD}&hang=tien-giang&kenh=electronic",
}
STATEMENT = """
SELECT office_id, count(*) FILTER (WHERE channel = 'electronic'), count(*) FROM procedures_dossier
WHERE filed_at >= '2019-01-01+07' AND filed_at < '2019-09-01+07' AND NOT is_test GROUP BY 1
"""


def acts(port: int) -> dict[str, Callable[[], float]]:
    """What is measured; each returns milliseconds, the median of some."""
    browser = browser_of(User.objects.get(login="trunguong"), port)
    pages = {name: page(browser, address, "Tiền Giang") for name, address in PAGES.items()}
    return {**pages, TABLE: _timed(lambda: rate_table(ANNEX), 9), GROUP_BY: _timed(_group_by, 3)}


def _timed(act: Callable[[], object], times: int) -> Callable[[], float]:
    def once() -> float:
        began = time.perf_counter()
        act()
        return 1000 * (time.perf_counter() - began)

    return lambda: median(once() for _ in range(times))


def _group_by() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(STATEMENT)
        cursor.fetchall()
