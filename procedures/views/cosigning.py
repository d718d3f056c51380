"""Signing with a filer: asking the others, and the pages of those who are asked."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import TransactionCode
from accounts.services import certificates, codes
from accounts.views.access import citizen_required, user_of
from portal.lib.digests import short_digest
from procedures.domain.errors import DomainError
from procedures.forms.confirm import CertificateForm, ChannelForm, CodeForm
from procedures.models import CoSignature
from procedures.selectors.cosignatures import asked_of, attachment_to_sign, signature_of
from procedures.selectors.definitions import procedure_of
from procedures.services import content, cosigning
from procedures.views import journey, review
from procedures.views.downloads import send_file

SIGN = TransactionCode.Purpose.SIGN
SIGNED = gettext_lazy("Ông/bà đã ký. Người nộp được báo và sẽ nộp hồ sơ khi mọi người đã ký.")


@require_POST
@citizen_required
def ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The filer asks everybody who has to sign."""
    dossier = journey.own_dossier(request, public_id)
    try:
        cosigning.ask(dossier)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(
            request, _("Đã mời. Mỗi người ký bằng mã của mình; ông/bà được báo khi có người ký.")
        )
    return redirect(journey.url_of(dossier, "check"))


@require_GET
@citizen_required
def to_sign(request: HttpRequest) -> HttpResponse:
    asked = [(signature, procedure_of(signature.dossier)) for signature in asked_of(user_of(request))[:50]]
    return render(request, "procedures/cosign_list.html", {"asked": asked})


@require_http_methods(["GET", "POST"])
@citizen_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole dossier as it will be signed, and where the code goes."""
    signature = own_signature(request, pk)
    form = ChannelForm(codes.offered_channels(user_of(request)), request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _ask_code(request, signature, form)
    return read_page(request, signature, form, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@citizen_required
def type_code(request: HttpRequest, pk: int) -> HttpResponse:
    signature = own_signature(request, pk)
    if signature.signed_at:
        return redirect("procedures:cosign_list")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _sign(request, signature, form)
    return _code_page(request, signature, form, 422 if form.is_bound else 200)


@require_GET
@citizen_required  # type: ignore[arg-type] # a stream is an answer, too
def file(request: HttpRequest, pk: int, file_id: UUID) -> HttpResponseBase:
    try:
        return send_file(request, attachment_to_sign(user_of(request), pk, file_id))
    except ObjectDoesNotExist as error:
        raise Http404 from error


def own_signature(request: HttpRequest, pk: int) -> CoSignature:
    try:
        return signature_of(user_of(request), pk)
    except CoSignature.DoesNotExist as error:
        raise Http404 from error


def _ask_code(request: HttpRequest, signature: CoSignature, form: ChannelForm) -> HttpResponse:
    try:
        cosigning.ask_for_code(signature, user_of(request), form.cleaned_data["channel"])
    except codes.CodeNotSent as error:
        messages.warning(request, error.message)
        if not codes.live_code(user_of(request), SIGN, content.digest_of(signature.dossier)):
            return read_page(request, signature, form, status=429)
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect("procedures:cosign_list")
    return redirect("procedures:cosign_code", signature.pk)


def _sign(request: HttpRequest, signature: CoSignature, form: CodeForm) -> HttpResponse:
    try:
        cosigning.sign(signature, user_of(request), form.cleaned_data["code"])
    except codes.CodeRefused as error:
        form.add_error("code", error.message)
        return _code_page(request, signature, form, 422)
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect("procedures:cosign_read", signature.pk)
    messages.success(request, SIGNED)
    return redirect("procedures:cosign_list")


def read_page(
    request: HttpRequest,
    signature: CoSignature,
    form: ChannelForm | None = None,
    *,
    certificate: CertificateForm | None = None,
    status: int,
) -> HttpResponse:
    dossier = signature.dossier
    form = form or ChannelForm(codes.offered_channels(user_of(request)))
    context = {
        **_signed(signature),
        "form": form,
        "certificate": certificate or (CertificateForm() if certificates.is_offered() else None),
        "has_contact": bool(form.fields["channel"].choices),  # type: ignore[attr-defined]
        "parts": review.parts_of(dossier),
        "files": dossier.attachments.all(),
    }
    return render(request, "procedures/cosign_read.html", context, status=status)


def _code_page(request: HttpRequest, signature: CoSignature, form: CodeForm, status: int) -> HttpResponse:
    live = codes.live_code(user_of(request), SIGN, content.digest_of(signature.dossier))
    form.suit(live)
    context = {**_signed(signature), "form": form, "live": live}
    return render(request, "procedures/cosign_code.html", context, status=status)


def _signed(signature: CoSignature) -> dict[str, object]:
    return {
        "signature": signature,
        "dossier": signature.dossier,
        "procedure": procedure_of(signature.dossier),
        "digest": short_digest(content.digest_of(signature.dossier)),
    }
