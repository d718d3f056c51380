"""axe-core finds no violation of WCAG 2.2 AA on any page, and none must be scrolled sideways at 400 % zoom.

LOOK=. keeps a picture of each page at 360, 768 and 1280 px under var/screenshots/pages; LOOK=portal: of some.
"""

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Browser

from accounts.models import User
from tests.architecture.test_isolation import Ground
from tests.figures import figure
from tests.pages.screen import Screen
from tests.pages.walk import LANGUAGES, Visit, every_page

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
AXE = (
    "async rules => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']})).violations"
    ".flatMap(({id, help, nodes}) => nodes.map(node => `${id}: ${help}: ${node.html.slice(0, 240)}`))"
)
STICKING_OUT = """width => [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > width + 1).pop()?.outerHTML.slice(0, 200)"""
ZOOMED = 320  # a screen of 1280 px at 400 %
SHOTS = Path(settings.BASE_DIR) / "var" / "screenshots" / "pages"
LOOKING = os.environ.get("LOOK", "")


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_keeps_anybody_out(
    chromium: Browser, people: dict[str, User | None], ground: Ground, language: str
) -> None:
    visits = [visit for visit in every_page(people, ground, language) if re.search(LOOKING, visit.route)]
    screens = {scheme: Screen(chromium, ZOOMED, scheme=scheme) for scheme in ("light", "dark")}
    found: Counter[str] = Counter()
    for number, visit in enumerate(visits):
        # Half of the pages in the dark: the colours come from the same tokens.
        screen = screens["dark" if number % 2 else "light"]
        screen.show(visit.html, visit.address)
        for problem in problems_on(screen):
            found[f"{visit}: {problem}"] += 1
        if LOOKING:
            keep_pictures(screen, visit, number)
    figure(
        "axe-core", f"{language}: {len(visits)} pages of different shape, {sum(found.values())} violations"
    )
    for screen in screens.values():
        screen.close()
    assert not found, "\n".join(found)


def problems_on(screen: Screen) -> list[str]:
    page = screen.page
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(AXE, RULES)
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > ZOOMED:
        found.append(f"reflow: {wide} px wide at {ZOOMED}: {page.evaluate(STICKING_OUT, ZOOMED)}")
    return found


def keep_pictures(screen: Screen, visit: Visit, number: int) -> None:
    name = re.sub(r"[^a-z_]+", "-", f"{visit.route}-{visit.role}{'-sent' if visit.sent else ''}".lower())
    for width in (360, 768, 1280):
        screen.page.set_viewport_size({"width": width, "height": 780})
        folder = SHOTS / str(width)
        folder.mkdir(parents=True, exist_ok=True)
        screen.page.screenshot(path=folder / f"{number:03d}-{name}.png", full_page=True)
    screen.page.set_viewport_size({"width": ZOOMED, "height": 780})
