"""Số hồ sơ giấy trong ngày, from a CSV of an office: every line judged and reported before anything is kept;
then all lines or none.

The list comes from a spreadsheet, so what a spreadsheet could take for a formula is refused.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Office, User
from portal.lib.vietnamese import fold, parse_date
from procedures import catalogue
from procedures.domain.errors import DomainError, NotAllowed
from procedures.models import Channel, DailyCount
from procedures.services import calendar

MAX_BYTES = 256 * 1024
MAX_ROWS = 5_000
MOST = 100_000  # dossiers of an office in a day; more is a slip of the keyboard
FIRST_DAY = date(2010, 1, 1)
HEADINGS = ("ngay", "thu_tuc", "kenh", "so_ho_so")
_FORMULA = ("=", "@", "+", "-", "\t", "\r")
_CHANNELS = {
    **{fold(str(one.label)): one.value for one in (Channel.COUNTER, Channel.POST)},
    **{one.value: one.value for one in (Channel.COUNTER, Channel.POST)},
}


@dataclass(frozen=True, slots=True)
class DayCount:
    day: date
    procedure: str
    channel: str
    count: int

    @property
    def cell(self) -> tuple[date, str, str]:
        return self.day, self.procedure, self.channel


@dataclass(frozen=True, slots=True)
class BadLine:
    number: int  # as the spreadsheet counts: the headings are 1
    text: str
    errors: list[str]


@dataclass(slots=True)
class Trial:
    """What the list would do."""

    good: list[DayCount] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(line.count for line in self.good)


def read(content: bytes) -> str:
    """The text of an uploaded file. Raises DomainError."""
    if len(content) > MAX_BYTES:
        raise DomainError(_("Tệp quá lớn: tối đa 256 KB. Xin chia thành nhiều tệp."), question="file")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff", b"PK") or b"\0" in content:
        raise DomainError(
            _("Đây không phải tệp CSV mã UTF-8. Trong Excel chọn “CSV UTF-8” khi lưu."), question="file"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DomainError(
            _("Tệp không ở mã UTF-8. Trong Excel chọn “CSV UTF-8” khi lưu."), question="file"
        ) from error


def judge(text: str) -> Trial:
    """Judge every line; keep nothing. Raises DomainError when headings or size are wrong."""
    known = {procedure.code for procedure in catalogue.procedures_on(calendar.legal_date())}
    trial, seen = Trial(), dict[tuple[date, str, str], int]()
    for number, line in _lines(text):
        judged = _judged(line, known)
        if isinstance(judged, DayCount) and judged.cell in seen:
            judged = [_("Trùng ngày, thủ tục và kênh với dòng %(line)d.") % {"line": seen[judged.cell]}]
        if isinstance(judged, DayCount):
            seen[judged.cell] = number
            trial.good.append(judged)
        else:
            trial.bad.append(BadLine(number, ", ".join(line[name] for name in HEADINGS)[:80], judged))
    if not trial.good and not trial.bad:
        raise DomainError(_("Tệp không có dòng nào."), question="file")
    return trial


def keep(officer: User, text: str, name: str) -> Trial:
    """Keep every line for the officer's office, in place of what was imported before for the same day,
    procedure and channel. ``name``: of the file, kept with its SHA-256 as the source.

    Raises DomainError when a single line is wrong; NotAllowed for anybody who isn't an officer.
    """
    if not officer.is_officer or officer.office is None:
        raise NotAllowed(_("Chỉ cán bộ của cơ quan nhập số hồ sơ giấy."))
    trial = judge(text)
    if trial.bad:
        raise DomainError(_("Còn dòng phải sửa nên chưa nhập dòng nào."), question="file")
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = f"{name[:120]} (SHA-256 {digest[:16]})"
    with transaction.atomic():
        Office.objects.select_for_update(no_key=True).get(pk=officer.office.pk)
        _replace(officer.office, trial)
        DailyCount.objects.bulk_create(
            DailyCount(
                office=officer.office,
                day=line.day,
                procedure=line.procedure,
                channel=line.channel,
                count=line.count,
                source=source,
                imported_by=officer,
            )
            for line in trial.good
        )
    return trial


def _replace(office: Office, trial: Trial) -> None:
    cells = {line.cell for line in trial.good}
    days = [line.day for line in trial.good]
    there = DailyCount.objects.filter(office=office, day__range=(min(days), max(days)), replaced_at=None)
    old = [row.pk for row in there if (row.day, row.procedure, row.channel) in cells]
    DailyCount.objects.filter(pk__in=old).update(replaced_at=Now())


def _lines(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    try:
        headings = [(name or "").strip().casefold() for name in reader.fieldnames or []]
        missing = [name for name in HEADINGS if name not in headings]
        if missing:
            raise DomainError(
                _("Dòng đầu thiếu cột: %(names)s.") % {"names": ", ".join(missing)}, question="file"
            )
        reader.fieldnames = headings
        for number, row in enumerate(reader, start=2):
            if number > MAX_ROWS + 1:
                raise DomainError(
                    _("Tệp quá dài: tối đa %(rows)d dòng. Xin chia thành nhiều tệp.") % {"rows": MAX_ROWS},
                    question="file",
                )
            values = {key: value or "" for key, value in row.items() if isinstance(key, str)}
            if any(str(value).strip() for value in values.values()):
                yield number, {name: str(values.get(name, "")) for name in HEADINGS}
    except csv.Error as error:
        raise DomainError(_("Tệp CSV hỏng: %(error)s.") % {"error": error}, question="file") from error


def _judged(line: Mapping[str, str], known: set[str]) -> DayCount | list[str]:
    formulas = [name for name in HEADINGS if line[name].lstrip(" ").startswith(_FORMULA)]
    if formulas:
        words = _("Cột %(name)s bắt đầu bằng ký tự của công thức bảng tính.")
        return [words % {"name": name} for name in formulas]
    errors: list[str] = []
    day = _day(line["ngay"], errors)
    procedure, channel = line["thu_tuc"].strip(), _CHANNELS.get(fold(line["kenh"]), "")
    if procedure not in known:
        errors.append(_("Không có thủ tục này. Ghi mã thủ tục, ví dụ bhxh_mot_lan."))
    if not channel:
        errors.append(_("Kênh ghi “trực tiếp” hoặc “bưu chính”."))
    count = _count(line["so_ho_so"], errors)
    return errors or DayCount(day, procedure, channel, count)


def _day(text: str, errors: list[str]) -> date:
    try:
        day = parse_date(text.strip())
    except ValueError as error:
        errors.append(str(error))
        return FIRST_DAY
    if not FIRST_DAY <= day <= timezone.localdate():
        errors.append(_("Ngày phải từ năm 2010 đến hôm nay."))
    return day


def _count(text: str, errors: list[str]) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        errors.append(_("Số hồ sơ ghi bằng chữ số, không dấu chấm."))
        return 0
    if int(digits) > MOST:
        errors.append(_("Số hồ sơ trong một ngày quá lớn: hãy kiểm tra lại."))
    return int(digits)
