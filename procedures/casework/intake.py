"""Tiếp nhận hồ sơ giấy: the counter's and the post's way into the queue."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.access import officer_required, user_of
from procedures import catalogue
from procedures.casework.desk import Desk
from procedures.casework.intake_forms import IntakeForm
from procedures.domain.definition import Procedure
from procedures.domain.errors import DomainError, NotAllowed, UnknownProcedure
from procedures.models import Dossier
from procedures.selectors.intake import duplicates_of
from procedures.selectors.transfers import offices_but
from procedures.services import calendar, intake, papers

SHOWN = ("GET", "HEAD", "POST")


@officer_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    procedures = catalogue.procedures_on(calendar.legal_date())
    context = {"procedures": procedures, "office": user_of(request).office}
    return render(request, "casework/intake_choose.html", context)


@officer_required
@require_http_methods(SHOWN)
def receive(request: HttpRequest, code: str) -> HttpResponse:
    """The form; then, where the person has such a dossier already, the same form with the question whether
    this is another one."""
    officer, procedure = user_of(request), _procedure_or_404(code)
    form = IntakeForm(request.POST or None, procedure, offices_but(officer.office_id))
    duplicates: list[Dossier] = []
    if request.method == "POST" and form.is_valid():
        if "sure" not in request.POST:
            duplicates = duplicates_of(officer, procedure.code, form.cleaned_data["bhxh_number"])
            duplicates = [one for one in duplicates if one.public_id != form.cleaned_data["public_id"]]
        if not duplicates and (made := _made(form, request)):
            return redirect("casework:intake_done", public_id=made.public_id)
    context = {"form": form, "procedure": procedure, "duplicates": duplicates, "office": officer.office}
    return render(request, "casework/intake.html", context, status=422 if form.errors else 200)


@officer_required
@require_safe
def done(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk = Desk(request, public_id)
    context: dict[str, Any] = {"desk": desk, "dossier": desk.dossier, "procedure": desk.procedure}
    return render(request, "casework/intake_done.html", context)


@officer_required
@require_safe
def receipt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Form 01, to be printed and handed over."""
    desk = Desk(request, public_id)
    response = HttpResponse(papers.receipt_pdf_for(desk.dossier), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="giay-tiep-nhan-{desk.dossier.reference}.pdf"'
    return response


def _made(form: IntakeForm, request: HttpRequest) -> Dossier | None:
    try:
        return intake.receive(user_of(request), form.paper(), form.cleaned_data["public_id"])
    except NotAllowed as refused:
        raise Http404(_("Không có hồ sơ này.")) from refused
    except DomainError as refused:
        form.add_error(refused.question if refused.question in form.fields else None, refused.message)
    return None


def _procedure_or_404(code: str) -> Procedure:
    try:
        return catalogue.procedure_on(code, calendar.legal_date())
    except UnknownProcedure as error:
        raise Http404(_("Không có thủ tục này.")) from error
