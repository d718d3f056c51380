"""Numbers that name people, dossiers and codes: reading them as typed, one canonical form each,
and showing them without giving them away.

Every reader takes what was typed and returns the canonical form, or raises ValueError with a
Vietnamese message that says what is expected. Shapes: mã số BHXH has 10 digits and no check digit;
CMND 9, CCCD 12 digits (Decree 137/2015); account numbers 6-19 characters without a public check.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from portal.lib.vietnamese import nfc_text

# Of every dossier reference; says that this is a prototype and no agency's own number.
REFERENCE_PREFIX = "DEMO"

# Crockford's base 32: no I, L, O or U, so that a code survives the telephone.
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {char: value for value, char in enumerate(CROCKFORD)}
_READ_AS = str.maketrans("OIL", "011")
_FILLERS = re.compile(r"[ .()/-]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−_", "-"))

_PHONE = re.compile(r"(?:\+84|0084|084|84)?0?([1-9][0-9]{8})")
_OLD_PHONE = re.compile(r"01[0-9]{9}")
_CCCD = re.compile(r"(0[0-9]{2})([0-9])([0-9]{2})[0-9]{6}")
_REFERENCE = re.compile(r"DEM[O0](.{3})(.{6})(.{4,6})(.)")
_ACTIVATION_LENGTH = 14  # 13 random characters (65 bits) and the check character


class IdentityKind(StrEnum):
    CMND = "cmnd"
    CCCD = "cccd"
    PASSPORT = "passport"


class IdentityNumber(NamedTuple):
    kind: IdentityKind
    number: str


class Sex(StrEnum):
    MALE = "nam"
    FEMALE = "nu"


@dataclass(frozen=True, slots=True)
class Reference:
    """Mã hồ sơ, taken apart. ``str()`` gives it back."""

    office_code: str  # 3 digits
    day: date
    sequence: int  # within office and day, from 1

    def __str__(self) -> str:
        return reference(self.office_code, self.day, self.sequence)


def bhxh_number(raw: str) -> str:
    """Mã số BHXH: 10 digits."""
    number = _bare(raw)
    if not re.fullmatch(r"[0-9]{10}", number):
        raise ValueError("Mã số BHXH gồm đúng 10 chữ số; đó cũng là 10 ký tự cuối của mã thẻ bảo hiểm y tế.")
    return number


def identity_number(raw: str) -> IdentityNumber:
    """Số CMND, CCCD or hộ chiếu, with its kind by its shape."""
    number = _bare(raw).upper()
    if re.fullmatch(r"[0-9]{9}", number):
        return IdentityNumber(IdentityKind.CMND, number)
    if re.fullmatch(r"[0-9]{12}", number):
        return IdentityNumber(IdentityKind.CCCD, number)
    if re.fullmatch(r"[A-Z][0-9]{7}", number):
        return IdentityNumber(IdentityKind.PASSPORT, number)
    raise ValueError(
        "Hãy ghi số CMND (9 chữ số), số CCCD (12 chữ số) hoặc số hộ chiếu (một chữ cái và 7 chữ số)."
    )


def cccd_birth_year_and_sex(number: str) -> tuple[int, Sex]:
    """Birth year and sex that a CCCD number (12 digits, canonical) carries. For a warning, not a
    wall. Raises ValueError when the number cannot be one."""
    match = _CCCD.fullmatch(number)
    if match is None or not 1 <= int(match[1]) <= 96:
        raise ValueError("Số CCCD gồm 12 chữ số, ba chữ số đầu là mã nơi đăng ký từ 001 đến 096.")
    century, is_female = divmod(int(match[2]), 2)
    return 1900 + 100 * century + int(match[3]), Sex.FEMALE if is_female else Sex.MALE


def mobile_phone(raw: str) -> str:
    """A mobile number in its one form 0xxxxxxxxx (10 digits), from 0…, +84…, 84…, 084…, 0084…

    Ten digits that begin with 084 or 84 are a number, not a country code. Prefixes are not checked
    against the carriers: new ones come every year.
    """
    number = _bare(raw)
    if re.fullmatch(r"0[1-9][0-9]{8}", number):
        return number
    if _OLD_PHONE.fullmatch(number):
        raise ValueError("Số di động 11 chữ số đã đổi thành 10 chữ số từ năm 2018: hãy ghi số mới.")
    match = _PHONE.fullmatch(number)
    if match is None or len(number) < 11:
        raise ValueError("Số điện thoại di động gồm 10 chữ số, bắt đầu bằng số 0, ví dụ 0912 345 678.")
    return f"0{match[1]}"


def bank_account(raw: str) -> str:
    """Số tài khoản: 6-19 digits or capital letters."""
    account = _bare(raw).upper()
    if not re.fullmatch(r"[0-9A-Z]{6,19}", account):
        raise ValueError("Số tài khoản gồm 6 đến 19 chữ số hoặc chữ cái không dấu, không ghi tên ngân hàng.")
    return account


def check_character(text: str) -> str:
    """The check character of a text over Crockford's alphabet (digits and 22 letters).

    The characters are the digits of a polynomial over GF(32), evaluated at a generator: every
    single wrong character and every swap of two neighbours shows, as long as the text has fewer than
    31 characters. Raises KeyError for a character outside the alphabet.
    """
    return CROCKFORD[_times_generator(_remainder(text))]


def reference(office_code: str, day: date, sequence: int) -> str:
    """Mã hồ sơ: "DEMO-079-190820-0001-K" of the office's code (3 digits), the day it was filed and
    the sequence within office and day. After Decree 61/2018: agency, date, sequence."""
    if not re.fullmatch(r"[0-9]{3}", office_code):
        raise ValueError(f"not an office code: {office_code!r}")
    if not 1 <= sequence <= 999_999 or not 2000 <= day.year <= 2099:
        raise ValueError(f"sequence or year out of range: {sequence}, {day}")
    parts = (office_code, f"{day:%y%m%d}", f"{sequence:04d}")
    return "-".join((REFERENCE_PREFIX, *parts, check_character("".join(parts))))


def parse_reference(raw: str) -> Reference:
    """A reference as someone typed it: any case, spaces, dashes left out, O for 0, I or L for 1."""
    match = _REFERENCE.fullmatch(_bare(raw).upper())
    try:
        if match is None:
            raise ValueError
        office_code, day, sequence, check = (group.translate(_READ_AS) for group in match.groups())
        if check_character(office_code + day + sequence) != check or not (day + sequence).isdigit():
            raise ValueError
        found = Reference(office_code, date.fromisoformat(f"20{day[:2]}-{day[2:4]}-{day[4:]}"), int(sequence))
        if f"{found.sequence:04d}" != sequence or not office_code.isdigit():
            raise ValueError
    except (ValueError, KeyError):
        raise ValueError(
            "Mã hồ sơ không đúng: hãy ghi đủ như trên giấy tiếp nhận, ví dụ DEMO-079-190820-0001-K."
        ) from None
    return found


def new_activation_code() -> str:
    """A fresh mã kích hoạt in canonical form: 13 random characters (65 bits) and a check character."""
    random = "".join(secrets.choice(CROCKFORD) for _ in range(_ACTIVATION_LENGTH - 1))
    return random + check_character(random)


def normalise_activation_code(raw: str) -> str:
    """The canonical form (14 characters) of a mã kích hoạt as typed from paper or screen.

    O is read as 0, I and L as 1; spaces and dashes don't matter.
    """
    code = _bare(raw).upper().translate(_READ_AS)
    if len(code) != _ACTIVATION_LENGTH or not set(code) <= _VALUES.keys():
        raise ValueError("Mã kích hoạt gồm 14 chữ số và chữ cái, chia thành nhóm như trên phiếu.")
    if check_character(code[:-1]) != code[-1]:
        raise ValueError("Mã kích hoạt có ký tự gõ nhầm: hãy xem lại từng nhóm trên phiếu.")
    return code


def group_activation_code(code: str) -> str:
    """A canonical mã kích hoạt as shown: XXXX-XXXX-XXXX-XX."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def mask_phone(phone: str) -> str:
    """0912345678 as 09•••••678."""
    return f"{phone[:2]}{'•' * (len(phone) - 5)}{phone[-3:]}" if len(phone) >= 8 else "•" * len(phone)


def mask_email(email: str) -> str:
    """nguyenvana@example.vn as ng•••@example.vn: the length of the name does not show."""
    name, at, host = email.rpartition("@")
    return f"{name[: 2 if len(name) > 3 else 1]}•••{at}{host}" if name and host else "•••"


def mask_account(account: str) -> str:
    """0123456789 as ••••6789."""
    return f"••••{account[-4:]}" if len(account) >= 6 else "••••"


def _bare(raw: str) -> str:
    """What was typed without spaces, dots, brackets, slashes and dashes of any sort."""
    return _FILLERS.sub("", nfc_text(raw).translate(_DASHES))


def _times_generator(value: int) -> int:
    """``value`` times x in GF(32) = GF(2)[x]/(x⁵ + x² + 1)."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled > 31 else doubled


def _remainder(text: str) -> int:
    total = 0
    for char in text:
        total = _times_generator(total) ^ _VALUES[char]
    return total
