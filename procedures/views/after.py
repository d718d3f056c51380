"""After the result: complaining about it, and two questions."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.access import citizen_required, user_of
from procedures.domain import complaints as limits
from procedures.domain.errors import DomainError
from procedures.forms.after import ComplaintForm, RatingForm
from procedures.models import Dossier
from procedures.selectors.complaints import complaint_of
from procedures.selectors.definitions import procedure_of
from procedures.services import complaints, ratings
from procedures.views import journey


@require_http_methods(["GET", "POST"])
@citizen_required
def complain(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = journey.own_dossier(request, public_id)
    form = ComplaintForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            complaints.complain(found, user_of(request), form.cleaned_data["text"])
        except DomainError as refused:
            messages.warning(request, refused.message)
        else:
            messages.success(request, _("Đã nhận khiếu nại của ông/bà. Hạn trả lời ghi ở dưới."))
        return redirect(journey.url_of(found))
    if not complaints.may_complain(found):
        messages.info(request, _("Hồ sơ này không khiếu nại được ở đây."))
        return redirect(journey.url_of(found))
    return complaint_page(request, found, form, journey.url_of(found))


def complaint_page(request: HttpRequest, found: Dossier, form: ComplaintForm, back_url: str) -> HttpResponse:
    """The form with how long it takes; the same for people with an account and without."""
    context = {
        "dossier": found,
        "procedure": procedure_of(found),
        "form": form,
        "back_url": back_url,
        "answer_days": limits.ANSWER.value,
        "answer_basis": limits.ANSWER.basis,
        "make_days": limits.MAKE.days,
        "make_basis": limits.MAKE_BASIS,
    }
    return render(request, "procedures/complain.html", context, status=422 if form.errors else 200)


@require_POST
@citizen_required
def take_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = journey.own_dossier(request, public_id)
    complaint = complaint_of(found)
    if complaint is not None:
        try:
            complaints.take_back(complaint, user_of(request))
        except DomainError as refused:
            messages.warning(request, refused.message)
        else:
            messages.success(request, _("Đã rút khiếu nại."))
    return redirect(journey.url_of(found))


@require_POST
@citizen_required
def rate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = journey.own_dossier(request, public_id)
    form = RatingForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Xin trả lời cả hai câu rồi gửi lại."))
        return redirect(journey.url_of(found))
    try:
        ratings.rate(found, **form.cleaned_data)
    except DomainError as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, _("Cảm ơn ông/bà đã đánh giá."))
    return redirect(journey.url_of(found))
