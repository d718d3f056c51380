from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib import identifiers
from portal.lib.identifiers import (
    IdentityKind,
    Sex,
    bank_account,
    bhxh_number,
    cccd_birth_year_and_sex,
    check_character,
    group_activation_code,
    identity_number,
    mask_account,
    mask_email,
    mask_phone,
    mobile_phone,
    new_activation_code,
    normalise_activation_code,
    parse_reference,
    reference,
)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCES = st.builds(
    reference,
    st.integers(0, 999).map("{:03d}".format),
    st.dates(date(2019, 1, 1), date(2099, 12, 31)),
    st.integers(1, 999_999),
)


def test_a_bhxh_number_keeps_its_leading_zero():
    assert bhxh_number(" 0116 123 456 ") == "0116123456"


@pytest.mark.parametrize(
    "raw", ["", "123456789", "12345678901", "０１１６１２３４５６", "GD47912345", "٠١١٦١٢٣٤٥٦"]
)
def test_what_is_no_bhxh_number_is_refused(raw):
    with pytest.raises(ValueError, match="10 chữ số"):
        bhxh_number(raw)


@pytest.mark.parametrize(
    ("raw", "kind", "number"),
    [
        ("012 345 678", IdentityKind.CMND, "012345678"),
        ("001060012345", IdentityKind.CCCD, "001060012345"),
        ("b1234567", IdentityKind.PASSPORT, "B1234567"),
    ],
)
def test_identity_papers_are_told_by_their_shape(raw, kind, number):
    assert identity_number(raw) == (kind, number)


@pytest.mark.parametrize("raw", ["", "1234567890", "BB123456", "00106001234５", "Đ1234567"])
def test_what_is_no_identity_number_is_refused(raw):
    with pytest.raises(ValueError, match="CMND"):
        identity_number(raw)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("001060012345", (1960, Sex.MALE)),
        ("079185012345", (1985, Sex.FEMALE)),
        ("096301012345", (2001, Sex.FEMALE)),
    ],
)
def test_a_cccd_tells_birth_year_and_sex(number, expected):
    assert cccd_birth_year_and_sex(number) == expected


@pytest.mark.parametrize("number", ["000060012345", "097060012345", "12345678901", "101060012345"])
def test_a_cccd_of_no_place_is_refused(number):
    with pytest.raises(ValueError, match="CCCD"):
        cccd_birth_year_and_sex(number)


@pytest.mark.parametrize(
    "raw",
    ["0912345678", "+84912345678", "084912345678", "84912345678", "+84 (0) 912 345 678", "0912.345.678",
     "0912-345-678", "0084912345678", " 0912 345 678 ", "0912–345–678"],
)  # fmt: skip
def test_a_mobile_number_has_one_form(raw):
    assert mobile_phone(raw) == "0912345678"


def test_a_number_that_begins_with_084_is_a_number():
    assert mobile_phone("0841234567") == "0841234567"
    assert mobile_phone("0842345678") == mobile_phone("+84842345678")


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "912345678",
        "091234567",
        "09123456789",
        "+85512345678",
        "０９１２３４５６７８",
        "0012345678",
        "113",
        "0243 775 3944",
    ],
)
def test_what_is_no_mobile_number_is_refused(raw):
    with pytest.raises(ValueError, match="10 chữ số"):
        mobile_phone(raw)


def test_an_eleven_digit_number_of_old_is_explained():
    with pytest.raises(ValueError, match="2018"):
        mobile_phone("01681234567")


def test_account_numbers_lose_their_spaces():
    assert bank_account("0123 4567-89ab") == "0123456789AB"


@pytest.mark.parametrize("raw", ["", "12345", "1" * 20, "12345６", "Vietcombank 0123456789012", "12345đ"])
def test_what_is_no_account_is_refused(raw):
    with pytest.raises(ValueError, match="tài khoản"):
        bank_account(raw)


