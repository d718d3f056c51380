"""The guides: there is one for everything, and their pictures show the portal as it is.

``script/guide-pictures`` runs this with PICTURES=1: then the pictures are taken anew instead of judged.
"""

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser

from accounts.models import User
from portal import guides
from portal.words import WORDS, words_in
from procedures import catalogue
from procedures.services.calendar import legal_date
from tests.pages.guide import Shot, shots
from tests.pages.screen import Screen, built_assets

TAKING = os.environ.get("PICTURES") == "1"
PROCEDURES = catalogue.procedures_on(legal_date())
WIDTH, TALLEST = 360, 660  # CSS px
SHARPNESS = 1.5
COLOURS = 16


@pytest.fixture
def cast(contributor: User, pensioner: User, outsider: User, officer: User) -> dict[str, User]:
    site_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    return {"contributor": contributor, "pensioner": pensioner, "outsider": outsider, "officer": officer}


def manifest() -> dict[str, dict[str, Any]]:
    return json.loads(guides.MANIFEST.read_text(encoding="utf-8")) if guides.MANIFEST.is_file() else {}


@pytest.mark.django_db
@pytest.mark.skipif(TAKING, reason="the pictures are being taken")
def test_the_pictures_show_the_portal_as_it_is(cast: dict[str, User]) -> None:
    now = {shot.name: shot.says() for shot in shots(cast)}
    kept = manifest()
    stale = sorted(
        name for name in now.keys() | kept.keys() if kept.get(name, {}).get("says") != now.get(name)
    )
    assert not stale, (
        f"pictures of the guides are out of date: {stale}. script/guide-pictures takes them anew."
    )
    assert {path.stem for path in guides.FOLDER.glob("*.png")} == kept.keys()


def test_a_picture_is_small() -> None:
    heavy = [path.name for path in guides.FOLDER.glob("*.png") if path.stat().st_size > 30_000]
    assert heavy == []


@pytest.mark.django_db
@pytest.mark.browser
@pytest.mark.skipif(not TAKING, reason="script/guide-pictures takes the pictures")
def test_take_the_pictures(chromium: Browser, cast: dict[str, User]) -> None:
    built_assets()
    guides.FOLDER.mkdir(parents=True, exist_ok=True)
    for old in guides.FOLDER.glob("*.png"):
        old.unlink()
    screen = Screen(chromium, WIDTH, sharpness=SHARPNESS)
    facts = {shot.name: take(screen, shot) for shot in shots(cast)}
    screen.close()
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    guides.MANIFEST.write_text(text, encoding="utf-8")
    total = sum(path.stat().st_size for path in guides.FOLDER.glob("*.png"))
    print(f"{len(facts)} pictures, {total // 1024} KB")


def take(screen: Screen, shot: Shot) -> dict[str, object]:
    """The upper part of the page below the header, in few colours: text stays sharp and small."""
    says = shot.says()
    screen.show(shot.html, shot.address)
    screen.page.evaluate("document.fonts.ready")
    box = screen.page.evaluate(
        "(({y, height}) => ({y, height}))(document.querySelector('main').getBoundingClientRect())"
    )
    clip = {"x": 0, "y": box["y"], "width": WIDTH, "height": min(box["height"], TALLEST)}
    shown = Image.open(io.BytesIO(screen.page.screenshot(clip=clip, full_page=True)))
    picture = shown.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    path: Path = guides.FOLDER / f"{shot.name}.png"
    picture.save(path, optimize=True)
    return {"width": picture.width, "height": picture.height, "says": says}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "slug", [*(procedure.code for procedure in PROCEDURES), *(t.slug for t in guides.TOPICS)]
)
def test_there_is_a_guide_for_everything(client: Client, slug: str) -> None:
    page = client.get(f"/huong-dan/{slug}/")
    assert page.status_code == 200
    assert f"/huong-dan/{slug}/" in client.get("/huong-dan/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda procedure: procedure.code)
def test_the_guide_of_a_procedure_says_what_its_definition_says(client: Client, procedure: Any) -> None:
    text = (
        client.get(f"/huong-dan/{procedure.code}/")
        .content.decode()
        .replace("&#x27;", "'")
        .replace("&quot;", '"')
    )
    for step in procedure.steps:
        assert step.title in text
        assert all(question.label in text for question in step.questions)
    assert all(document.name in text for document in procedure.documents)
    assert all(ground.words in text for ground in procedure.refusals)


@pytest.mark.django_db
def test_what_is_no_guide_is_not_found(client: Client) -> None:
    assert client.get("/huong-dan/khong-co/").status_code == 404


def test_a_longer_word_is_not_explained_twice() -> None:
    assert [word.term for word in words_in("Mã số BHXH của ông/bà")] == ["mã số BHXH"]
    assert words_in("Số tài khoản") == []
    assert len({word.term for word in WORDS}) == len(WORDS)
