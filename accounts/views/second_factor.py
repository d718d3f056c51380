"""Between the password and being logged in: the code of the app, or binding an app for the first time."""

import time
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import wall
from accounts.forms.entry import AppCodeForm
from accounts.models import User
from accounts.selectors.staff import colleagues_of
from accounts.services import authenticator, second_factor, sessions
from accounts.services.login import BEGAN
from accounts.services.second_factor import VERIFIED, FactorRefused
from accounts.views.access import keyholder_required, user_of

PENDING = "awaiting_second_factor"
PATIENCE = 5 * 60  # seconds from the password to the code


def begin_session(request: HttpRequest, user: User) -> None:
    """Log the person in under a new session key. Of staff the second factor has been seen."""
    request.session.pop(PENDING, None)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    wall.enter(user.pk)
    request.session[BEGAN] = int(time.time())
    if not user.is_citizen:
        request.session[VERIFIED] = user.pk
    note_session(request, user)


def note_session(request: HttpRequest, user: User) -> None:
    """A session that began, or goes on under a new key: of staff the only one."""
    if not user.is_citizen:
        second_factor.keep_one_session(user, request.session)
    sessions.began(user, request.session, request.headers.get("User-Agent", ""))


def ask_second_factor(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    """The password was right: remember who may go on, and whereto. Nobody is logged in yet."""
    request.session.flush()
    request.session[PENDING] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "until": int(time.time()) + PATIENCE,
        "next": wanted,
    }
    return redirect("accounts:second_factor" if authenticator.is_enrolled(user) else "accounts:enrol")


@sensitive_post_parameters("app_code")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def second_factor_page(request: HttpRequest) -> HttpResponse:
    user = _pending(request)
    if user is None:
        return redirect("accounts:login")
    if not authenticator.is_enrolled(user):
        return redirect("accounts:enrol")
    form = AppCodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "second_factor", form)
    try:
        second_factor.check_code(user, form.cleaned_data["app_code"])
    except FactorRefused as refusal:
        return _refused(request, "second_factor", form, refusal)
    return _enter(request, user)


@sensitive_post_parameters("app_code")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enrol_page(request: HttpRequest) -> HttpResponse:
    """The seed is shown until a first code proves that the app has it, and never again."""
    user = _pending(request)
    if user is None:
        return redirect("accounts:login")
    if authenticator.is_enrolled(user):
        return redirect("accounts:second_factor")
    seed = authenticator.begin(user)
    shown: dict[str, Any] = {"qr": qr_of(authenticator.address_of(user, seed)), "seed": grouped(seed)}
    form = AppCodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "enrol", form, **shown)
    try:
        second_factor.enrol(user, form.cleaned_data["app_code"])
    except FactorRefused as refusal:
        return _refused(request, "enrol", form, refusal, **shown)
    messages.success(
        request, _("Đã gắn ứng dụng xác thực. Từ nay mỗi lần đăng nhập đều cần mã của ứng dụng.")
    )
    return _enter(request, user)


@require_safe
@keyholder_required
@never_cache
def colleagues(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/colleagues.html", {"colleagues": colleagues_of(user_of(request))})


@require_POST
@keyholder_required
def reset(request: HttpRequest, login: str) -> HttpResponse:
    person = get_object_or_404(colleagues_of(user_of(request)), login=login)
    try:
        second_factor.reset(person, user_of(request))
    except FactorRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã gỡ ứng dụng cũ. Lần đăng nhập tới, người này gắn ứng dụng mới."))
    return redirect("accounts:colleagues")


def qr_of(address: str) -> str:
    """A QR code as a data: address for an <img>."""
    return str(segno.make_qr(address, error="m").png_data_uri(scale=5, border=4))


def grouped(seed: str) -> str:
    """A seed in fours, to be typed by hand."""
    return " ".join(seed[start : start + 4] for start in range(0, len(seed), 4))


def _pending(request: HttpRequest) -> User | None:
    """Whose password was typed a moment ago; nobody if it changed since, or the person was stopped."""
    kept = request.session.get(PENDING) or {}
    user = User.objects.filter(pk=kept.get("user", 0), is_active=True).first()
    if user is None or kept["until"] < time.time():
        return None
    return user if constant_time_compare(kept["password"], user.get_session_auth_hash()) else None


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    wanted = request.session.get(PENDING, {}).get("next", "")
    begin_session(request, user)
    return redirect(wanted or "accounts:after_login")


def _refused(
    request: HttpRequest, page: str, form: AppCodeForm, refusal: FactorRefused, **shown: Any
) -> HttpResponse:
    form.add_error("app_code", refusal.message)
    return _page(request, page, form, 429 if refusal.is_throttled else 422, **shown)


def _page(
    request: HttpRequest, page: str, form: AppCodeForm, status: int = 422, **shown: str
) -> HttpResponse:
    status = status if form.is_bound else 200
    return render(request, f"accounts/{page}.html", {"form": form, **shown}, status=status)
