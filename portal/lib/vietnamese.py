"""Vietnamese text, names and dates as people type them and as the portal shows them.

Everything that comes from outside goes through ``nfc_text`` (one line) or ``nfc_lines`` (several)
once; after that the same word always has the same bytes. Digits are ``[0-9]`` only: Python's ``\\d``
also takes full-width and Arabic-Indic digits.
"""

import re
import unicodedata
from datetime import date

# Letters that show nothing: Hangul fillers, braille blank, combining grapheme joiner.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Control, format (zero-width, bidi), lone surrogate, private use, unassigned.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

_NAME_LENGTH = range(2, 101)
_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
# A letter first; at most two loose marks in a row, so that nothing can be piled up on a line.
_NAME = re.compile(rf"[{_LETTER}](?:[\u0300-\u036f]{{0,2}}[{_LETTER} '’.-])*[\u0300-\u036f]{{0,2}}")

_YEARS = range(1900, 2101)
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.-])([0-9]{1,2})\2([0-9]{1,2})")
_RUN_OF_EIGHT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})|([0-9]{2})([0-9]{4})")
_YEAR_MONTH = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})")
_AROUND_SEPARATOR = re.compile(r" ?([/.-]) ?")

_GSM7 = frozenset("\n !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‛′`´", "'"),
        **dict.fromkeys("“”„″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−~", "-"),
        **dict.fromkeys("[{", "("),
        **dict.fromkeys("]}", ")"),
        **dict.fromkeys("|\\", "/"),
        **dict.fromkeys("•·", "*"),
        "…": "...",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "₫": "d",
    }
)


def nfc_text(raw: str) -> str:
    """One line of text: NFC, trimmed, white space collapsed, invisible characters gone."""
    spaced = "".join(" " if char.isspace() else char for char in raw)
    seen = "".join(c for c in spaced if unicodedata.category(c) not in _UNSEEN and c not in _BLANKS)
    return " ".join(unicodedata.normalize("NFC", seen).split())


def nfc_lines(raw: str) -> str:
    """Text of several lines: each line as ``nfc_text`` gives it, at most one empty line in a row."""
    text = "\n".join(nfc_text(line) for line in raw.splitlines())
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def without_marks(text: str) -> str:
    """The text without tone and vowel marks, đ as d; capitals stay."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in parts if not unicodedata.combining(char))


def fold(text: str) -> str:
    """The text as the search keeps it: "nguyen van" finds "Nguyễn Văn", hoà and hòa are one."""
    return nfc_text(without_marks(nfc_text(text))).casefold().replace("’", "'")


def is_person_name(text: str) -> bool:
    """Whether this can be a person's name, as ``nfc_text`` gives it: 2-100 characters, Latin letters
    with their marks, space, apostrophe, hyphen, full stop. One word alone is a name."""
    return len(text) in _NAME_LENGTH and _NAME.fullmatch(text) is not None


def gsm7(text: str) -> str:
    """The text for an SMS: no marks, and only characters that cost one septet of the GSM 03.38
    basic alphabet. What cannot be written becomes "?"."""
    compatible = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    plain = without_marks(compatible).translate(_PLAIN).replace("\r\n", "\n")
    return "".join(char if char in _GSM7 else " " if char.isspace() else "?" for char in plain)


def format_date(day: date) -> str:
    """dd/mm/yyyy."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_month(day: date) -> str:
    """mm/yyyy of that day."""
    return f"{day.month:02d}/{day.year:04d}"


def parse_date(raw: str) -> date:
    """A date as people type it: 1/2/1960, 01-02-1960, 1.2.1960, 01021960, 1960-02-01.

    The day comes before the month unless the year comes first. Raises ValueError with a Vietnamese
    message when it is no such date, or not within 1900-2100.
    """
    text = _AROUND_SEPARATOR.sub(r"\1", nfc_text(raw))
    if match := _YEAR_FIRST.fullmatch(text):
        year, _, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, _, month, year = match.groups()
    elif match := _RUN_OF_EIGHT.fullmatch(text):
        day, month, year = match.groups()
    else:
        raise ValueError("Hãy ghi ngày theo dạng ngày/tháng/năm, năm đủ bốn chữ số, ví dụ 01/02/1960.")
    return _real_date(int(year), int(month), int(day))


def parse_month(raw: str) -> date:
    """The first day of a month typed as 3/2015, 03-2015, 032015 or 2015-03.

    Raises ValueError with a Vietnamese message.
    """
    text = _AROUND_SEPARATOR.sub(r"\1", nfc_text(raw))
    if match := _YEAR_MONTH.fullmatch(text):
        year, month = match.groups()
    elif match := _MONTH_FIRST.fullmatch(text):
        month, year = (group for group in match.groups() if group is not None)
    else:
        raise ValueError("Hãy ghi tháng theo dạng tháng/năm, năm đủ bốn chữ số, ví dụ 03/2015.")
    return _real_date(int(year), int(month), 1)


def _real_date(year: int, month: int, day: int) -> date:
    if year not in _YEARS:
        raise ValueError(f"Năm {year} không hợp lệ: hãy ghi năm từ {_YEARS[0]} đến {_YEARS[-1]}.")
    if not 1 <= month <= 12:
        raise ValueError(f"Không có tháng {month}: ngày ghi trước, tháng ghi sau.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"Tháng {month}/{year} không có ngày {day}.") from None
