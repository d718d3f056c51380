import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.vietnamese import (
    fold,
    format_date,
    format_month,
    gsm7,
    is_person_name,
    nfc_lines,
    nfc_text,
    parse_date,
    parse_month,
)

GSM_SEPTETS = set("\n !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")


def test_text_is_composed_and_trimmed():
    decomposed = unicodedata.normalize("NFD", "  Nguyễn Thị   Hằng ")
    assert nfc_text(decomposed) == "Nguyễn Thị Hằng"


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u202e", "\u2066", "\ufeff", "\x00", "\x07", "\ud800", "\u00ad", "\u3164"]
)
def test_unseen_characters_are_dropped(unseen):
    assert nfc_text(f"Nguy{unseen}ễn") == "Nguyễn"


def test_a_zero_width_character_cannot_keep_a_letter_and_its_mark_apart():
    assert nfc_text("e\u200b\u0302\u0303") == "ễ"


@pytest.mark.parametrize("white", ["\u00a0", "\t", "\r\n", "\u2028", "\u3000"])
def test_any_white_space_becomes_one_space(white):
    assert nfc_text(f"Trần{white}{white}Văn") == "Trần Văn"


def test_lines_stay_lines():
    assert nfc_lines(" một \r\nhai\n\n\n\nba\n") == "một\nhai\n\nba"


@given(st.text())
def test_cleaning_twice_changes_nothing(raw):
    assert nfc_text(nfc_text(raw)) == nfc_text(raw)


def test_search_finds_names_without_marks():
    assert fold("NGUYỄN Văn  Đức") == "nguyen van duc"
    assert fold("hoà") == fold("hòa") == "hoa"
    assert fold("H’Hen Niê") == fold("h'hen nie")


@given(st.text())
def test_folding_twice_changes_nothing(raw):
    assert fold(fold(raw)) == fold(raw)


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Hằng",
        "H'Hen Niê",
        "H’Hen Niê",
        "Y Moan Ênuôl",
        "Đỗ",
        "K'Brửi",
        "Lê-Anh",
        "Trần V. An",
        "An",
    ],
)
def test_names_of_all_peoples_are_names(name):
    assert is_person_name(nfc_text(name))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "A",
        "A" * 101,
        "Nguyễn2",
        "<script>",
        "An;",
        "'An",
        "- -",
        "=cmd|' /C calc'!A0",
        "Аnna",
        "An\n",
        "A" + "\u0301" * 9,
    ],
)
def test_what_is_no_name_is_refused(name):
    assert not is_person_name(name)


def test_a_message_fits_the_cheap_alphabet():
    text = gsm7("Mã xác thực “12345678” — hồ sơ Đỗ Thị Ấm: 1.490.000 đ… [a] {b} ~ 😀")
    assert text == 'Ma xac thuc "12345678" - ho so Do Thi Am: 1.490.000 d... (a) (b) - ?'


@given(st.text())
def test_every_message_fits_the_cheap_alphabet(raw):
    assert set(gsm7(raw)) <= GSM_SEPTETS


@pytest.mark.parametrize(
    "raw", ["1/2/1960", "01-02-1960", "1.2.1960", "01021960", "1960-02-01", " 1 / 2 / 1960 ", "1960/2/1"]
)
def test_dates_are_read_as_people_write_them(raw):
    assert parse_date(raw) == date(1960, 2, 1)


@pytest.mark.parametrize(
    "raw",
    ["", "1/2", "1/2/60", "29/02/2019", "31/04/2019", "1/13/2019", "0/1/2019", "1/2-1960", "１/2/1960",
     "١/٢/١٩٦٠", "1/2/1899", "1/2/2999", "20190132", "1e3", "1/2/1960; drop"],
)  # fmt: skip
def test_what_is_no_date_is_refused_in_vietnamese(raw):
    with pytest.raises(ValueError, match=r"[Nn]gày|[Nn]ăm|[Tt]háng"):
        parse_date(raw)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_shown_date_reads_back(day):
    assert parse_date(format_date(day)) == day
    assert parse_month(format_month(day)) == day.replace(day=1)


@pytest.mark.parametrize("raw", ["3/2015", "03-2015", "2015-03", "032015", "3.2015", "03 / 2015"])
def test_months_are_read_as_people_write_them(raw):
    assert parse_month(raw) == date(2015, 3, 1)


@pytest.mark.parametrize("raw", ["", "13/2015", "0/2015", "3/15", "2015", "３/2015", "1/3/2015"])
def test_what_is_no_month_is_refused(raw):
    with pytest.raises(ValueError, match=r"[Tt]háng|[Nn]ăm"):
        parse_month(raw)
