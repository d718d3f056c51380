"""Numbers taken over from reports, each with its source."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.access import hq_required, login_required, user_of
from portal.statistics.asked import extent_of
from portal.statistics.forms import ImportForm
from portal.statistics.tabs import tabs_of
from portal.statistics.viewer import is_hq, viewer_of
from procedures.domain.errors import DomainError
from procedures.selectors.statistics.imports import imports_until
from procedures.selectors.statistics.places import all_offices
from procedures.services.imported_counts import import_count

SHOWN = ("GET", "HEAD", "POST")


@login_required
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    viewer, extent = viewer_of(request), extent_of(request)
    page = imports_until(request.GET.get("sau", ""))
    context = {
        "imports": page.imports,
        "next_url": f"{request.path}?sau={page.following}" if page.following else "",
        "is_hq": is_hq(viewer),
        "tabs": tabs_of("imports", extent, viewer),
    }
    return render(request, "statistics/imports.html", context)


@hq_required
@require_http_methods(SHOWN)
def add_import(request: HttpRequest) -> HttpResponse:
    viewer, extent = user_of(request), extent_of(request)
    form = ImportForm(request.POST or None, all_offices().values(), empty=_("(chọn cơ quan)"))
    if form.is_valid():
        try:
            import_count(viewer, **form.given())
        except DomainError as refused:
            form.add_error(refused.question if refused.question in form.fields else None, refused.message)
        else:
            messages.success(request, _("Đã nhập số liệu."))
            return redirect("statistics:imports")
    context = {"form": form, "tabs": tabs_of("imports", extent, viewer)}
    return render(request, "statistics/add_import.html", context)
