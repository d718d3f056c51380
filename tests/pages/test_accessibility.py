"""axe-core finds no violation of WCAG 2.2 AA on any page, and none must be scrolled sideways at 400 % zoom.

In Vietnamese every page is asked of axe; in another language, which changes the words alone, the fullest page
of each route is. Width and focus are looked at on every page in every language: words differ in length.
LOOK=. keeps pictures of each page under var/screenshots/pages, at 360, 768 and 1280 px, dark, and as it prints;
LOOK=portal: of some.
"""

import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Browser

from tests.figures import figure
from tests.pages.screen import Scheme, Screen
from tests.pages.walk import IN_EACH_LANGUAGE, LANGUAGES, Visit, fullest_of_each_route, of_every_shape

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
AXE = (
    "async rules => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']})).violations"
    ".flatMap(({id, help, nodes}) => nodes.map(node => `${id}: ${help}: ${node.html.slice(0, 240)}`))"
)
STICKING_OUT = """width => [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > width + 1).pop()?.outerHTML.slice(0, 200)"""
# Each thing one comes to by Tab, that doesn't show when one is there (2.4.7).
UNSEEN = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter(one => one.tabIndex >= 0 && one.checkVisibility({visibilityProperty: true}))
  .filter(one => {
    one.focus({preventScroll: true});
    const {outlineStyle, outlineWidth} = getComputedStyle(one);
    return document.activeElement === one && (outlineStyle === "none" || parseFloat(outlineWidth) < 2);
  }).map(one => `focus: nothing shows it: ${one.outerHTML.slice(0, 200)}`)"""
ZOOMED = 320  # a screen of 1280 px at 400 %
SHOTS = Path(settings.BASE_DIR) / "var" / "screenshots" / "pages"
LOOKING = os.environ.get("LOOK", "")
LOOKS: dict[str, tuple[int, Scheme]] = {
    "360": (360, "light"),
    "768": (768, "light"),
    "1280": (1280, "light"),
    "dark": (360, "dark"),
}


@pytest.mark.django_db
@IN_EACH_LANGUAGE
def test_no_page_keeps_anybody_out(
    chromium: Browser, walk: Callable[[str], list[Visit]], language: str
) -> None:
    visits = [visit for visit in of_every_shape(walk(language)) if re.search(LOOKING, visit.route)]
    asked = visits if language == LANGUAGES[0] else fullest_of_each_route(visits)
    screens = {scheme: Screen(chromium, ZOOMED, scheme=scheme) for scheme in get_args(Scheme)}
    for screen in screens.values():
        screen.context.add_init_script(f"if (window === top) {{ {AXE_SCRIPT} }}")
    found: Counter[str] = Counter()
    for number, visit in enumerate(visits):
        # Half of the pages in the dark: the colours come from the same tokens.
        screen = screens["dark" if number % 2 else "light"]
        screen.show(visit.html, visit.address)
        for problem in (*(violations_on(screen) if visit in asked else ()), *problems_on(screen)):
            found[f"{visit}: {problem}"] += 1
        if LOOKING:
            screen.page.evaluate("document.activeElement.blur()")
            keep_pictures(screen, visit, number)
    figure(
        "axe-core",
        f"{language}: {len(asked)} of {len(visits)} pages of different shape, {sum(found.values())} violations",
    )
    for screen in screens.values():
        screen.close()
    assert not found, "\n".join(found)


def violations_on(screen: Screen) -> list[str]:
    found: list[str] = screen.page.evaluate(AXE, RULES)
    return found


def problems_on(screen: Screen) -> list[str]:
    page = screen.page
    page.keyboard.press("Tab")  # from here on the focus is that of a keyboard
    found: list[str] = page.evaluate(UNSEEN)
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > ZOOMED:
        found.append(f"reflow: {wide} px wide at {ZOOMED}: {page.evaluate(STICKING_OUT, ZOOMED)}")
    return found


def keep_pictures(screen: Screen, visit: Visit, number: int) -> None:
    name = re.sub(r"[^a-z_]+", "-", f"{visit.route}-{visit.role}{'-sent' if visit.sent else ''}".lower())
    for folder in (*LOOKS, "print"):
        (SHOTS / folder).mkdir(parents=True, exist_ok=True)
    for folder, (width, scheme) in LOOKS.items():
        screen.page.set_viewport_size({"width": width, "height": 780})
        screen.page.emulate_media(color_scheme=scheme)
        screen.page.screenshot(path=SHOTS / folder / f"{number:03d}-{name}.png", full_page=True)
    screen.page.pdf(path=SHOTS / "print" / f"{number:03d}-{name}.pdf", prefer_css_page_size=True)
    screen.page.emulate_media(color_scheme=screen.scheme)
    screen.page.set_viewport_size({"width": ZOOMED, "height": 780})
