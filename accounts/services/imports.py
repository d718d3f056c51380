"""A list of registrations from a counter (CSV): every row judged like the page, nothing kept until all is said.

What a spreadsheet could take for a formula is refused, whoever opens the list later.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.services.registration import Declaration, keep

MAX_BYTES = 256 * 1024
MAX_ROWS = 500
# Heading as it stands in the file → the field of the declaration.
HEADINGS = {
    "ho_ten": "full_name",
    "ngay_sinh": "birth_date",
    "gioi_tinh": "sex",
    "ma_so_bhxh": "bhxh_number",
    "so_giay_to": "identity_number",
    "dien_thoai": "phone",
    "email": "email",
    "tinh": "province",
    "huyen": "district",
    "xa": "commune",
    "dia_chi": "street",
}
_FORMULA = ("=", "@", "+", "-", "\t", "\r")
# How long, and how many zeros in front a spreadsheet may have eaten.
_LENGTHS = {
    "bhxh_number": (10, 1),
    "phone": (10, 1),
    "province": (2, 1),
    "district": (3, 2),
    "commune": (5, 4),
}
_SEXES = {"nam": "nam", "nữ": "nu", "nu": "nu"}

# Judges the typed row: the declaration, or what is wrong with it, by field label.
Judge = Callable[[dict[str, str]], "Declaration | list[str]"]


class ListRefused(Exception):
    """The file as a whole can't be read; the message says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class BadRow:
    number: int  # as the spreadsheet counts: the headings are 1
    name: str
    errors: list[str]


@dataclass(slots=True)
class Trial:
    """What the list would do."""

    good: list[Declaration] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


def read_list(content: bytes) -> str:
    """The text of an uploaded file. Raises ListRefused."""
    if len(content) > MAX_BYTES:
        raise ListRefused(_("Tệp quá lớn: tối đa 256 KB. Xin chia thành nhiều tệp."))
    if content[:2] in (b"\xff\xfe", b"\xfe\xff", b"PK") or b"\0" in content:
        raise ListRefused(_("Đây không phải tệp CSV mã UTF-8. Trong Excel chọn “CSV UTF-8” khi lưu."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListRefused(_("Tệp không ở mã UTF-8. Trong Excel chọn “CSV UTF-8” khi lưu.")) from error


def try_list(text: str, judge: Judge) -> Trial:
    """Judge every row; keep nothing. Raises ListRefused when the headings or the size are wrong."""
    trial = Trial()
    seen: dict[str, int] = {}
    for number, row in _rows(text):
        typed = _typed(row)
        errors = _formulas(row)
        judged = errors or judge(typed)
        key = typed["bhxh_number"]
        if not errors and key in seen:
            judged = [_("Mã số BHXH trùng với dòng %(row)s.") % {"row": seen[key]}]
        if isinstance(judged, Declaration):
            seen[key] = number
            trial.good.append(judged)
        else:
            trial.bad.append(BadRow(number, typed["full_name"], judged))
    if not trial.good and not trial.bad:
        raise ListRefused(_("Danh sách không có dòng nào."))
    return trial


def keep_list(trial: Trial) -> int:
    """Keep the good rows for the counter. How many there were; one sent twice is kept once."""
    for declared in trial.good:
        keep(declared)
    return len(trial.good)


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    headings = [(name or "").strip().casefold() for name in reader.fieldnames or []]
    missing = [name for name in HEADINGS if name not in headings]
    if missing:
        raise ListRefused(_("Dòng đầu thiếu cột: %(names)s.") % {"names": ", ".join(missing)})
    reader.fieldnames = headings
    try:
        for number, row in enumerate(reader, start=2):
            if number > MAX_ROWS + 1:
                raise ListRefused(_("Danh sách quá dài: tối đa 500 dòng. Xin chia thành nhiều tệp."))
            values = {key: value or "" for key, value in row.items() if isinstance(key, str)}
            if any(value.strip() for value in values.values() if isinstance(value, str)):
                yield number, values
    except csv.Error as error:
        raise ListRefused(_("Tệp CSV hỏng: %(error)s.") % {"error": error}) from error


def _typed(row: Mapping[str, str]) -> dict[str, str]:
    typed = {name: row[heading].strip() for heading, name in HEADINGS.items()}
    typed["sex"] = _SEXES.get(typed["sex"].casefold(), typed["sex"])
    for name, (length, lost) in _LENGTHS.items():
        if typed[name].isascii() and typed[name].isdigit() and len(typed[name]) >= length - lost:
            typed[name] = typed[name].zfill(length)
    return typed


def _formulas(row: Mapping[str, str]) -> list[str]:
    """A phone number may begin with +84."""
    return [
        _("Cột %(name)s bắt đầu bằng ký tự của công thức bảng tính.") % {"name": heading}
        for heading in HEADINGS
        if row[heading].lstrip(" ").startswith(_FORMULA)
        and not (heading == "dien_thoai" and row[heading].strip().startswith("+84"))
    ]
