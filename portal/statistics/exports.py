"""A table as a file: CSV, XLSX, PDF. All print ``Row.figures``; the same table gives the same bytes."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from procedures.documents.annex import AnnexSheet, annex_pdf

TITLE = "Tỷ lệ hồ sơ điện tử của BHXH các tỉnh, thành phố"
Line = Sequence[str]
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(<)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table ready to be printed: text only."""

    title: str
    headings: Line
    rows: Sequence[Line]
    total: Line
    definition: str
    made_at: datetime  # aware
    attached_to: str = ""
    notes: Sequence[str] = ()
    digest: str = ""


def as_csv(sheet: Sheet) -> bytes:
    """Comma separated, in UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([sheet.headings, *sheet.rows, sheet.total])
    return text.getvalue().encode("utf-8-sig")


def as_pdf(sheet: Sheet) -> bytes:
    return annex_pdf(
        AnnexSheet(
            title=sheet.title,
            attached_to=sheet.attached_to,
            headings=sheet.headings,
            rows=sheet.rows,
            total=sheet.total,
            definition=sheet.definition,
            notes=sheet.notes,
            digest=sheet.digest,
            made_at=sheet.made_at,
        )
    )


def as_xlsx(sheet: Sheet) -> bytes:
    """One worksheet laid out like the annex. Figures are text, as printed: a spreadsheet that writes
    numbers its own way must not change them."""
    book = Workbook()
    page = book.active
    page.title = "Phụ lục"
    head = ["PHỤ LỤC", sheet.title, *([f"({sheet.attached_to})"] if sheet.attached_to else [])]
    for number, words in enumerate(head, start=1):
        page.cell(number, 1, words)
        page.merge_cells(start_row=number, start_column=1, end_row=number, end_column=len(sheet.headings))
        page.cell(number, 1).alignment = Alignment(horizontal="center", wrap_text=True)
        page.cell(number, 1).font = Font(bold=number < 3, italic=number == 3)
    first = len(head) + 2
    _table(page, first, [sheet.headings, *sheet.rows, sheet.total])
    digest = [f"SHA-256: {sheet.digest}"] if sheet.digest else []
    below = first + len(sheet.rows) + 3
    for number, words in enumerate((sheet.definition, *sheet.notes, *digest), start=below):
        page.cell(number, 1, words)
    book.properties.creator = "Cổng hồ sơ BHXH (bản mẫu)"
    book.properties.created = _naive(sheet.made_at)
    made = io.BytesIO()
    book.save(made)
    return _without_clock(made.getvalue(), sheet.made_at)


def _table(page: Any, first: int, lines: Sequence[Line]) -> None:
    thin = Side(style="thin")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    for number, line in enumerate(lines, start=first):
        for column, text in enumerate(line, start=1):
            cell = page.cell(number, column, text)
            cell.number_format = "@"
            cell.border = border
            is_head = number == first
            cell.font = Font(bold=is_head or number == first + len(lines) - 1)
            side = "center" if is_head or column == 1 else "left" if column == 2 else "right"
            cell.alignment = Alignment(horizontal=side, wrap_text=is_head)
    for letter, width in zip("ABCDE", (6, 34, 16, 16, 12), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = page.cell(first + 1, 1)
    page.print_title_rows = f"{first}:{first}"


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def _without_clock(book: bytes, made_at: datetime) -> bytes:
    """The same workbook with ``made_at`` wherever the library writes the time of saving."""
    moment = _naive(made_at)
    stamp = moment.isoformat() + "Z"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(lambda found: found[1] + stamp.encode() + found[2], content)
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Format:
    content_type: str
    make: Callable[[Sheet], bytes]


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", as_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "pdf": Format("application/pdf", as_pdf),
}
