"""From the finished draft to the receipt: check the answers, ask for the code, type it, file."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import TransactionCode
from accounts.services import certificates, codes
from accounts.views.access import citizen_required, user_of
from portal.lib.digests import short_digest
from procedures.domain.errors import DomainError
from procedures.domain.lifecycle import Status
from procedures.forms.confirm import CertificateForm, ChannelForm, CodeForm
from procedures.models import Dossier
from procedures.selectors.definitions import procedure_of
from procedures.services import content, filing
from procedures.views import journey, review

SIGN = TransactionCode.Purpose.SIGN


@require_GET
@citizen_required
def check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    dossier = journey.own_dossier(request, public_id)
    if elsewhere := journey.not_yet(request, dossier):
        return redirect(elsewhere)
    return render(request, "procedures/check.html", review.of_draft(dossier))


@require_http_methods(["GET", "POST"])
@citizen_required
def sign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Choose where the code goes, and have it sent."""
    dossier = journey.own_dossier(request, public_id)
    if elsewhere := unsignable(request, dossier):
        return redirect(elsewhere)
    offered = codes.offered_channels(user_of(request))
    form = ChannelForm(offered, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _ask(request, dossier, form)
    return sign_page(request, dossier, form, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@citizen_required
def type_code(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A wrong code keeps the filer here; a right one files. A filed dossier leads to its receipt."""
    dossier = journey.own_dossier(request, public_id)
    form = CodeForm(request.POST or None)
    if dossier.status not in filing.SIGNABLE:
        return redirect(journey.url_of(dossier, "receipt"))
    if request.method == "POST" and form.is_valid():
        return _file(request, dossier, form)
    if elsewhere := unsignable(request, dossier):
        return redirect(elsewhere)
    return _code_page(request, dossier, form, 422 if form.is_bound else 200)


@require_GET
@citizen_required
def receipt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    dossier = journey.own_dossier(request, public_id)
    if dossier.status == Status.DRAFT:
        return redirect(journey.next_url(dossier))
    context = {
        "dossier": dossier,
        "procedure": procedure_of(dossier),
        "filing": dossier.filings.order_by("-number").first(),
        "is_on_the_way": dossier.status == Status.FILED,
    }
    page = "procedures/receipt_state.html" if journey.is_htmx(request) else "procedures/receipt.html"
    return render(request, page, context)


def unsignable(request: HttpRequest, dossier: Dossier) -> str:
    """Where to go instead of signing: nothing to sign any more, or something is still missing."""
    if dossier.status not in filing.SIGNABLE:
        return journey.url_of(dossier)
    if filing.is_ready(dossier):
        return ""
    messages.warning(request, _("Hồ sơ còn chỗ chưa xong nên chưa ký được. Xin xem những chỗ được nhắc."))
    return journey.before_signing(dossier)


def _ask(request: HttpRequest, dossier: Dossier, form: ChannelForm) -> HttpResponse:
    try:
        filing.ask_for_code(dossier, form.cleaned_data["channel"])
    except codes.CodeNotSent as error:
        messages.warning(request, error.message)
        if codes.live_code(user_of(request), SIGN, content.digest_of(dossier)):
            return redirect(journey.url_of(dossier, "type_code"))
        return sign_page(request, dossier, form, status=429)
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect(journey.before_signing(dossier))
    return redirect(journey.url_of(dossier, "type_code"))


def _file(request: HttpRequest, dossier: Dossier, form: CodeForm) -> HttpResponse:
    try:
        filing.file_dossier(dossier, user_of(request), form.cleaned_data["code"])
    except codes.CodeRefused as error:
        form.add_error("code", error.message)
        return _code_page(request, dossier, form, 422)
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect(journey.before_signing(dossier))
    return redirect(journey.url_of(dossier, "receipt"))


def sign_page(
    request: HttpRequest,
    dossier: Dossier,
    form: ChannelForm | None = None,
    *,
    certificate: CertificateForm | None = None,
    status: int,
) -> HttpResponse:
    """Both ways to sign: a code, or a certificate where any is accepted."""
    digest = content.digest_of(dossier)
    form = form or ChannelForm(codes.offered_channels(user_of(request)))
    context = {
        **_signed(dossier, digest),
        "form": form,
        "has_contact": form.has_channels,
        "live": codes.live_code(user_of(request), SIGN, digest),
        "certificate": certificate or (CertificateForm() if certificates.is_offered() else None),
    }
    return render(request, "procedures/sign.html", context, status=status)


def _code_page(request: HttpRequest, dossier: Dossier, form: CodeForm, status: int) -> HttpResponse:
    digest = content.digest_of(dossier)
    live = codes.live_code(user_of(request), SIGN, digest)
    form.suit(live)
    context = {**_signed(dossier, digest), "form": form, "live": live}
    if journey.is_htmx(request):
        return render(request, "procedures/code_state.html", context)
    return render(request, "procedures/type_code.html", context, status=status)


def _signed(dossier: Dossier, digest: str) -> dict[str, object]:
    is_draft = dossier.status == Status.DRAFT
    return {
        "dossier": dossier,
        "procedure": procedure_of(dossier),
        "digest": short_digest(digest),
        "stages": journey.stages(dossier, journey.SIGN) if is_draft else [],
        "back": journey.before_signing(dossier),
    }
