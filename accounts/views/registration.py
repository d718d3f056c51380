"""Registering and activating: how a person comes to an account."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.entry import ActivationForm
from accounts.forms.registration import RegistrationForm
from accounts.models import Office
from accounts.services.registration import ActivationRefused, RegistrationRefused, activate, register
from accounts.views.client import address_of
from accounts.views.second_factor import begin_session

REGISTERED = "registered_office"


@require_http_methods(["GET", "HEAD", "POST"])
def register_page(request: HttpRequest) -> HttpResponse:
    """Filling in 01/ĐK-GD. "choose" only offers the districts and communes of what was chosen."""
    if request.method != "POST":
        return _registration(request, RegistrationForm())
    if "choose" in request.POST:
        return _registration(request, RegistrationForm(initial=request.POST.dict()))
    form = RegistrationForm(request.POST)
    if not form.is_valid():
        return _registration(request, form, status=422)
    declared = form.declaration()
    try:
        register(declared, address_of(request))
    except RegistrationRefused as refusal:
        form.add_error(None, refusal.message)
        return _registration(request, form, status=429)
    request.session[REGISTERED] = declared.office.key
    return redirect("accounts:registered")


@require_safe
@never_cache
def registered_page(request: HttpRequest) -> HttpResponse:
    """What to do next. The same words for everybody, whoever has an account."""
    office = Office.objects.filter(key=request.session.get(REGISTERED, "")).first()
    if office is None:
        return redirect("accounts:register")
    return render(request, "accounts/registered.html", {"office": office})


@sensitive_post_parameters("code", "password", "repeated")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def activate_page(request: HttpRequest) -> HttpResponse:
    """An activation code and a password make an account; the person is logged in."""
    form = ActivationForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _activation(request, form)
    facts = form.cleaned_data
    try:
        user = activate(facts["code"], facts["password"], address_of(request))
    except ValidationError as weak:
        form.add_error("password", weak)
    except ActivationRefused as refusal:
        form.add_error("code", refusal.message)
    except RegistrationRefused as refusal:
        form.add_error("code", refusal.message)
        return _activation(request, form, status=429)
    else:
        begin_session(request, user)
        messages.success(
            request, _("Tài khoản đã sẵn sàng. Mời ông/bà xác nhận số điện thoại và email để nhận mã.")
        )
        return redirect("accounts:account")
    return _activation(request, form)


def _registration(request: HttpRequest, form: RegistrationForm, status: int = 200) -> HttpResponse:
    return render(request, "accounts/register.html", {"form": form}, status=status)


def _activation(request: HttpRequest, form: ActivationForm, status: int = 422) -> HttpResponse:
    status = status if form.is_bound else 200
    return render(request, "accounts/activate.html", {"form": form}, status=status)
