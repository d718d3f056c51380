"""The rates with few and with all dossiers, against what counting rows costs; and the load against bare COPY.

    .venv/bin/python -m benchmarks.statistics              42 thousand, then all 4,177,524 rows (10 minutes, 5 GB)
    .venv/bin/python -m benchmarks.statistics --small      42 thousand only

One run, one machine; medians of ROUNDS. The page is asked for through Django's test client: everything but
the socket.
"""

import io
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from django.core.management import call_command

from benchmarks.ground import portal_ground

ROUNDS = 41
_OF_BARE = re.compile(r"([0-9.]+) of bare COPY")
PERIOD = "tu=01/01/2019&den=31/08/2019"
PAGES = {
    "63 rows": f"/ty-le/?{PERIOD}",
    "63 rows, odd days": "/ty-le/?tu=05/01/2019&den=30/08/2019",
    "pictures": f"/ty-le/bieu-do/?{PERIOD}",
    "public page": "/ty-le/cong-khai/?nam=2019",
    "list of one cell": f"/ty-le/ho-so/?{PERIOD}&hang=tien-giang&kenh=electronic",
}
GROUP_BY = """
SELECT office_id, count(*) FILTER (WHERE channel = 'electronic'), count(*) FROM procedures_dossier
WHERE filed_at >= '2019-01-01+07' AND filed_at < '2019-09-01+07' AND NOT is_test GROUP BY 1
"""


def main() -> int:
    if "--scale" in sys.argv:
        return one(int(sys.argv[-1]))
    few = other_process(100)
    if "--small" in sys.argv:
        return 0
    many = other_process(1)
    for name in few:
        print(f"{name:>20}: {many[name] / few[name]:.2f} × from 41,775 to 4,177,524 rows")
    print(f"GROUP BY of all rows takes {many['GROUP BY'] / many['table']:.0f} × as long as the table")
    return 0


def other_process(scale: int) -> dict[str, float]:
    """Each size has its own servers and its own process."""
    command = [sys.executable, "-m", "benchmarks.statistics", "--scale", str(scale)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    *said, last = done.stdout.splitlines()
    print("\n".join(said), flush=True)
    found: dict[str, float] = json.loads(last)
    return found


def one(scale: int) -> int:
    with portal_ground():
        call_command("load_demo", stdout=io.StringIO())
        said = io.StringIO()
        call_command("load_annex", scale=scale, compare=True, stdout=said)
        print(said.getvalue(), end="")
        found = measured(scale)
        found["load / bare COPY"] = float(_OF_BARE.findall(said.getvalue())[-1])
        began = time.perf_counter()
        call_command("recount_tallies")
        print(f"             recount: {time.perf_counter() - began:.1f} s")
        print(json.dumps(found))
    return 0


def measured(scale: int) -> dict[str, float]:
    """Milliseconds by name."""
    from django.conf import settings  # noqa: PLC0415 - after django.setup
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415
    from procedures.selectors.statistics.extent import ANNEX  # noqa: PLC0415
    from procedures.selectors.statistics.table import rate_table  # noqa: PLC0415
    from tests.people import fully_verified  # noqa: PLC0415

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    client, somebody = Client(HTTP_HOST="127.0.0.1"), User.objects.get(login="trunguong")
    client.force_login(somebody)
    fully_verified(client, somebody)
    found = {"table": median_ms(lambda: rate_table(ANNEX))}
    for name, address in PAGES.items():
        found[name] = median_ms(lambda address=address: client.get(address))  # type: ignore[misc]

    def group_by() -> None:
        with connection.cursor() as cursor:
            cursor.execute(GROUP_BY)
            cursor.fetchall()

    found["GROUP BY"] = median_ms(group_by, rounds=7)
    print(f"a {scale}th of the annex" if scale > 1 else "the whole annex")
    for name, spent in found.items():
        print(f"{name:>20}: {spent:7.1f} ms")
    return found


def median_ms(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    spent = []
    for _ in range(rounds + 2):
        began = time.perf_counter()
        act()
        spent.append(1000 * (time.perf_counter() - began))
    return statistics.median(spent[2:])


if __name__ == "__main__":
    sys.exit(main())
