"""Targets: what is to be reached, what is missing, what would change the country."""

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.access import hq_required, login_required, user_of
from portal.statistics.asked import ExtentForm, address_of, extent_of
from portal.statistics.forms import TargetForm, WhatIfForm
from portal.statistics.tabs import tabs_of
from portal.statistics.viewer import is_hq, viewer_of
from procedures.domain.errors import DomainError
from procedures.models import Target
from procedures.selectors.statistics.comparability import flags_of
from procedures.selectors.statistics.extent import Level
from procedures.selectors.statistics.places import all_offices
from procedures.selectors.statistics.table import rate_table
from procedures.selectors.statistics.targets import (
    gaps_of,
    leverage_of,
    live_targets,
    target_of,
    targets_of,
    what_if,
)
from procedures.services import targets

SHOWN = ("GET", "HEAD", "POST")
WITHOUT_TARGET = Decimal(50)  # per cent, for the example when there is no target yet


@login_required
@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    viewer, form = viewer_of(request), ExtentForm(request.GET)
    extent = form.extent().at_level(Level.OFFICE)
    table, wanted = rate_table(extent), targets_of(extent)
    rows = sorted((row.name, row.key) for row in table.rows)
    question = WhatIfForm(request.GET, [(key, name) for name, key in rows])
    rates = question.rates()
    context = {
        "form": form,
        "extent": extent,
        "address": address_of(extent),
        "table": table,
        "targets": live_targets(),
        "gaps": gaps_of(table, wanted),
        "question": question,
        "answer": what_if(table, rates) if rates else None,
        "leverage": leverage_of(table, wanted[0].value if wanted else WITHOUT_TARGET),
        "example": wanted[0].value if wanted else WITHOUT_TARGET,
        "flags": flags_of(table),
        "is_hq": is_hq(viewer),
        "tabs": tabs_of("goals", extent, viewer),
    }
    return render(request, "statistics/goals.html", context)


@hq_required
@require_http_methods(SHOWN)
def set_goal(request: HttpRequest) -> HttpResponse:
    viewer, extent = user_of(request), extent_of(request)
    form = TargetForm(request.POST or None, all_offices().values())
    if form.is_valid():
        try:
            targets.set_target(viewer, **form.given())
        except DomainError as refused:
            form.add_error(refused.question if refused.question in form.fields else None, refused.message)
        else:
            messages.success(request, _("Đã ghi chỉ tiêu."))
            return redirect("statistics:goals")
    context = {"form": form, "tabs": tabs_of("goals", extent, viewer)}
    return render(request, "statistics/set_goal.html", context)


@hq_required
@require_POST
def withdraw_goal(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        targets.withdraw_target(target_of(pk))
    except Target.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Đã rút chỉ tiêu."))
    return redirect("statistics:goals")
