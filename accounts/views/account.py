"""The account of a person: how they can be reached, and confirming it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.entry import CodeForm
from accounts.gateways import offers
from accounts.models import TransactionCode, User
from accounts.services import codes, contacts
from accounts.views.access import citizen_required, login_required, user_of

# The channel as the address of its page has it.
CHANNELS = {"dien-thoai": "sms", "email": "email"}


@require_safe
@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rows = [_contact(user, slug, channel) for slug, channel in CHANNELS.items()] if user.is_citizen else []
    context = {"contacts": rows, "is_reachable": bool(user.contacts)}
    return render(request, "accounts/account.html", context)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@never_cache
def confirm_contact(request: HttpRequest, slug: str) -> HttpResponse:
    """ "send" sends a new code; otherwise the typed code is judged."""
    user, contact = user_of(request), _contact(user_of(request), slug, CHANNELS.get(slug, ""))
    if not contact["is_offered"]:
        raise Http404
    if contact["is_confirmed"]:
        return redirect("accounts:account")
    if request.method != "POST":
        return _page(request, contact, CodeForm())
    return _send(request, contact) if "send" in request.POST else _confirm(request, user, contact)


def _send(request: HttpRequest, contact: dict[str, object]) -> HttpResponse:
    try:
        contacts.ask_contact_code(user_of(request), str(contact["channel"]))
    except codes.CodeNotSent as refusal:
        messages.warning(request, refusal.message)
    return redirect("accounts:confirm_contact", contact["slug"])


def _confirm(request: HttpRequest, user: User, contact: dict[str, object]) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            contacts.confirm_contact(user, str(contact["channel"]), form.cleaned_data["code"])
        except codes.CodeRefused as refusal:
            form.add_error("code", refusal.message)
        else:
            messages.success(request, _("Đã xác nhận. Từ nay ông/bà nhận được mã và thông báo ở đây."))
            return redirect("accounts:account")
    return _page(request, contact, form, status=422)


def _page(
    request: HttpRequest, contact: dict[str, object], form: CodeForm, status: int = 200
) -> HttpResponse:
    user = user_of(request)
    digest = contacts.contact_digest(user, str(contact["channel"]))
    live = codes.live_code(user, TransactionCode.Purpose.CONTACT, digest)
    context = {"contact": contact, "form": form, "live": live}
    return render(request, "accounts/confirm_contact.html", context, status=status)


def _contact(user: User, slug: str, channel: str) -> dict[str, object]:
    destination = {"sms": user.phone, "email": user.email}.get(channel, "")
    return {
        "slug": slug,
        "channel": channel,
        "label": _("Số điện thoại") if channel == "sms" else _("Email"),
        "masked": codes.masked(channel, destination),
        "is_confirmed": channel in user.contacts,
        "is_offered": bool(destination) and offers(channel),
    }
