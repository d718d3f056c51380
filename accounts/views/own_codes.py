"""Ways to sign without signal, in the account: an authenticator app and a printed card."""

import time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.entry import AppCodeForm, CodeForm
from accounts.services import authenticator, cards, codes, own_codes, second_factor
from accounts.services.second_factor import FactorRefused
from accounts.views.access import citizen_required, user_of
from accounts.views.second_factor import grouped, qr_of

ADDING = "adding_app_until"
PATIENCE = 10 * 60  # seconds from the code to the app's first digits


@require_safe
@citizen_required
@never_cache
def ways(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    context = {
        "has_app": authenticator.is_enrolled(user),
        "codes_left": cards.codes_left(user),
        "is_reachable": bool(user.contacts),
    }
    return render(request, "accounts/ways.html", context)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@never_cache
def add(request: HttpRequest, what: str) -> HttpResponse:
    """ "send" sends a code; the right one adds the way: a card comes as a PDF in this one answer."""
    if not user_of(request).contacts:
        raise Http404
    if request.method != "POST":
        return _page(request, what, CodeForm())
    if "send" in request.POST:
        return _send(request, what)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            return _added(request, what, form.cleaned_data["code"])
        except codes.CodeRefused as refusal:
            form.add_error("code", refusal.message)
    return _page(request, what, form, status=422)


@sensitive_post_parameters("app_code")
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@never_cache
def bind_app(request: HttpRequest) -> HttpResponse:
    """The seed is shown until a first code proves that the app has it."""
    user = user_of(request)
    if request.session.get(ADDING, 0) < time.time() or authenticator.is_enrolled(user):
        return redirect("accounts:ways")
    seed = authenticator.begin(user)
    form = AppCodeForm(request.POST or None)
    shown: dict[str, Any] = {"qr": qr_of(authenticator.address_of(user, seed)), "seed": grouped(seed)}
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.enrol(user, form.cleaned_data["app_code"])
        except FactorRefused as refusal:
            form.add_error("app_code", refusal.message)
        else:
            del request.session[ADDING]
            messages.success(request, _("Đã gắn. Khi ký, ông/bà có thể chọn mã của ứng dụng."))
            return redirect("accounts:ways")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/bind_app.html", {"form": form, **shown}, status=status)


def _send(request: HttpRequest, what: str) -> HttpResponse:
    try:
        own_codes.ask(user_of(request), what)
    except codes.CodeNotSent as refusal:
        messages.warning(request, refusal.message)
    return redirect(f"accounts:add_{what}")


def _added(request: HttpRequest, what: str, typed: str) -> HttpResponse:
    user = user_of(request)
    if what == "app":
        own_codes.begin_app(user, typed)
        request.session[ADDING] = int(time.time()) + PATIENCE
        return redirect("accounts:bind_app")
    response = HttpResponse(cards.card_pdf(own_codes.make_card(user, typed)), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="the-ma-in-san.pdf"'
    return response


def _page(request: HttpRequest, what: str, form: CodeForm, status: int = 200) -> HttpResponse:
    user = user_of(request)
    channel, destination = next(iter(user.contacts.items()))
    context = {
        "route": f"accounts:add_{what}",
        "what": what,
        "form": form,
        "masked": codes.masked(channel, destination),
        "live": codes.live_code(user, own_codes.FACTOR, own_codes.digest_of(user, what)),
    }
    return render(request, "accounts/add_way.html", context, status=status)
