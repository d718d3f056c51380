"""The list of dossiers behind a number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.views.access import login_required
from portal.statistics.asked import address_of, extent_of
from portal.statistics.tabs import tabs_of
from portal.statistics.viewer import viewer_of
from procedures.models import Channel, Dossier
from procedures.selectors.definitions import procedure_of
from procedures.selectors.statistics.dossiers import PAPER, Cursor, NotYours, dossiers_behind
from procedures.selectors.statistics.extent import Extent
from procedures.selectors.statistics.places import Offices, all_offices
from procedures.selectors.statistics.table import rate_table


@dataclass(frozen=True, slots=True)
class Line:
    reference: str
    url: str  # where the viewer works on it, "" for everybody else
    procedure: str
    channel: str
    office: str
    filed_at: datetime | None
    status: str


@login_required
@require_safe
def dossiers(request: HttpRequest) -> HttpResponse:
    viewer, extent = viewer_of(request), extent_of(request)
    row, channel = request.GET.get("hang", ""), request.GET.get("kenh", "")
    try:
        page = dossiers_behind(viewer, extent, row, channel, Cursor.parse(request.GET.get("sau", "")[:120]))
    except (NotYours, KeyError, ValueError) as error:
        raise Http404 from error
    offices = all_offices()
    here = f"{address_of(extent)}&hang={row}" + (f"&kenh={channel}" if channel else "")
    context = {
        "extent": extent,
        "page": page,
        "row_name": name_of(row, extent),
        "channel_name": channel_name(channel),
        "lines": list(lines_of(page.dossiers, viewer, offices)),
        "back_url": f"{reverse('statistics:rates')}?{address_of(extent)}",
        "next_url": f"{reverse('statistics:dossiers')}?{here}&sau={page.next}" if page.next else "",
        "tabs": tabs_of("rates", extent, viewer),
    }
    return render(request, "statistics/dossiers.html", context)


def name_of(row: str, extent: Extent) -> str:
    table = rate_table(extent)
    found = table.row_of(row) or table.total
    return found.name


def channel_name(channel: str) -> str:
    if channel == PAPER:
        return _("bản giấy")
    return Channel(channel).label.lower() if channel else ""


def lines_of(dossiers: Sequence[Dossier], viewer: User, offices: Offices) -> Iterator[Line]:
    for dossier in dossiers:
        is_on_desk = viewer.office_id == dossier.office_id and dossier.queued_at is not None
        yield Line(
            reference=dossier.reference or "",
            url=reverse("casework:dossier", args=[dossier.public_id]) if is_on_desk else "",
            procedure=procedure_of(dossier).plain_name,
            channel=Channel(dossier.channel).label,
            office=offices[dossier.counted_office].annex_name,  # type: ignore[attr-defined]
            filed_at=dossier.filed_at,
            status=dossier.status,
        )
