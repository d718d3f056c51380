"""Own files and the portal's papers. Every download is authorised by itself, and nothing of it is kept
by any cache."""

import io
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.views.access import citizen_required, user_of
from portal.lib.uploads import CONTENT_TYPES
from procedures.domain.lifecycle import Status
from procedures.models import Attachment, Decision, Dossier
from procedures.selectors.decisions import decisions_of
from procedures.selectors.dossiers import attachment_of
from procedures.services import files, papers
from procedures.views import journey

SANDBOX = "sandbox; default-src 'none'"
EXTENSIONS = {content_type: kind.value for kind, content_type in CONTENT_TYPES.items()}

Response = TypeVar("Response", bound=HttpResponseBase)


@require_GET
@citizen_required  # type: ignore[arg-type] # a stream is an answer, too
def attachment(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponseBase:
    """Images are shown in the browser, a PDF is saved: in a sandbox no browser shows one."""
    try:
        found = attachment_of(user_of(request), file_id)
    except Attachment.DoesNotExist as error:
        raise Http404 from error
    if found.dossier.public_id != public_id:
        raise Http404
    return send_file(request, found)


def send_file(request: HttpRequest, found: Attachment) -> HttpResponseBase:
    """The safe copy of a file, after the caller has authorised it; a page when there is none yet. Raises
    Http404 when its bytes are gone."""
    if not found.may_be_opened:
        context = {"file": found, "layout": "layouts/citizen.html"}
        return render(request, "procedures/file_waiting.html", context, status=409)
    try:
        content = files.copy_of(found)
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"{found.document}.{EXTENSIONS.get(found.copy_type, 'bin')}"  # the filer's may lie
    return private(
        FileResponse(
            io.BytesIO(content),
            as_attachment=not found.is_picture,
            filename=name,
            content_type=found.copy_type,
        )
    )


@require_GET
@citizen_required
def receipt_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    dossier = journey.own_dossier(request, public_id)
    if dossier.status == Status.FILED and not dossier.queued_at:
        return redirect(journey.url_of(dossier, "receipt"))  # the promised day isn't known yet
    return _pdf(dossier, "giay-tiep-nhan", papers.receipt_pdf_for)


@require_GET
@citizen_required
def decision_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The latest decision, or with ``?lan=1`` the first: an earlier one stays readable."""
    number = request.GET.get("lan", "")

    def make(dossier: Dossier) -> bytes:
        made = dict(enumerate(decisions_of(dossier), start=1))
        chosen = made.get(int(number) if number.isdecimal() else len(made))
        if chosen is None:
            raise Decision.DoesNotExist
        return papers.decision_pdf_for(chosen)

    return _pdf(journey.own_dossier(request, public_id), "ket-qua", make)


@require_GET
@citizen_required
def supplement_pdf(request: HttpRequest, public_id: UUID, request_id: int) -> HttpResponse:
    dossier = journey.own_dossier(request, public_id)

    def make(dossier: Dossier) -> bytes:
        return papers.supplement_pdf_for(dossier.supplement_requests.get(pk=request_id))

    return _pdf(dossier, "yeu-cau-bo-sung", make)


@require_GET
@citizen_required
def form_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The form as the portal fills it in; of a draft a preview."""
    return _pdf(journey.own_dossier(request, public_id), "don", papers.form_pdf_for)


def _pdf(dossier: Dossier, name: str, make: Callable[[Dossier], bytes]) -> HttpResponse:
    try:
        content = make(dossier)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="application/pdf")
    file_name = f"{name}-{dossier.reference or 'ban-nhap'}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return private(response)


def private(response: Response) -> Response:
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response
