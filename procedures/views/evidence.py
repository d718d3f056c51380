"""What a filer takes home as proof: the receipt as data, and everything in one file."""

import json
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.views.access import citizen_required
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