def test_a_reference_looks_as_agreed():
    made = reference("079", date(2019, 8, 20), 1)
    assert made[:-1] == "DEMO-079-190820-0001-"
    assert str(parse_reference(made)) == made


@given(REFERENCES)
def test_a_reference_is_read_however_it_is_typed(made):
    for typed in (
        made,
        made.lower(),
        made.replace("-", ""),
        made.replace("-", " "),
        f" {made.replace('0', 'O')} ",
    ):
        assert str(parse_reference(typed)) == made


@given(REFERENCES, st.data())
def test_one_wrong_character_is_noticed(made, data):
    bare = made.replace("-", "")
    place = data.draw(st.integers(4, len(bare) - 1))
    wrong = data.draw(st.sampled_from([char for char in ALPHABET if char != bare[place]]))
    with pytest.raises(ValueError, match="Mã hồ sơ"):
        parse_reference(bare[:place] + wrong + bare[place + 1 :])


@given(REFERENCES, st.data())
def test_two_swapped_characters_are_noticed(made, data):
    bare = made.replace("-", "")
    place = data.draw(st.integers(4, len(bare) - 2))
    swapped = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
    if swapped != bare:
        with pytest.raises(ValueError, match="Mã hồ sơ"):
            parse_reference(swapped)


@given(st.text())
def test_nothing_else_is_a_reference(raw):
    with pytest.raises(ValueError, match="Mã hồ sơ"):
        parse_reference(raw)


@pytest.mark.parametrize(
    ("office", "day", "sequence"),
    [
        ("79", date(2019, 8, 20), 1),
        ("０79", date(2019, 8, 20), 1),
        ("079", date(2019, 8, 20), 0),
        ("079", date(1999, 1, 1), 1),
    ],
)
def test_a_reference_is_not_made_of_nonsense(office, day, sequence):
    with pytest.raises(ValueError, match=r"office code|out of range"):
        reference(office, day, sequence)


def test_an_activation_code_is_read_from_paper():
    code = new_activation_code()
    shown = group_activation_code(code)
    assert [len(group) for group in shown.split("-")] == [4, 4, 4, 2]
    for typed in (shown, shown.lower(), shown.replace("-", " "), shown.replace("0", "O").replace("1", "l")):
        assert normalise_activation_code(typed) == code


def test_activation_codes_hold_sixty_five_bits():
    assert len(new_activation_code()) == 14
    assert len({new_activation_code() for _ in range(1000)}) == 1000


@given(st.text(ALPHABET, min_size=13, max_size=13), st.data())
def test_a_slip_in_an_activation_code_is_noticed(random, data):
    code = random + check_character(random)
    assert normalise_activation_code(code) == code
    place = data.draw(st.integers(0, 13))
    wrong = data.draw(st.sampled_from([char for char in ALPHABET if char != code[place]]))
    with pytest.raises(ValueError, match="gõ nhầm"):
        normalise_activation_code(code[:place] + wrong + code[place + 1 :])
    place = min(place, 12)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        with pytest.raises(ValueError, match="gõ nhầm"):
            normalise_activation_code(swapped)


@pytest.mark.parametrize("raw", ["", "UUUU-UUUU-UUUU-UU", "０" * 14, "0" * 13, "0" * 15])
def test_what_is_no_activation_code_is_refused(raw):
    with pytest.raises(ValueError, match="Mã kích hoạt"):
        normalise_activation_code(raw)


def test_masks_show_just_enough():
    assert mask_phone("0912345678") == "09•••••678"
    assert mask_email("nguyenvana@example.vn") == "ng•••@example.vn"
    assert mask_email("an@example.vn") == "a•••@example.vn"
    assert mask_account("0123456789") == "••••6789"
    assert (mask_phone("113"), mask_email("x"), mask_account("123")) == ("•••", "•••", "••••")


def test_the_alphabet_has_no_look_alikes():
    assert ALPHABET == identifiers.CROCKFORD
    assert not set("ILOU") & set(ALPHABET)
