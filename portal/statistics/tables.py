"""The table of rates, and the same as a file."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.views.access import login_required
from portal.lib.money import format_number
from portal.statistics.asked import ExtentForm, address_of, extent_of
from portal.statistics.exports import FORMATS, TITLE, Sheet
from portal.statistics.tabs import tabs_of
from portal.statistics.viewer import viewer_of
from procedures.models import Channel
from procedures.selectors.statistics.comparability import flags_of
from procedures.selectors.statistics.dossiers import PAPER, rows_listed
from procedures.selectors.statistics.extent import Extent, Level, Series
from procedures.selectors.statistics.table import HEADINGS, RateTable, Row, rate_table


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    url: str  # the list it counted, "" where the viewer may not see it
    is_secondary: bool = False  # left out on a phone


@dataclass(frozen=True, slots=True)
class Line:
    place: str
    name: str
    cells: tuple[Cell, ...]
    rate: str
    is_total: bool


@login_required
@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = ExtentForm(request.GET)
    extent = form.extent()
    table = rate_table(extent)
    context = {
        "form": form,
        "extent": extent,
        "table": table,
        "heading": heading_of(extent),
        "lines": list(lines_of(table, viewer)),
        "flags": flags_of(table),
        "has_imports": extent.series is Series.FIELD,
        "address": address_of(extent),
        "tabs": tabs_of("rates", extent, viewer),
        "formats": list(FORMATS),
    }
    return render(request, "statistics/rates.html", context)


@login_required
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    viewer_of(request)
    if kind not in FORMATS:
        raise Http404
    extent = extent_of(request)
    return file_of(sheet_of(rate_table(extent)), kind, f"ty-le-{extent.first}-{extent.last}")


def sheet_of(table: RateTable) -> Sheet:
    """The table as it is printed now."""
    return Sheet(
        title=TITLE,
        headings=(HEADINGS[0], heading_of(table.extent), *HEADINGS[2:]),
        rows=[row.figures for row in table.rows],
        total=table.total.figures,
        definition=table.extent.definition,
        made_at=timezone.now(),
    )


def file_of(sheet: Sheet, kind: str, name: str) -> HttpResponse:
    made = FORMATS[kind]
    response = HttpResponse(made.make(sheet), content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def heading_of(extent: Extent) -> str:
    """What the second column is headed."""
    names = {
        Level.OFFICE: HEADINGS[1],
        Level.REGION: _("Vùng"),
        Level.COUNTRY: _("Phạm vi"),
        Level.PROCEDURE: _("Thủ tục"),
        Level.MONTH: _("Tháng"),
    }
    return names[extent.level]


def lines_of(table: RateTable, viewer: User) -> Iterator[Line]:
    """Every row and the total, each number with the address of its list."""
    listed = rows_listed(viewer, table.extent)
    base = f"{reverse('statistics:dossiers')}?{address_of(table.extent)}"
    for row in (*table.rows, table.total):
        place, name, *_numbers, rate = row.figures
        link = f"{base}&hang={row.key}" if listed is None or row.key in listed else ""
        cells = tuple(_cells(row, link, has_imports=table.extent.series is Series.FIELD))
        yield Line(place, name, cells, rate, is_total=row is table.total)


def _cells(row: Row, link: str, *, has_imports: bool) -> Iterator[Cell]:
    count = row.count
    numbers = [
        (count.electronic, Channel.ELECTRONIC, False),
        (count.counter, Channel.COUNTER, True),
        (count.post, Channel.POST, True),
        *([(count.imported, PAPER, True)] if has_imports else []),
        (count.total, "", False),
    ]
    for number, channel, is_secondary in numbers:
        url = f"{link}&kenh={channel}" if link and channel else link
        yield Cell(format_number(number), url if number else "", is_secondary)
