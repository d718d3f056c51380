"""Sự cố hệ thống: the headquarters record days on which nobody could work; due dates follow."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.access import hq_required, user_of
from procedures.casework.clock_forms import OutageForm
from procedures.domain.errors import DomainError
from procedures.selectors.clock import recent_outages
from procedures.services import clock

SHOWN = ("GET", "HEAD", "POST")


@hq_required
@require_http_methods(SHOWN)
def outages(request: HttpRequest) -> HttpResponse:
    form = OutageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            clock.record_outage(user_of(request), **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.question or None, refused.message)
        else:
            messages.success(
                request, _("Đã ghi sự cố. Ngày hẹn của các hồ sơ liên quan lùi lại trong vài phút.")
            )
            return redirect("casework:outages")
    return render(request, "casework/outages.html", {"form": form, "outages": recent_outages()})
