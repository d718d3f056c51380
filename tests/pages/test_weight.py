"""Citizens' pages are light: ≤ 100 KB on the first visit, ≤ 25 KB and 3 requests after, and nothing jumps.

The signed-in pages are weighed on the way of a whole filing. LIGHTHOUSE=1 (script/lighthouse) asks Lighthouse too.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from procedures import catalogue
from tests.browser.meter import Cost, Meter
from tests.browser.people import PHONE
from tests.browser.test_seven import ANSWERS, CITIZEN, DAY, Filer, sign, walk_the_steps
from tests.figures import figure
from tests.servers import LivePortal

pytestmark = pytest.mark.browser

FIRST_VISIT, LATER, LATER_REQUESTS, SHIFT = 100 * 1024, 25 * 1024, 3, 0.01
PUBLIC = (
    *("/", "/thu-tuc/", "/thu-tuc/bhxh_mot_lan/", "/thu-tuc/tu_tuat/", "/thu-tuc/bhxh_mot_lan/tu-kiem-tra/"),
    *("/dang-ky/", "/dang-nhap/", "/kich-hoat/", "/tra-cuu/", "/kiem-chung/", "/so-nhat-ky/", "/tro-nang/"),
    *(
        "/huong-dan/",
        "/huong-dan/bhxh_mot_lan/",
        "/huong-dan/tu_tuat/",
        "/huong-dan/dang-ky/",
        "/ty-le/cong-khai/",
    ),
)
TOOL = Path(settings.BASE_DIR) / "var/tools/node_modules/.bin/lighthouse"
PAGE = Path(settings.BASE_DIR) / "docs/performance.md"
BEGIN, END = "<!-- script/lighthouse -->", "<!-- /script/lighthouse -->"
WAITS = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
)
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100}


def window(browser: Browser, url: str) -> Meter:
    context = browser.new_context(viewport={"width": PHONE, "height": 780}, locale="vi-VN", base_url=url)
    return Meter(context.new_page())


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_is_light(chromium: Browser, live_portal: str, path: str) -> None:
    fresh, known = window(chromium, live_portal), window(chromium, live_portal)
    fresh.page.goto(path)
    first = fresh.take()
    known.page.goto("/tro-nang/" if path != "/tro-nang/" else "/")
    known.take()
    known.page.goto(path)
    later = known.take()
    figure("weight", f"{path:<36} first visit {first}   later {later}")
    fresh.page.context.close()
    known.page.context.close()
    assert first.bytes <= FIRST_VISIT
    weigh(later)


def weigh(cost: Cost) -> None:
    assert cost.bytes <= LATER
    assert cost.requests <= LATER_REQUESTS
    assert cost.shift <= SHIFT


class Weighed(Filer):
    """Puts every page on the scales that is looked at."""

    def __init__(self, browser: Browser, url: str) -> None:
        super().__init__(browser, url, "can-nang", PHONE)
        self.meter = Meter(self.page)
        self.costs: dict[str, Cost] = {}

    def log_in(self, *given: str) -> None:
        super().log_in(*given)
        self.meter.take()  # a first visit has a bound of its own

    def drop_drafts(self) -> None:
        super().drop_drafts()
        self.meter.take()

    def look(self, what: str) -> None:
        self.costs[what] = self.meter.take()


def test_the_way_of_a_filing_is_light(chromium: Browser, live_processes: LivePortal) -> None:
    live_processes.forget_drafts(CITIZEN[0])
    filer = Weighed(chromium, live_processes.url)
    to_the_check(filer)
    filer.look("kiem-tra")
    sign(filer, live_processes)
    filer.open("/ho-so/")
    filer.look("ho-so-cua-toi")
    filer.page.get_by_role("link", name=re.compile("Rút BHXH một lần")).first.click()
    filer.look("ho-so")
    for what, cost in filer.costs.items():
        figure("weight", f"signed in: {what:<25} {cost}")
    # A page is loaded, and parts of it again as questions open: all of that together.
    heavy = {
        what: str(cost) for what, cost in filer.costs.items() if cost.bytes > LATER or cost.shift > SHIFT
    }
    assert heavy == {}


def to_the_check(filer: Filer, code: str = "bhxh_mot_lan") -> None:
    filer.log_in(CITIZEN[0])
    filer.drop_drafts()
    filer.open(f"/thu-tuc/{code}/")
    filer.look("to-khai")
    filer.press("Bắt đầu nộp hồ sơ")
    walk_the_steps(filer, catalogue.procedure_on(code, DAY), ANSWERS[code])


@pytest.mark.skipif(os.environ.get("LIGHTHOUSE") != "1", reason="script/lighthouse asks Lighthouse")
def test_lighthouse_finds_nothing_to_mend(
    chromium: Browser, live_processes: LivePortal, tmp_path: Path
) -> None:
    filer = Filer(chromium, live_processes.url, "lighthouse", PHONE)
    to_the_check(filer)
    check = filer.page.url
    step = re.sub("kiem-tra/$", "buoc/ly_do/", check)
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in filer.page.context.cookies())
    pages = {
        "home": f"{live_processes.url}/",
        "sheet": f"{live_processes.url}/thu-tuc/bhxh_mot_lan/",
        "form step": step,
        "check page": check,
        "tracking": f"{live_processes.url}/tra-cuu/",
        "guide": f"{live_processes.url}/huong-dan/bhxh_mot_lan/",
    }
    reports = {name: report_on(url, cookies, tmp_path) for name, url in pages.items()}
    for name, report in reports.items():
        figure("Lighthouse", f"{name:<11} " + "  ".join(cells_of(report)))
    keep_table(reports)
    low = {
        name: lost_on(report)
        for name, report in reports.items()
        if any(mark_of(report, kind) < least for kind, least in LEAST.items())
    }
    assert low == {}


def report_on(url: str, cookies: str, folder: Path) -> dict[str, Any]:
    """What Lighthouse says of a page on a cheap phone with a slow line."""
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookies}), encoding="ascii")
    flags = (
        "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    )
    command = [
        str(TOOL),
        url,
        "--quiet",
        "--output=json",
        f"--extra-headers={headers}",
        f"--chrome-flags={flags}",
    ]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    done = subprocess.run(
        [*command, f"--only-categories={','.join(LEAST)}"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def mark_of(report: dict[str, Any], kind: str) -> float:
    return 100 * float(report["categories"][kind]["score"])


def cells_of(report: dict[str, Any]) -> list[str]:
    """The three marks, then what a person waits for."""
    shown = (str(report["audits"][audit]["displayValue"]).replace("\u00a0", " ") for audit in WAITS)
    return [*(f"{mark_of(report, kind):3.0f}" for kind in LEAST), *shown]


def lost_on(report: dict[str, Any]) -> list[str]:
    """The audits that cost marks."""
    return [
        f"{one['id']} {one['score']} {one.get('displayValue', '')}"
        for one in report["audits"].values()
        if (one["score"] or 1) < 0.9
    ]


def keep_table(reports: dict[str, dict[str, Any]]) -> None:
    """Into the page on speed, in place of the last one."""
    head = ["page", *LEAST, *(audit.replace("-", " ") for audit in WAITS)]
    rows = [[name, *cells_of(report)] for name, report in reports.items()]
    lines = [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows)]
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    table = "\n".join(("", "", *lines, "", ""))
    PAGE.write_text(before + BEGIN + table + END + rest.split(END)[1], encoding="utf-8")
