"""What the second wall costs: an officer's pages as the owner of the tables and as the role behind the wall, in turns.

.venv/bin/python -m benchmarks.wall [dossiers]
"""

import sys
import time

from benchmarks.ground import median, portal_ground

ROUNDS = 40


def main() -> None:
    dossiers = int((sys.argv[1:] or ["5000"])[0])
    with portal_ground():
        _compare(dossiers)


def _compare(number: int) -> None:
    from django.db import connection  # noqa: PLC0415 - after django.setup

    from accounts import wall  # noqa: PLC0415
    from accounts.models import Role, User  # noqa: PLC0415
    from procedures.models import Dossier  # noqa: PLC0415
    from procedures.selectors.queue import Wanted, queue_of, total_of  # noqa: PLC0415
    from tests.web_role import as_web  # noqa: PLC0415

    officer = User.objects.create_user("canbo", full_name="Cán bộ", role=Role.OFFICER, office_id="ha-noi")
    filer = User.objects.create_user("0119000001", full_name="Người nộp")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO procedures_dossier (public_id, reference, procedure, edition, filer_id, channel, status,
                revision, answers, follows_on_paper, confirmed_warnings, office_id, search_text, is_test,
                filed_at, queued_at, due_on)
            SELECT gen_random_uuid(), 'R' || n, 'bhxh_mot_lan', '2019', %s, 'electronic', 'queued',
                1, '{"full_name": "Nguyen Van A"}', '[]', '[]',
                CASE WHEN n %% 63 = 0 THEN 'ha-noi' ELSE 'ho-chi-minh' END, 'nguyen van a ' || n, false,
                now(), now(), current_date + n %% 90
            FROM generate_series(1, %s) AS n
            """,
            [filer.pk, number],
        )
        cursor.execute("ANALYZE procedures_dossier")
    acts = {
        "queue page": lambda: queue_of(officer, Wanted()),
        "total": lambda: total_of(officer, Wanted()),
        "search": lambda: queue_of(officer, Wanted(words="nguyen 63")),
    }
    took: dict[tuple[str, str], list[float]] = {}
    for _ in range(ROUNDS):
        for who in ("owner", "behind the wall"):
            for name, act in acts.items():
                if who == "owner":
                    began = time.perf_counter()
                    act()
                else:
                    with as_web():
                        began = time.perf_counter()
                        wall.enter(officer.pk)
                        act()
                        wall.leave()
                        took.setdefault((name, who), []).append(time.perf_counter() - began)
                    continue
                took.setdefault((name, who), []).append(time.perf_counter() - began)
    print(
        f"{Dossier.objects.count()} dossiers, medians of {ROUNDS} rounds in turns, entering and leaving included"
    )
    for name in acts:
        plain, walled = median(took[name, "owner"]), median(took[name, "behind the wall"])
        print(f"{name:<12}{plain * 1000:>8.2f} ms{walled * 1000:>8.2f} ms   ×{walled / plain:.2f}")


if __name__ == "__main__":
    main()
