"""Logging in and out, and where to go from there."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.entry import LoginForm
from accounts.models import Role
from accounts.services import trail
from accounts.services.login import WAS_HERE, LoginRefused, check_login
from accounts.views import kept
from accounts.views.access import has_entered, login_required, user_of
from accounts.views.client import address_of
from accounts.views.second_factor import ask_second_factor, begin_session

FIRST_PAGES = {
    Role.CITIZEN: "procedures:my_dossiers",
    Role.OFFICER: "casework:queue",
    Role.HEAD: "casework:queue",
    Role.ISSUER: "accounts:registrations",
    Role.HQ: "portal:home",
}


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def login_page(request: HttpRequest) -> HttpResponse:
    """Who is logged in already goes on to where they wanted."""
    if has_entered(request) and request.method != "POST":
        return redirect(_next_of(request) or "accounts:after_login")
    form = LoginForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _login(request, form)
    facts = form.cleaned_data
    try:
        user = check_login(request, facts["login"], facts["password"], address_of(request))
    except LoginRefused as refusal:
        form.add_error(None, refusal.message)
        return _login(request, form, status=429 if refusal.is_throttled else 422)
    wanted = _next_of(request)
    if not user.is_citizen:
        return ask_second_factor(request, user, wanted)
    begin_session(request, user)
    return redirect(wanted or "accounts:after_login")


@require_POST
def logout_page(request: HttpRequest) -> HttpResponse:
    if has_entered(request):
        trail.note("log out", "accepted", person=user_of(request))
    logout(request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response.delete_cookie(WAS_HERE)
    return response


@require_safe
@login_required
def after_login(request: HttpRequest) -> HttpResponse:
    """The first page of each role."""
    try:
        return redirect(reverse(FIRST_PAGES[Role(user_of(request).role)]))
    except NoReverseMatch:
        return redirect("portal:home")


def _login(request: HttpRequest, form: LoginForm, status: int = 422) -> HttpResponse:
    context = {
        "form": form,
        "next": _next_of(request),
        "is_kept": kept.is_waiting(request),
        "has_ended": bool(request.COOKIES.get(WAS_HERE)) and not form.is_bound,
    }
    return render(request, "accounts/login.html", context, status=status if form.is_bound else 200)


def _next_of(request: HttpRequest) -> str:
    """Where the person wanted to go: a page of this site that isn't logging in or out, or ""."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    turned_back = (resolve_url(settings.LOGIN_URL), reverse("accounts:logout"))
    if not is_ours or not wanted.startswith("/") or wanted.startswith(turned_back):
        return ""
    return wanted
