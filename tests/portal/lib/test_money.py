from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.money import MAX_VND, format_number, format_rate, format_vnd, parse_vnd, vnd_in_words


def test_amounts_and_numbers_are_shown_with_points():
    assert format_vnd(1490000) == "1.490.000 đ"
    assert format_vnd(0) == "0 đ"
    assert format_number(168121) == "168.121"


def test_rates_are_rounded_half_up():
    assert format_rate(Decimal("36.994")) == "36,99%"
    assert format_rate(Decimal("0.125")) == "0,13%"
    assert format_rate(Decimal(100)) == "100,00%"


@pytest.mark.parametrize(
    "raw",
    [
        "1.490.000",
        "1,490,000",
        "1490000 đ",
        "1 490 000",
        "1490000",
        "1.490.000 VNĐ",
        "1490000đ",
        "1.490.000 đồng",
        "1\u00a0490\u00a0000",
    ],
)
def test_amounts_are_read_as_people_write_them(raw):
    assert parse_vnd(raw) == 1490000


@pytest.mark.parametrize(
    "raw",
    ["", "đ", "-1", "−5.000", "1,5", "1.49.000", "1.490,000", "1e9", "NaN", "１２３", "1490000.00",
     "1.490.000,00", "01.490", str(MAX_VND + 1), "9" * 400, "5 triệu", "1..000", "0x10"],
)  # fmt: skip
def test_what_is_ambiguous_or_no_amount_is_refused(raw):
    with pytest.raises(ValueError, match=r"[Ss]ố tiền"):
        parse_vnd(raw)


@given(st.integers(0, MAX_VND))
def test_a_shown_amount_reads_back(amount):
    assert parse_vnd(format_vnd(amount)) == amount


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (105, "Một trăm linh năm đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (1_490_000, "Một triệu bốn trăm chín mươi nghìn đồng"),
        (14_900_000, "Mười bốn triệu chín trăm nghìn đồng"),
        (44_980_714, "Bốn mươi bốn triệu chín trăm tám mươi nghìn bảy trăm mười bốn đồng"),
        (1_000_000_011, "Một tỷ không trăm mười một đồng"),
        (2_500_000_000_000, "Hai nghìn năm trăm tỷ đồng"),
    ],
)
def test_amounts_are_written_in_words(amount, words):
    assert vnd_in_words(amount) == words


@pytest.mark.parametrize("amount", [-1, MAX_VND + 1])
def test_words_have_their_bounds(amount):
    with pytest.raises(ValueError, match="outside"):
        vnd_in_words(amount)
