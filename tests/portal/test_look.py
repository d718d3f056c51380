"""The look holds together: contrast, weight, one stylesheet, components that say what they take."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation
from fontTools.ttLib import TTFont

from portal.assets import STYLESHEET, build_assets, trim
from portal.templatetags.portal import errors_of, file_size, number, rate, relative, vn_date, vnd

pytestmark = pytest.mark.django_db  # each request tells PostgreSQL who asks, that of a visitor too

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if not {"notices", "documents"} & set(path.parts)]
SHEET = (ROOT / "static/portal/portal.css").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _vietnamese(client: Client) -> Any:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "vi"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is missing
    with translation.override("vi"):
        yield


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


# --- colours --------------------------------------------------------------------------------------


def tokens(scheme: str) -> dict[str, str]:
    light, dark = SHEET.split("prefers-color-scheme: dark", 1)
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", dark.split("\n}\n", 1)[0]))
    return found


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(char * 2 for char in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = ("page", "surface", "tint")
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "link", "bad", "good", "warn") for ground in GROUNDS],
    *[("ink", ground) for ground in ("accent-tint", "good-tint", "warn-tint", "bad-tint")],
    *[("link", ground) for ground in ("accent-tint", "good-tint", "warn-tint", "bad-tint")],
    *[("good", "good-tint"), ("warn", "warn-tint"), ("bad", "bad-tint"), ("ink-soft", "accent-tint")],
    *[("on-accent", "accent"), ("on-accent", "accent-dark"), ("on-head", "head")],
]
PARTS = [(part, ground) for part in ("line-strong", "focus", "link", "bad") for ground in GROUNDS]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pair", "least"), [(pair, 4.5) for pair in TEXT] + [(pair, 3) for pair in PARTS])
def test_colours_can_be_told_apart(scheme: str, pair: tuple[str, str], least: float) -> None:
    known = tokens(scheme)
    # Buttons of a darker tone only in light: dark mode brightens on hover, with bold letters of 17 px and more.
    least = 3 if (scheme, pair) == ("dark", ("on-accent", "accent-dark")) else least
    assert contrast(known[pair[0]], known[pair[1]]) >= least, f"{pair} {scheme}"


# --- templates ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_page_has_styles_or_scripts_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_fits_on_a_few_screens(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates/components").glob("*.html")), ids=lambda path: path.stem
)
def test_a_component_says_first_what_it_takes(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert re.match(rf"\{{# {path.stem}: .+ #\}}", first)


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_with_a_form_has_an_error_summary(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # A part that is included has its summary at the top of the page that includes it.
    if "{% extends" in text and re.search(r"{% crispy (?!field)|\|crispy", text):
        assert "components/error_summary.html" in text, "crispy itself shows no messages of the whole form"


def test_the_stylesheet_loads_nothing_from_elsewhere() -> None:
    assert all(url.startswith('"data:') for url in re.findall(r"url\((.{6})", SHEET))


# --- what is built from wheels --------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("built")
    build_assets(target, [ROOT / "templates", ROOT / "static"])
    return target


def test_building_twice_does_nothing_the_second_time(built: Path) -> None:
    assert build_assets(built, [ROOT / "templates", ROOT / "static"]) == []


def test_the_font_has_every_vietnamese_letter(built: Path) -> None:
    letters = "ăâđêôơưĂÂĐÊÔƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA))) + "“”–…₫×·"
    for font in (built / "fonts").glob("*.woff2"):
        with TTFont(font) as face:
            assert not [char for char in letters if ord(char) not in face.getBestCmap()]


def test_a_first_visit_is_light(built: Path, client: Client) -> None:
    fonts = sum(font.stat().st_size for font in (built / "fonts").glob("*.woff2"))
    texts = [built / STYLESHEET, *(ROOT / "static/portal").glob("*.*")]
    rest = sum(len(brotli.compress(path.read_bytes())) for path in texts)
    page = len(client.get("/").content)
    print(f"first visit: fonts {fonts}, styles and scripts {rest}, page {page} (not compressed)")
    assert fonts < 50_000
    assert fonts + rest + page < 100_000
    assert page < 25_000


def test_rules_no_page_uses_are_left_out() -> None:
    css = (
        ":root{--a:1}.btn:not(.active){color:red}.carousel,.btn+.card{top:0}@media print{.card{left:0}}"
        '.row{background:url("data:x,{}")}@keyframes spin{0%{top:0}}@keyframes turn{0%{top:0}}'
        ".btn{animation:turn 1s}"
    )
    assert trim(css, frozenset({"btn", "row"})) == (
        ':root{--a:1}.btn:not(.active){color:red}.row{background:url("data:x,{}")}'
        "@keyframes turn{0%{top:0}}.btn{animation:turn 1s}"
    )


# --- pages ----------------------------------------------------------------------------------------


def test_home_shows_every_procedure_in_the_words_people_use(client: Client) -> None:
    page = client.get("/")
    assert len(page.context["procedures"]) == 7
    for procedure in page.context["procedures"]:
        assert procedure.plain_name in page.content.decode()
        assert procedure.name in page.content.decode()


@pytest.mark.parametrize("words", ["tu tuat", "TỬ TUẤT", "tử  tuất"])
def test_a_procedure_is_found_without_accents(client: Client, words: str) -> None:
    assert "tu_tuat" in [procedure.code for procedure in client.get("/", {"q": words}).context["procedures"]]


def test_words_nobody_knows_still_show_everything(client: Client) -> None:
    page = client.get("/", {"q": "<b>xyz"})
    assert len(page.context["procedures"]) == 7
    assert "Không thấy việc nào như vậy" in page.content.decode()
    assert "<b>xyz" not in page.content.decode()


@pytest.mark.parametrize("path", ["/", "/huong-dan/"])
def test_every_page_says_it_is_a_prototype_and_which_rules_it_follows(client: Client, path: str) -> None:
    text = " ".join(client.get(path).content.decode().split())
    assert "không phải dịch vụ chính thức của BHXH Việt Nam" in text
    assert '<span class="nowrap">20/8/2019</span>' in text


@pytest.mark.parametrize(("demo", "code"), [(True, 200), (False, 404)])
def test_the_style_page_is_for_the_demo(client: Client, settings: Any, demo: bool, code: int) -> None:
    settings.DEMO, settings.DEBUG = demo, False
    assert client.get("/giao-dien/").status_code == code
    assert client.get("/giao-dien/?can-bo").status_code == code


# The frame of every page shows these.
IN_THE_FRAME = {"site_head", "site_foot", "note_strip", "messages", "htmx", "language_switch"}


@pytest.mark.parametrize(
    "name", sorted({path.stem for path in (ROOT / "templates/components").glob("*.html")} - IN_THE_FRAME)
)
def test_the_style_page_shows_every_component(client: Client, settings: Any, name: str) -> None:
    settings.DEMO = True
    shown = {template.name for template in client.get("/giao-dien/").templates}
    assert f"components/{name}.html" in shown, "add it to templates/portal/style/, in every state it has"


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_needs_nothing(name: str) -> None:
    assert "<h1>" in render_to_string(name)


# --- fields ---------------------------------------------------------------------------------------


class ClaimForm(forms.Form):
    name = forms.CharField(label="Họ và tên", help_text="Như trong sổ.")
    note = forms.CharField(label="Ghi chú", required=False)
    reason = forms.ChoiceField(
        label="Lý do", choices=[("a", "Đủ tuổi"), ("b", "Định cư")], widget=forms.RadioSelect
    )


def shown(form: forms.BaseForm) -> str:
    page = Template(
        '{% load crispy_forms_tags %}{% include "components/error_summary.html" %}{{ form|crispy }}'
    )
    return " ".join(page.render(Context({"form": form})).split())


def test_only_what_may_be_left_empty_is_marked() -> None:
    html = shown(ClaimForm())
    assert html.count("(không bắt buộc)") == 1
    assert "*" not in html


def test_a_wrong_field_is_tied_to_its_hint_and_message() -> None:
    html = shown(ClaimForm({"note": "x"}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index('id="id_name_helptext"') < html.index('id="id_name_error"') < html.index('name="name"')


def test_the_error_summary_leads_to_the_first_radio() -> None:
    html = shown(ClaimForm({"note": "x"}))
    assert 'href="#id_name"' in html
    assert 'href="#id_reason_0"' in html
    assert 'id="id_reason_0"' in html


def test_the_error_summary_covers_every_form_of_a_formset() -> None:
    rows = forms.formset_factory(ClaimForm, min_num=2, validate_min=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "A", "form-0-reason": "a"}
    found = errors_of(rows({**data, "form-1-note": "x"}))
    assert [error.target for error in found if error.target] == ["id_form-1-name", "id_form-1-reason_0"]


def test_a_fresh_form_has_no_error_summary() -> None:
    assert "error-summary" not in shown(ClaimForm())


# --- filters and tags -----------------------------------------------------------------------------


def test_money_rates_and_numbers_read_as_people_here_write_them() -> None:
    assert vnd(1_490_000) == "1.490.000\u00a0đ"
    assert vnd(None) == ""
    assert rate(Decimal("36.994")) == "36,99%"
    assert rate(None) == "–"
    assert number(168121) == "168.121"
    assert number(Decimal("1234.5")) == "1.234,5"
    assert file_size(2_411_724) == "2,4\u00a0MB"
    assert file_size(300) == "1\u00a0KB"


def test_dates_read_the_same_from_every_source() -> None:
    assert vn_date(date(2019, 8, 20)) == vn_date("2019-08-20") == "20/08/2019"
    late_in_utc = datetime.fromisoformat("2019-08-19T18:30:00+00:00")
    assert vn_date(late_in_utc) == "20/08/2019"
    assert vn_date(None) == vn_date("") == ""


@pytest.mark.parametrize(
    ("before", "words"),
    [({"seconds": 5}, "vừa xong"), ({"minutes": 5}, "5 phút trước"), ({"days": 3}, "3 ngày trước")],
)
def test_times_read_from_now(before: dict[str, int], words: str) -> None:
    assert relative(timezone.now() - timedelta(**before)) == words


def test_a_page_that_does_not_exist_yet_leaves_no_hole() -> None:
    page = Template(
        "{% url_or_none 'nowhere:nothing' as u %}[{{ u }}]{% nav_link 'nowhere:nothing' 'Không' %}"
    )
    assert page.render(Context({})) == "[]"


def test_a_name_is_escaped_in_the_header() -> None:
    user = SimpleNamespace(is_authenticated=True, is_citizen=True, full_name="<b>H'Hen</b>")
    html = render_to_string("components/site_head.html", {"user": user})
    assert "&lt;b&gt;H&#x27;Hen&lt;/b&gt;" in html
