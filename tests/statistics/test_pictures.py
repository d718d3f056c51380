"""Pictures: drawn on the server from the table, told apart without colour, readable as a table."""

import itertools
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.test import Client

from accounts.models import Office, User
from portal.statistics.pictures import STEPS, bars_of, step_of, tile_map
from portal.statistics.trends import trend_of
from procedures.selectors.statistics.extent import ANNEX, Level
from procedures.selectors.statistics.places import all_offices
from procedures.selectors.statistics.table import rate_table

pytestmark = pytest.mark.django_db

PAGE = "/ty-le/bieu-do/"
PERIOD = {"tu": "01/01/2019", "den": "31/08/2019"}


def page_of(hq: User, **query: str) -> str:
    client = Client()
    client.force_login(hq)
    response = client.get(PAGE, {**PERIOD, **query})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("annex_counts")
def test_every_province_has_one_tile_of_its_own() -> None:
    drawn = tile_map(rate_table(ANNEX), all_offices())
    assert len({(tile.x, tile.y) for tile in drawn.tiles}) == 63
    hanoi = next(tile for tile in drawn.tiles if tile.words == ("Hà", "Nội"))
    assert (hanoi.rate, hanoi.step) == ("0,00%", "0")


@pytest.mark.usefixtures("annex_counts")
def test_by_region_every_tile_has_the_rate_of_its_region() -> None:
    drawn = tile_map(rate_table(ANNEX.at_level(Level.REGION)), all_offices())
    assert len({tile.rate for tile in drawn.tiles}) == 6


@pytest.mark.parametrize(
    ("rate", "step"), [("0", "0"), ("19.99", "0"), ("20", "1"), ("79.99", "3"), ("80", "4"), ("100", "4")]
)
def test_shades_begin_at_round_rates(rate: str, step: str) -> None:
    assert step_of(Decimal(rate)) == step


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_shades_are_told_apart_by_lightness_and_their_ink_can_be_read(settings: object) -> None:
    css = (settings.BASE_DIR / "static/portal/statistics.css").read_text()  # type: ignore[attr-defined]
    tokens = dict(
        line.strip().rstrip(";").split(": ")
        for line in css.splitlines()
        if line.strip().startswith("--rate-")
    )
    shades = [luminance(tokens[f"--rate-{step}"]) for step in range(len(STEPS) + 1)]
    assert shades == sorted(shades, reverse=True)
    for lighter, darker in itertools.pairwise(shades):
        assert (lighter + 0.05) / (darker + 0.05) > 1.4
    for step, shade in enumerate(shades):
        ink = luminance("#ffffff" if step > 2 else tokens["--rate-ink"])
        assert (max(shade, ink) + 0.05) / (min(shade, ink) + 0.05) >= 4.5


@pytest.mark.usefixtures("annex_counts")
def test_bars_are_ranked_and_a_target_marks_who_is_below() -> None:
    bars = bars_of(rate_table(ANNEX), Decimal(50))
    assert bars[0].name == "BHXH Tp. Hồ Chí Minh"
    assert [bar.rate for bar in bars][-1] == "0,00%"
    assert sum(bar.is_below for bar in bars) == 37


@pytest.mark.usefixtures("annex_counts")
def test_the_drawings_are_whole_svg_without_script_or_style(hq: User) -> None:
    page = page_of(hq, co_quan="binh-duong")
    drawings = page.count("<svg")
    for start in range(drawings):
        piece = page.split("<svg")[start + 1].split("</svg>")[0]
        ElementTree.fromstring(f"<svg{piece}</svg>")
        assert "style=" not in piece
        assert "script" not in piece
    assert drawings > 60
    assert "22,35%" in page


@pytest.mark.usefixtures("annex_counts")
def test_the_line_of_months_is_a_table_too(hq: User) -> None:
    trend = trend_of([("Toàn quốc", rate_table(ANNEX.at_level(Level.MONTH)))])
    assert len(trend.rows) == len(trend.curves[0].points) == 8
    html = render_to_string("statistics/trend.html", {"trend": trend, "title": "Theo tháng"})
    assert "Tháng 08/2019" in html


def test_a_period_without_dossiers_draws_an_empty_map(offices: dict[str, Office], hq: User) -> None:
    page = page_of(hq, tu="01/01/2015", den="31/01/2015", co_quan="khong-co")
    assert page.count("tile rate-none") == 63
