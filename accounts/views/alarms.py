"""Cảnh báo: what is wrong or was, and who has looked at it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Alarm
from accounts.selectors.alarms import alarm_for, alarms_for
from accounts.services import alarms
from accounts.views.access import overseer_required, user_of


@require_safe
@overseer_required
def listed(request: HttpRequest) -> HttpResponse:
    raw = request.GET.get("truoc", "")
    before = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else None
    return render(request, "accounts/alarms.html", {"page": alarms_for(user_of(request), before)})


@require_POST
@overseer_required
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        alarm = alarm_for(user_of(request), pk)
    except Alarm.DoesNotExist as error:
        raise Http404 from error
    alarms.clear(Alarm.Kind(alarm.kind), alarm.subject)
    messages.success(request, _("Đã ghi là xử lý xong. Nếu việc còn xảy ra, cảnh báo sẽ hiện lại."))
    return redirect("accounts:alarms")
