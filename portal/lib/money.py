"""Amounts in đồng and rates, as they are typed, shown and written in words. Amounts are whole
đồng (int); rates are per cent (Decimal)."""

import re
from decimal import ROUND_HALF_UP, Decimal

from portal.lib.vietnamese import nfc_text

# More than the yearly payments of the whole fund: anything above is a slip of the finger.
MAX_VND = 10**15

_UNIT = re.compile(r" ?(?:đồng|dong|vnđ|vnd|đ|d|₫)\.?$", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]{1,16}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([. ,])[0-9]{3}(?:\1[0-9]{3})*")

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu")


def format_number(number: int) -> str:
    """168121 as "168.121"."""
    return f"{number:,}".replace(",", ".")


def format_vnd(amount: int) -> str:
    """1490000 as "1.490.000 đ"."""
    return f"{format_number(amount)} đ"


def format_rate(rate: Decimal) -> str:
    """A rate in per cent, rounded half up to two decimals: Decimal("36.994") as "36,99%"."""
    rounded = rate.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{rounded:,f}%".translate(str.maketrans(".,", ",."))


def parse_vnd(raw: str) -> int:
    """Whole đồng from "1.490.000", "1,490,000", "1 490 000", "1490000 đ".

    A point or a comma separates thousands only; "1,5" could mean two things and is refused. Raises
    ValueError with a Vietnamese message, also for negative amounts and above ``MAX_VND``.
    """
    text = _UNIT.sub("", nfc_text(raw))
    if text.startswith(("-", "−", "–")):
        raise ValueError("Số tiền không thể là số âm.")
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        raise ValueError("Hãy ghi số tiền bằng đồng, không có phần lẻ, ví dụ 1.490.000.")
    amount = int(re.sub(r"[. ,]", "", text))
    if amount > MAX_VND:
        raise ValueError("Số tiền quá lớn: hãy kiểm tra lại các chữ số.")
    return amount


def vnd_in_words(amount: int) -> str:
    """1490000 as "Một triệu bốn trăm chín mươi nghìn đồng". Raises ValueError below 0 or above
    ``MAX_VND``."""
    if not 0 <= amount <= MAX_VND:
        raise ValueError(f"outside 0..{MAX_VND}: {amount}")
    words = " ".join(_number_words(amount)) or _DIGITS[0]
    return f"{words[0].upper()}{words[1:]} đồng"


def _number_words(number: int) -> list[str]:
    """Words of a number; [] for 0. What is above a thousand million counts in "tỷ"."""
    billions, rest = divmod(number, 10**9)
    words = [*_number_words(billions), "tỷ"] if billions else []
    for power in (2, 1, 0):
        group = rest // 1000**power % 1000
        if group:
            words += _group_words(group, is_first=not words)
            words += [_SCALES[power]] if power else []
    return words


def _group_words(group: int, *, is_first: bool) -> list[str]:
    """Words of three digits, 1-999. Inside a number the hundred is always said: "không trăm linh năm"."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words = [_DIGITS[hundreds], "trăm"] if hundreds or not is_first else []
    if tens == 1:
        words.append("mười")
    elif tens:
        words += [_DIGITS[tens], "mươi"]
    elif ones and words:
        words.append("linh")
    if ones == 1 and tens > 1:
        words.append("mốt")
    elif ones == 5 and tens:
        words.append("lăm")
    elif ones:
        words.append(_DIGITS[ones])
    return words
