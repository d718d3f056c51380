"""Numbers of a reckoning the way Vietnamese papers write them: 6,5 năm, 7,19%, 1 năm 2 tháng.

Amounts in đồng, dates and names are written and compared by portal.lib.
"""

import re
from fractions import Fraction

_DECIMAL = re.compile(r"[0-9]{1,4}(?:,[0-9]{1,4})?")


def number(value: Fraction | int, places: int = 2) -> str:
    """A decimal comma, no trailing zeros: 6,5 · 4.997.857,14."""
    text = f"{float(value):,.{places}f}" if Fraction(value).denominator != 1 else f"{int(value):,}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def is_number(text: str) -> bool:
    return bool(_DECIMAL.fullmatch(text))


def read_number(typed: str) -> Fraction:
    """6,5 as people write it. Raises ValueError in Vietnamese."""
    text = typed.strip()
    if not is_number(text):
        raise ValueError("Hãy ghi một số không âm, phần lẻ sau dấu phẩy, ví dụ 6,5.")
    return Fraction(text.replace(",", "."))


def percent(value: Fraction) -> str:
    return number(value * 100) + "%"


def span(months: int) -> str:
    """14 → "1 năm 2 tháng"."""
    years, odd = divmod(months, 12)
    parts = ([f"{years} năm"] if years else []) + ([f"{odd} tháng"] if odd else [])
    return " ".join(parts) or "0 tháng"
