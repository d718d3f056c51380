"""Signing with a digital certificate: the bytes to sign, and the signature that comes back. The page itself is the
one on which a code is asked for."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from accounts.services import certificates, codes
from accounts.views.access import citizen_required, user_of
from procedures.domain.errors import DomainError
from procedures.forms.confirm import CertificateForm
from procedures.models import CoSignature, Dossier
from procedures.services import content as contents
from procedures.services import cosigning, filing, papers
from procedures.views import cosigning as cosign_pages
from procedures.views import filing as filing_pages
from procedures.views import journey
from procedures.views.downloads import private

REFUSALS = (certificates.CertificateRefused, codes.CodeRefused)


@require_http_methods(["GET", "POST"])
@citizen_required
def sign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A good signature files. A filed dossier leads to its receipt."""
    dossier = journey.own_dossier(request, public_id)
    if dossier.status not in filing.SIGNABLE:
        return redirect(journey.url_of(dossier, "receipt"))
    if elsewhere := filing_pages.unsignable(request, dossier):
        return redirect(elsewhere)
    if request.method == "GET" or not certificates.is_offered():
        return redirect(journey.url_of(dossier, "sign"))
    form = CertificateForm(request.POST, request.FILES)
    return _file(request, dossier, form) if form.is_valid() else _sign_page(request, dossier, form)


@require_GET
@citizen_required
def content(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    dossier = journey.own_dossier(request, public_id)
    if elsewhere := filing_pages.unsignable(request, dossier):
        return redirect(elsewhere)
    return _download(dossier, kind)


@require_http_methods(["GET", "POST"])
@citizen_required
def co_sign(request: HttpRequest, pk: int) -> HttpResponse:
    signature = cosign_pages.own_signature(request, pk)
    if signature.signed_at:
        return redirect("procedures:cosign_list")
    if request.method == "GET" or not certificates.is_offered():
        return redirect("procedures:cosign_read", pk)
    form = CertificateForm(request.POST, request.FILES)
    return _co_sign(request, signature, form) if form.is_valid() else _cosign_page(request, signature, form)


@require_GET
@citizen_required
def cosign_content(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    return _download(cosign_pages.own_signature(request, pk).dossier, kind)


def _file(request: HttpRequest, dossier: Dossier, form: CertificateForm) -> HttpResponse:
    try:
        filing.file_with_certificate(dossier, user_of(request), form.cleaned_data["signature"])
    except REFUSALS as refusal:
        form.add_error("signature", refusal.message)
        return _sign_page(request, dossier, form)
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect(journey.before_signing(dossier))
    return redirect(journey.url_of(dossier, "receipt"))


def _co_sign(request: HttpRequest, signature: CoSignature, form: CertificateForm) -> HttpResponse:
    try:
        cosigning.sign_with_certificate(signature, user_of(request), form.cleaned_data["signature"])
    except REFUSALS as refusal:
        form.add_error("signature", refusal.message)
        return _cosign_page(request, signature, form)
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect("procedures:cosign_read", signature.pk)
    messages.success(request, cosign_pages.SIGNED)
    return redirect("procedures:cosign_list")


def _sign_page(request: HttpRequest, dossier: Dossier, form: CertificateForm) -> HttpResponse:
    return filing_pages.sign_page(request, dossier, certificate=form, status=422)


def _cosign_page(request: HttpRequest, signature: CoSignature, form: CertificateForm) -> HttpResponse:
    return cosign_pages.read_page(request, signature, certificate=form, status=422)


def _download(dossier: Dossier, kind: str) -> HttpResponse:
    """The bytes to sign, as they are now."""
    if kind == "json":
        made, content_type = contents.signed_content(dossier), "application/json"
    elif kind == "pdf":
        made, content_type = papers.signing_pdf_for(dossier), "application/pdf"
    else:
        raise Http404
    response = HttpResponse(made, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="noi-dung-can-ky.{kind}"'
    return private(response)
