"""Nhận, trả lại, bàn giao, tiếp quản: who works on a dossier, and the views an officer keeps."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.access import officer_required, user_of
from procedures.casework.desk import Desk
from procedures.casework.holding_forms import HandOverForm, SaveFilterForm, TakeOverForm
from procedures.domain.errors import DomainError
from procedures.selectors.colleagues import officers_of
from procedures.services import assignment, saved_filters

SHOWN = ("GET", "HEAD", "POST")


@officer_required
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    dossier = assignment.take_next(user_of(request))
    if dossier is None:
        messages.info(request, _("Không còn hồ sơ nào chưa có người nhận."))
        return redirect("casework:queue")
    messages.success(
        request, _("Đã nhận hồ sơ này. Ông/bà giữ hồ sơ đến khi xong việc, hoặc 30 phút sau lần bấm cuối.")
    )
    return redirect("casework:dossier", public_id=dossier.public_id)


@officer_required
@require_POST
def take(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk = Desk(request, public_id)
    try:
        assignment.take(desk.dossier, desk.officer)
    except DomainError as refused:
        messages.warning(request, refused.message)
        return desk.back()
    return desk.done(request, _("Đã nhận hồ sơ này."))


@officer_required
@require_POST
def release(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk = Desk(request, public_id)
    try:
        assignment.release(desk.dossier, desk.officer)
    except DomainError as refused:
        messages.warning(request, refused.message)
        return desk.back()
    messages.success(request, _("Đã trả hồ sơ %s lại hàng chờ.") % desk.dossier.reference)
    return redirect("casework:queue")


@officer_required
@require_http_methods(SHOWN)
def hand_over(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk = Desk(request, public_id)
    colleagues = [one for one in officers_of(desk.officer.office) if one != desk.officer]
    form = HandOverForm(request.POST or None, colleagues)
    if request.method == "POST" and form.is_valid():
        try:
            assignment.hand_over(desk.dossier, desk.officer, **form.typed())
        except DomainError as refused:
            form.add_error(refused.question or None, refused.message)
        else:
            words = _("Đã bàn giao hồ sơ cho %s.") % form.typed()["to"].full_name
            return desk.done(request, words)
    context = {"desk": desk, "dossier": desk.dossier, "form": form, "title": _("Bàn giao hồ sơ")}
    return render(request, "casework/hand_over.html", {**context, "is_possible": desk.is_mine})


@officer_required
@require_http_methods(SHOWN)
def take_over(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk = Desk(request, public_id)
    form = TakeOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            assignment.take_over(desk.dossier, desk.officer, **form.typed())
        except DomainError as refused:
            form.add_error(refused.question or None, refused.message)
        else:
            return desk.done(request, _("Đã tiếp quản hồ sơ. Người giữ trước được báo ở hàng chờ của họ."))
    context = {"desk": desk, "dossier": desk.dossier, "form": form, "title": _("Tiếp quản hồ sơ")}
    return render(request, "casework/take_over.html", {**context, "is_possible": not desk.is_mine})


@officer_required
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    saved_filters.mark_read(user_of(request))
    return redirect("casework:queue")


@officer_required
@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    form = SaveFilterForm(request.POST)
    form.is_valid()
    try:
        saved_filters.save_filter(user_of(request), **{"name": "", "query": "", **form.cleaned_data})
    except DomainError as refused:
        messages.warning(request, refused.message)
        return redirect("casework:queue")
    messages.success(request, _("Đã lưu bộ lọc."))
    return redirect("casework:queue")


@officer_required
@require_POST
def drop_filter(request: HttpRequest) -> HttpResponse:
    form = SaveFilterForm(request.POST)
    if form.is_valid():
        saved_filters.drop_filter(user_of(request), form.cleaned_data["name"])
    return redirect("casework:queue")
