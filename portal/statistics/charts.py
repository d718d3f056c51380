"""The page of pictures."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.access import login_required
from portal.statistics.asked import ExtentForm, address_of
from portal.statistics.pictures import NO_STEP, STEP_NAMES, bars_of, tile_map
from portal.statistics.tabs import tabs_of
from portal.statistics.trends import trend_of
from portal.statistics.viewer import viewer_of
from procedures.selectors.statistics.extent import Extent, Level
from procedures.selectors.statistics.places import COUNTRY_NAME, Offices, all_offices
from procedures.selectors.statistics.table import RateTable, rate_table
from procedures.selectors.statistics.targets import target_for, targets_of

PLACES = (Level.OFFICE, Level.REGION)


@login_required
@require_safe
def pictures(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form, offices = ExtentForm(request.GET), all_offices()
    extent = form.extent()
    if extent.level not in PLACES:
        extent = extent.at_level(Level.OFFICE)
    table = rate_table(extent)
    target = target_for("", targets_of(extent), extent.last)
    chosen = request.GET.get("co_quan", "")
    context = {
        "form": form,
        "extent": extent,
        "table": table,
        "map": tile_map(table, offices),
        "steps": [(str(step), name) for step, name in enumerate(STEP_NAMES)] + [(NO_STEP, "không có hồ sơ")],
        "bars": bars_of(table, target.value if target else None),
        "target": target,
        "trend": trend_of(lines_of(extent, chosen, offices)),
        "chosen": chosen,
        "offices": sorted(table.rows, key=lambda row: row.name) if extent.level is Level.OFFICE else [],
        "address": address_of(extent),
        "tabs": tabs_of("pictures", extent, viewer),
    }
    return render(request, "statistics/pictures.html", context)


def lines_of(extent: Extent, chosen: str, offices: Offices) -> list[tuple[str, RateTable]]:
    """The country by month, and the office that was chosen."""
    months = extent.at_level(Level.MONTH)
    lines = [(COUNTRY_NAME, rate_table(months))]
    if chosen in offices:
        lines.append((offices[chosen].annex_name, rate_table(replace(months, office=chosen))))
    return lines
