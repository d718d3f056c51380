"""Frozen reports: the list, one of them, as a file, freezing and correcting."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.access import hq_required, login_required, user_of
from portal.statistics.asked import ExtentForm, address_of, extent_of
from portal.statistics.exports import FORMATS, Sheet
from portal.statistics.forms import CorrectForm, FreezeForm
from portal.statistics.tables import file_of
from portal.statistics.tabs import tabs_of
from portal.statistics.viewer import is_hq, viewer_of
from procedures.documents.printable import grouped_digest
from procedures.domain.errors import DomainError
from procedures.models import ReportEdition
from procedures.selectors.statistics.editions import edition_of, editions_until
from procedures.selectors.statistics.table import rate_table
from procedures.services import reports

SHOWN = ("GET", "HEAD", "POST")


@login_required
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    viewer, extent = viewer_of(request), extent_of(request)
    page = editions_until(request.GET.get("sau", ""))
    context = {
        "editions": page.editions,
        "next_url": f"{request.path}?sau={page.following}" if page.following else "",
        "is_hq": is_hq(viewer),
        "address": address_of(extent),
        "extent": extent,
        "tabs": tabs_of("editions", extent, viewer),
    }
    return render(request, "statistics/editions.html", context)


@login_required
@require_safe
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    viewer, found = viewer_of(request), _found(pk)
    content = reports.content_of(found)
    context = {
        "edition": found,
        "content": content,
        "lines": [*content["rows"], content["total"]],
        "digest": grouped_digest(found.digest),
        "changes": reports.changes_since(found),
        "correction": getattr(found, "correction", None),
        "may_correct": is_hq(viewer),
        "formats": list(FORMATS),
        "tabs": tabs_of("editions", reports.extent_of(content), viewer),
    }
    return render(request, "statistics/edition.html", context)


@login_required
@require_safe
def edition_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    viewer_of(request)
    if kind not in FORMATS:
        raise Http404
    found = _found(pk)
    return file_of(sheet_of(found), kind, f"bao-cao-{found.pk}")


@hq_required
@require_http_methods(SHOWN)
def freeze(request: HttpRequest) -> HttpResponse:
    viewer, extent = user_of(request), ExtentForm(request.GET).extent()
    form = FreezeForm(request.POST or None)
    if form.is_valid():
        try:
            kept = reports.freeze(extent, viewer, **form.given())
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Đã chốt báo cáo số %d.") % kept.pk)
            return redirect("statistics:edition", pk=kept.pk)
    table = rate_table(extent)
    context = {"form": form, "extent": extent, "table": table, "tabs": tabs_of("editions", extent, viewer)}
    return render(request, "statistics/freeze.html", context)


@hq_required
@require_http_methods(SHOWN)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _found(pk), CorrectForm(request.POST or None)
    if form.is_valid():
        try:
            kept = reports.correct(found, user_of(request), form.cleaned_data["reason"])
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Đã chốt bản đính chính số %d.") % kept.pk)
            return redirect("statistics:edition", pk=kept.pk)
    context = {"edition": found, "form": form, "changes": reports.changes_since(found)}
    extent = reports.extent_of(reports.content_of(found))
    return render(
        request, "statistics/correct.html", {**context, "tabs": tabs_of("editions", extent, user_of(request))}
    )


def sheet_of(found: ReportEdition) -> Sheet:
    """An edition as it is printed: from its own bytes and nothing else."""
    content: dict[str, Any] = reports.content_of(found)
    words = _("Đính chính báo cáo số %(number)s. Lý do: %(reason)s")
    said = {"number": found.corrects_id, "reason": found.reason}
    notes = [words % said] if found.corrects_id else []
    return Sheet(
        title=content["title"],
        attached_to=content["attached_to"],
        headings=content["headings"],
        rows=[row[1:] for row in content["rows"]],
        total=content["total"][1:],
        definition=content["definition"],
        notes=[_("Báo cáo chốt số %d.") % found.pk, *notes],
        digest=grouped_digest(found.digest),
        made_at=found.frozen_at,
    )


def _found(pk: int) -> ReportEdition:
    try:
        return edition_of(pk)
    except ReportEdition.DoesNotExist as error:
        raise Http404 from error
