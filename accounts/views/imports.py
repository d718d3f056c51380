"""A list from a counter: first what it would do, then doing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms.issuing import ListForm
from accounts.forms.registration import declaration_of_row
from accounts.services import imports
from accounts.views.access import issuer_required, user_of


@require_http_methods(["GET", "HEAD", "POST"])
@issuer_required
@never_cache
def import_page(request: HttpRequest) -> HttpResponse:
    """The file is tried first. What comes back to be kept is judged again, as if it were new."""
    if request.method != "POST":
        return _page(request, ListForm())
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    office = user_of(request).office
    try:
        text = form.text()
        trial = imports.try_list(text, lambda row: declaration_of_row(row, office))
    except imports.ListRefused as refusal:
        form.add_error("file", refusal.message)
        return _page(request, form, status=422)
    if "keep" not in request.POST or not trial.good:
        return _page(request, ListForm(), trial=trial, text=text)
    count = imports.keep_list(trial)
    messages.success(request, _("Đã nhập %(count)s đăng ký, chờ kiểm tra giấy tờ.") % {"count": count})
    return redirect("accounts:registrations")


def _page(
    request: HttpRequest,
    form: ListForm,
    *,
    trial: imports.Trial | None = None,
    text: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "trial": trial,
        "text": text,
        "headings": ",".join(imports.HEADINGS),
        "office": user_of(request).office,
    }
    return render(request, "accounts/import.html", context, status=status)
