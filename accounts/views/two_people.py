"""Acts of two issuers: one asks at the registration, another decides on the page of what waits."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.issuing import CheckForm, RefusalForm, TwoPersonForm
from accounts.selectors.two_people import acts_waiting, unvouched
from accounts.services import two_people
from accounts.services.registration import RegistrationRefused
from accounts.views.access import issuer_required, user_of
from accounts.views.issuing import detail, issued_page, own_registration, tabs_of


@require_safe
@issuer_required
@never_cache
def second_person(request: HttpRequest) -> HttpResponse:
    issuer = user_of(request)
    context = {
        "acts": acts_waiting(issuer),
        "unvouched": unvouched(issuer)[:100],
        "tabs": tabs_of(issuer, "hai-nguoi"),
        "office": issuer.office,
    }
    return render(request, "accounts/second_person.html", context)


@require_POST
@issuer_required
def ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    declared = own_registration(request, public_id)
    form = TwoPersonForm(declared, request.POST)
    if not form.is_valid():
        return detail(request, declared, CheckForm(), RefusalForm(), second=form, status=422)
    try:
        two_people.ask(declared, user_of(request), form.asked())
    except RegistrationRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã ghi đề nghị. Một cán bộ cấp mã khác của cơ quan sẽ quyết định."))
    return redirect("accounts:registration", public_id)


@require_POST
@issuer_required
def vouch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    try:
        two_people.vouch(own_registration(request, public_id), user_of(request))
    except RegistrationRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã xem lại. Từ nay người này ký được hồ sơ."))
    return redirect("accounts:registration", public_id)


@require_POST
@issuer_required
@never_cache
def approve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A code, if there is one, stands in this one answer and nowhere else."""
    act = get_object_or_404(acts_waiting(user_of(request)), public_id=public_id)
    try:
        code = two_people.approve(act, user_of(request), is_on_paper="paper" in request.POST)
    except RegistrationRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("accounts:second_person")
    if code:
        return issued_page(request, act.registration, code)
    messages.success(request, _("Đã đổi liên hệ và báo cho cả liên hệ cũ lẫn mới."))
    return redirect("accounts:second_person")


@require_POST
@issuer_required
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Also how the one who asked takes it back."""
    issuer = user_of(request)
    act = get_object_or_404(acts_waiting(issuer), public_id=public_id)
    if act.asked_by_id == issuer.pk:
        two_people.withdraw(act, issuer)
    else:
        two_people.refuse(act, issuer)
    messages.success(request, _("Đã bỏ đề nghị; không có gì thay đổi."))
    return redirect("accounts:second_person")
