"""docs/promises.md: every promise and every fault names what shows it, and that is there."""

import re

import pytest

from tests.architecture.places import ROOT, is_there, places_in, words_beside

DOCUMENT = ROOT / "docs" / "promises.md"
WANTED = {"D": 10, "O": 12, "I": 6, "A": 2, "U": 2, "S": 3, "F": 37}
REASON = 40  # letters at least: what isn't shown, and why


def lines() -> list[tuple[str, str, str]]:
    """Name, how far it is met, where."""
    rows = re.findall(r"^\| ([A-Z]\d+) \|(.*)\|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    cells = [(name, [cell.strip() for cell in rest.split("|")]) for name, rest in rows]
    return [(name, how, where) for name, (_what, how, where) in cells]


def test_every_promise_and_every_fault_has_its_line() -> None:
    names = [f"{letter}{number}" for letter, last in WANTED.items() for number in range(1, last + 1)]
    assert [name for name, _, _ in lines()] == names


@pytest.mark.parametrize(("name", "how", "where"), lines())
def test_each_names_what_shows_it(name: str, how: str, where: str) -> None:
    places = places_in(where)
    assert [place for place in places if not is_there(place)] == []
    assert any("::test_" in place or place.startswith("script/") for place in places), (
        "neither test nor command"
    )
    assert how in ("met", "partly")
    if how == "partly":
        assert len(words_beside(where)) > REASON, "it doesn't say what isn't shown"


def test_a_place_that_is_gone_is_found() -> None:
    assert not is_there("tests/architecture/test_promises.py::test_nobody_wrote")
    assert not is_there("docs/nowhere.md")
    assert is_there("tests/architecture/test_promises.py::test_a_place_that_is_gone_is_found")
