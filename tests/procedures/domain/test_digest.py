"""The digest a transaction code is bound to."""

import json
import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.digests import short_digest
from procedures.domain.digest import canonical, digest

PHOTO, SCAN = "a" * 64, "b" * 64

CONTENT: dict[str, Any] = {
    "procedure_code": "bhxh_mot_lan",
    "edition": "2019",
    "answers": {"full_name": "Nguyễn Văn An", "history": [{"from_month": "2018-01"}], "count": 3},
    "office_key": "ha-noi",
    "filer_id": "6a0e",
    "attachments": [("so_bhxh", PHOTO), ("chung_tu", SCAN)],
    "to_follow": ["ho_khau"],
}


def test_the_canonical_bytes_are_sorted_compact_utf8() -> None:
    text = canonical(**CONTENT).decode()
    assert text.startswith('{"answers":{"count":3,"full_name":"Nguyễn Văn An"')
    assert json.loads(text)["attachments"] == [["chung_tu", SCAN], ["so_bhxh", PHOTO]]
    assert ", " not in text


def test_the_digest_is_pinned() -> None:
    """A changed spelling would void every code that is on its way: change FORMAT with it."""
    assert digest(**CONTENT) == "c72cb28efb810769dd3fa322ae2587872ee7f805653675a2487984797a19407a"


@pytest.mark.parametrize(
    "change",
    [
        {"procedure_code": "tu_tuat"},
        {"edition": "2025"},
        {"answers": {"full_name": "Nguyễn Văn Ân"}},
        {"answers": {**CONTENT["answers"], "count": "3"}},
        {"answers": {**CONTENT["answers"], "count": True}},
        {"office_key": "ha-nam"},
        {"filer_id": "6a0f"},
        {"attachments": [("so_bhxh", PHOTO), ("chung_tu", PHOTO)]},
        {"attachments": [("so_bhxh", PHOTO)]},
        {"attachments": [("so_bhxh", PHOTO), ("so_bhxh", PHOTO), ("chung_tu", SCAN)]},
        {"to_follow": []},
    ],
)
def test_any_change_gives_another_digest(change: dict[str, Any]) -> None:
    assert digest(**{**CONTENT, **change}) != digest(**CONTENT)


def test_order_and_keyboard_do_not_matter() -> None:
    answers = dict(reversed(CONTENT["answers"].items()))
    answers["full_name"] = unicodedata.normalize("NFD", answers["full_name"])
    again = {**CONTENT, "answers": answers, "attachments": CONTENT["attachments"][::-1]}
    assert digest(**again) == digest(**CONTENT)


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), date(2019, 8, 20), b"x", {1: "x"}, {"a", "b"}, object()]
)
def test_what_has_no_single_spelling_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(**{**CONTENT, "answers": {"x": value}})


def test_two_spellings_of_one_key_are_refused() -> None:
    composed, decomposed = "é", unicodedata.normalize("NFD", "é")
    with pytest.raises(ValueError, match="Two keys"):
        canonical(**{**CONTENT, "answers": {composed: 1, decomposed: 2}})


@pytest.mark.parametrize("sha256", ["", "A" * 64, "a" * 63, "g" * 64])
def test_an_attachment_needs_a_sha256(sha256: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        canonical(**{**CONTENT, "attachments": [("so_bhxh", sha256)]})


def test_half_a_character_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        canonical(**{**CONTENT, "answers": {"x": "\ud800"}})


def test_the_short_digest_is_eight_characters_without_lookalikes() -> None:
    assert short_digest("0" * 64) == "0000-0000"
    assert short_digest("f" * 64) == "ZZZZ-ZZZZ"
    assert short_digest("0123456789" + "0" * 54) == "04HM-ASW9"


@given(st.binary(min_size=32, max_size=32))
def test_the_short_digest_follows_the_first_forty_bits(raw: bytes) -> None:
    short = short_digest(raw.hex())
    assert len(short) == 9
    assert not set("ILOU") & set(short)
    assert short == short_digest(raw[:5].hex() + "0" * 54)


@pytest.mark.parametrize("wrong", ["", "xyz", "A" * 64])
def test_only_a_digest_can_be_shortened(wrong: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        short_digest(wrong)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
    max_leaves=10,
)


@given(value=JSON)
def test_stored_and_read_again_a_dossier_keeps_its_digest(value: Any) -> None:
    stored = json.loads(json.dumps({"x": value}))
    assert canonical(**{**CONTENT, "answers": {"x": value}}) == canonical(**{**CONTENT, "answers": stored})
