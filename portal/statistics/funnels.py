"""The page of the funnel: where people give up, and how long the rest waited."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.views.access import login_required
from portal.statistics.asked import ExtentForm
from portal.statistics.tables import heading_of
from portal.statistics.tabs import tabs_of
from portal.statistics.viewer import viewer_of
from procedures import catalogue
from procedures.selectors.statistics.extent import Level
from procedures.selectors.statistics.funnel import Funnel, codes_of, funnels
from procedures.selectors.statistics.places import all_offices
from procedures.services.calendar import legal_date


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    funnel: Funnel


@login_required
@require_safe
def funnel(request: HttpRequest) -> HttpResponse:
    viewer, form = viewer_of(request), ExtentForm(request.GET)
    extent = form.extent()
    is_by_office = extent.level is not Level.PROCEDURE
    shown = extent.at_level(Level.OFFICE if is_by_office else Level.PROCEDURE)
    whole, parts = funnels(shown, "office_id" if is_by_office else "procedure")
    names = office_names() if is_by_office else procedure_names()
    context = {
        "form": form,
        "extent": shown,
        "heading": heading_of(shown),
        "whole": whole,
        "lines": [Line(names.get(part.key, part.key or _("(chưa rõ)")), part) for part in parts],
        "codes": codes_of(shown),
        "tabs": tabs_of("funnel", extent, viewer),
    }
    return render(request, "statistics/funnel.html", context)


def office_names() -> dict[str, str]:
    return {key: office.annex_name for key, office in all_offices().items()}


def procedure_names() -> dict[str, str]:
    return {procedure.code: procedure.plain_name for procedure in catalogue.procedures_on(legal_date())}
