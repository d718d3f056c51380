"""The person's password and the places where they are logged in."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.entry import PasswordAgainForm, PasswordForm
from accounts.services import passwords, sessions
from accounts.services.passwords import PasswordRefused
from accounts.views.access import login_required, user_of
from accounts.views.second_factor import note_session

END = "end"  # the button that was pressed: the id of a session, or ALL
ALL = "all"


@sensitive_post_parameters("old_password", "password", "repeated")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    """This session goes on under a new key; all others are over."""
    form = PasswordForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _password(request, form)
    user, facts = user_of(request), form.cleaned_data
    try:
        passwords.change(user, facts["old_password"], facts["password"])
    except PasswordRefused as refusal:
        form.add_error("old_password", refusal.message)
        return _password(request, form, status=429 if refusal.is_throttled else 422)
    except ValidationError as weak:
        form.add_error("password", weak)
        return _password(request, form)
    update_session_auth_hash(request, user)
    note_session(request, user)
    sessions.end(user, request.session)
    messages.success(request, _("Đã đổi mật khẩu. Các nơi khác đang đăng nhập đều đã bị đăng xuất."))
    return redirect("accounts:account")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def places(request: HttpRequest) -> HttpResponse:
    form = PasswordAgainForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _places(request, form)
    user = user_of(request)
    try:
        passwords.require(user, form.cleaned_data["password"], "end sessions")
    except PasswordRefused as refusal:
        form.add_error("password", refusal.message)
        return _places(request, form, status=429 if refusal.is_throttled else 422)
    count = sessions.end(user, request.session, _chosen(request))
    words = ngettext("Đã đăng xuất %(count)s nơi khác.", "Đã đăng xuất %(count)s nơi khác.", count)
    messages.success(request, words % {"count": count})
    return redirect("accounts:sessions")


def _chosen(request: HttpRequest) -> int | None:
    """The session whose button was pressed; None for all others; 0, which is nobody's, for anything else."""
    raw = request.POST.get(END, ALL)
    if raw == ALL:
        return None
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 18 else 0


def _password(request: HttpRequest, form: PasswordForm, status: int = 422) -> HttpResponse:
    status = status if form.is_bound else 200
    return render(request, "accounts/password.html", {"form": form}, status=status)


def _places(request: HttpRequest, form: PasswordAgainForm, status: int = 422) -> HttpResponse:
    found = sessions.places_of(user_of(request), request.session)
    context = {"form": form, "places": found, "has_others": any(not place.is_here for place in found)}
    return render(request, "accounts/sessions.html", context, status=status if form.is_bound else 200)
