"""Numbers and dates the way Vietnamese papers write them: 20/8/2019 as 20/08/2019, 1.490.000 đ, 6,5 năm."""

import unicodedata
from datetime import date
from fractions import Fraction


def dong(amount: int) -> str:
    return f"{amount:,}".replace(",", ".") + " đ"


def day(value: date) -> str:
    return value.strftime("%d/%m/%Y")


def number(value: Fraction | int, places: int = 2) -> str:
    """A decimal comma, no trailing zeros: 6,5 · 4.997.857,14."""
    text = f"{float(value):,.{places}f}" if Fraction(value).denominator != 1 else f"{int(value):,}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def percent(value: Fraction) -> str:
    return number(value * 100) + "%"


def span(months: int) -> str:
    """14 → "1 năm 2 tháng"."""
    years, odd = divmod(months, 12)
    parts = ([f"{years} năm"] if years else []) + ([f"{odd} tháng"] if odd else [])
    return " ".join(parts) or "0 tháng"


def folded(name: str) -> str:
    """A name without accents and case, as banks print it: "Nguyễn Thị Ánh" → "NGUYEN THI ANH"."""
    letters = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.upper().split())
