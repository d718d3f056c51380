"""(f) What an officer of Bình Dương does (22.6 % of the country: 284 open dossiers, or 28,376), over HTTP."""

import time
from collections.abc import Callable
from statistics import median

import benchmarks.ready  # noqa: F401 - first
from accounts.models import Office, Role, User
from benchmarks.browser import Browser
from benchmarks.live import browser_of
from procedures.models import Dossier
from procedures.selectors.queue import Cursor
from procedures.services import assignment

OFFICE = "binh-duong"
TIMES = 9  # requests of each sort in a round
FIRST = "/can-bo/"


def acts(port: int) -> dict[str, Callable[[], float]]:
    """What is measured; each returns milliseconds, the median of ``TIMES``, and leaves everything as it was."""
    officer = User.objects.create_user(
        f"do.{OFFICE}", full_name="Người đo", role=Role.OFFICER, office=Office.objects.get(key=OFFICE)
    )
    browser = browser_of(officer, port)
    ours = Dossier.objects.filter(office_id=OFFICE)
    waiting = list(ours.filter(status="queued").order_by("due_order", "pk"))
    middle = waiting[len(waiting) // 2]
    settled = ours.exclude(status="queued").order_by("-filed_at", "-pk")[ours.count() // 2]
    after, in_the_middle = (Cursor(one.due_order, one.pk) for one in (waiting[24], middle))
    addresses = {
        "officer, first queue page": (FIRST, "DEMO-"),
        "officer, next queue page": (f"{FIRST}?sau={after}", "DEMO-"),
        "officer, page in the middle": (f"{FIRST}?sau={in_the_middle}", "DEMO-"),
        "search, common name": (f"{FIRST}?q=nguyen", "DEMO-"),
        "search, two names": (f"{FIRST}?q={_name_of(middle)}", "DEMO-"),
        "search, number": (f"{FIRST}?q={_number_of(middle)}", str(middle.reference)),
        "search, reference": (f"{FIRST}?q={middle.reference}", str(middle.reference)),
        "search everywhere, common name": (f"{FIRST}?q=nguyen&trang_thai=all", "DEMO-"),
        "search everywhere, two names": (f"{FIRST}?q={_name_of(settled)}&trang_thai=all", "DEMO-"),
        "search everywhere, number": (
            f"{FIRST}?q={_number_of(settled)}&trang_thai=all",
            str(settled.reference),
        ),
        "officer, work page": (f"{FIRST}{middle.public_id}/", str(middle.reference)),
    }
    pages = {name: page(browser, address, holds) for name, (address, holds) in addresses.items()}
    return {**pages, "officer, take next": _take_next(browser, officer)}


def page(browser: Browser, address: str, holds: str, times: int = TIMES) -> Callable[[], float]:
    def once() -> float:
        began = time.perf_counter()
        answer = browser.get(address)
        spent = 1000 * (time.perf_counter() - began)
        assert holds in answer.text, address
        return spent

    return lambda: median(once() for _ in range(times))


def _take_next(browser: Browser, officer: User) -> Callable[[], float]:
    def once() -> float:
        began = time.perf_counter()
        answer = browser.post(f"{FIRST}nhan-tiep/", {})
        spent = 1000 * (time.perf_counter() - began)
        taken = Dossier.objects.get(assignee=officer)
        assert str(taken.public_id) in answer.location, answer.location
        assignment.release(taken, officer)
        return spent

    return lambda: median(once() for _ in range(TIMES))


def _number_of(dossier: Dossier) -> str:
    return dossier.search_text.split()[-1]


def _name_of(dossier: Dossier) -> str:
    """Family and given name, as people type them: there are many of each."""
    words = [word for word in dossier.search_text.split() if word.isalpha()]
    return f"{words[0]}+{words[-1]}"
