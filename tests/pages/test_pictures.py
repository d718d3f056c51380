"""The pictures of the rates as people meet them: colour-blind, on grey paper, read aloud."""

import io
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator

from accounts.models import User
from procedures.selectors.statistics.extent import ANNEX
from procedures.selectors.statistics.table import rate_table
from tests.pages.screen import Scheme, Screen, built_assets
from tests.pages.test_accessibility import LOOKING, SHOTS
from tests.statistics.conftest import annex_counts
from tests.statistics.test_pictures import luminance, page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

__all__ = ["annex_counts"]
# As Chromium imitates them; the last is what a black and white printer makes of it, too.
EYES = ("none", "protanopia", "deuteranopia", "tritanopia", "achromatopsia")
DESK, PHONE = 1280, 360


def keep(screen: Screen, what: str) -> None:
    """LOOK=. keeps what is seen beside the pictures of test_accessibility."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    screen.page.screenshot(path=SHOTS / f"eyes-{what}.png", full_page=True)
    screen.page.pdf(path=SHOTS / "eyes-print.pdf", prefer_css_page_size=True)


@pytest.fixture
def drawn(hq: User, annex_counts: None) -> str:
    built_assets()
    return page_of(hq, co_quan="binh-duong")


def shown(browser: Browser, html: str, width: int, scheme: Scheme = "light") -> Screen:
    screen = Screen(browser, width, scheme=scheme)
    screen.show(html, "/ty-le/bieu-do/")
    return screen


def colour_of(place: Locator) -> str:
    """What is in the middle of it, as #rrggbb."""
    picture = Image.open(io.BytesIO(place.screenshot())).convert("RGB")
    pixel = picture.getpixel((picture.width // 2, picture.height // 2))
    return "#" + "".join(f"{part:02x}" for part in pixel)  # type: ignore[union-attr]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_shades_are_told_apart_by_every_eye(chromium: Browser, drawn: str, scheme: Scheme) -> None:
    screen = shown(chromium, drawn, DESK, scheme)
    session = screen.context.new_cdp_session(screen.page)
    steps = [screen.page.locator(f".tile-map .tile-legend .rate-{step}") for step in range(5)]
    for eyes in EYES:
        session.send("Emulation.setEmulatedVisionDeficiency", {"type": eyes})
        if LOOKING:
            keep(screen, f"{scheme}-{eyes}")
        shades = [colour_of(step) for step in steps]
        for one, next_one in itertools.pairwise(shades):
            assert contrast(one, next_one) > 1.3, f"{eyes}: {one} and {next_one}"
    screen.close()


def test_no_picture_tells_anything_by_colour_alone(chromium: Browser, drawn: str) -> None:
    screen = shown(chromium, drawn, DESK)
    page = screen.page
    dashes = [
        curve.evaluate("curve => getComputedStyle(curve).strokeDasharray")
        for curve in page.locator(".trend > svg .curve").all()
    ]
    assert len(set(dashes)) == 2, "a line is whole, the other broken"
    for shape in ("circle", "rect"):
        assert page.locator(f".trend > svg {shape}.point").count()
    tiles = page.locator(".tile-map .tile")
    assert tiles.count() == 63
    assert all("%" in tile for tile in tiles.all_text_contents()), "every tile says its rate"
    screen.close()


def below(nodes: dict[str, dict[str, Any]], node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in node.get("childIds", ()):
        if child in nodes:
            yield nodes[child]
            yield from below(nodes, nodes[child])


def role(node: dict[str, Any]) -> str:
    return str(node.get("role", {}).get("value"))


def name(node: dict[str, Any]) -> str:
    return str(node.get("name", {}).get("value", ""))


def read_aloud(screen: Screen, caption: str) -> list[list[str]]:
    """The rows of a table as a screen reader is given them."""
    tree = screen.context.new_cdp_session(screen.page).send("Accessibility.getFullAXTree")
    nodes = {node["nodeId"]: node for node in tree["nodes"]}
    table = next(node for node in nodes.values() if role(node) == "table" and caption in name(node))
    rows = [node for node in below(nodes, table) if role(node) == "row"]
    parts = ("rowheader", "columnheader", "cell", "gridcell")
    return [[name(cell) for cell in below(nodes, row) if role(cell) in parts] for row in rows]


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_pictures_are_read_aloud_as_tables(chromium: Browser, drawn: str, width: int) -> None:
    screen = shown(chromium, drawn, width)
    head, *ranked = read_aloud(screen, "Xếp hạng")
    assert head == ["Cơ quan", "Tỷ lệ"]
    rates = {row.figures[1]: row.figures[-1] for row in rate_table(ANNEX).rows}
    assert dict(ranked) == rates
    head, *months = read_aloud(screen, "theo tháng")
    assert len(months) == 8
    assert all(len(row) == len(head) for row in months)
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
    screen.close()
