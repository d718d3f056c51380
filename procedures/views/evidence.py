"""What a filer takes home as proof: the receipt as data, and everything in one file."""

import json
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.views.access import citizen_required
from procedures.domain.lifecycle import Status
from procedures.selectors.access import looks_at
from procedures.selectors.definitions import procedure_of
from procedures.services import bundle as bundles
from procedures.services import evidence
from procedures.views import journey
from procedures.views.downloads import private


@require_safe
@citizen_required
def receipt_json(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The receipt with its proof in the log, for verify_receipt.py and /kiem-chung/."""
    dossier = journey.own_dossier(request, public_id)
    receipt = evidence.receipt_of(dossier)
    if receipt is None:
        raise Http404
    response = HttpResponse(
        json.dumps(receipt, ensure_ascii=False, indent=1, sort_keys=True), content_type="application/json"
    )
    name = f"giay-tiep-nhan-{dossier.reference}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)


@require_safe
@citizen_required
def bundle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Everything about a filed dossier in one file that verifies by itself."""
    dossier = journey.own_dossier(request, public_id)
    if dossier.status == Status.DRAFT:
        raise Http404
    response = HttpResponse(bundles.bundle_of(dossier), content_type="application/zip")
    name = f"bo-bang-chung-{dossier.reference}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)


@require_safe
@citizen_required
def viewers(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who of the staff looked at the dossier, when and for what."""
    dossier = journey.own_dossier(request, public_id)
    if dossier.status == Status.DRAFT:
        return redirect(journey.next_url(dossier))
    raw = request.GET.get("truoc", "")
    before = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else None
    page = looks_at(dossier, before)
    events = [
        {"title": look.what, "at": look.at, "by": look.who, "text": look.purpose} for look in page.looks
    ]
    context = {"dossier": dossier, "procedure": procedure_of(dossier), "page": page, "events": events}
    return render(request, "procedures/evidence_viewers.html", context)
