"""Số hồ sơ giấy trong ngày from a file: first what it would do, then doing it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.views.access import officer_required, user_of
from procedures import catalogue
from procedures.domain.errors import DomainError, UnknownProcedure
from procedures.models import Channel
from procedures.selectors.daily_counts import latest_counts
from procedures.services import calendar, daily_counts

SHOWN = ("GET", "HEAD", "POST")
MOST_BAD = 100  # lines told one by one; how many more there are is said


class CountsForm(forms.Form):
    """A file, or the text of one that was tried and comes back to be kept."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("Tệp CSV"),
        help_text=gettext_lazy("Mã UTF-8, tối đa 256 KB và 5.000 dòng."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    file.hide_optional = True  # type: ignore[attr-defined]  # wanted unless what was tried comes back
    content = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    name = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("file") and not given.get("content"):
            raise ValidationError({"file": _("Xin chọn một tệp CSV.")})
        return given

    def text(self) -> tuple[str, str]:
        """The list and its file's name. Raises DomainError."""
        if file := self.cleaned_data.get("file"):
            if file.size > daily_counts.MAX_BYTES:
                return daily_counts.read(b" " * (daily_counts.MAX_BYTES + 1)), ""
            return daily_counts.read(file.read()), file.name
        return self.cleaned_data["content"], self.cleaned_data["name"]


@officer_required
@require_http_methods(SHOWN)
def import_counts(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, CountsForm())
    form = CountsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        text, name = form.text()
        if "keep" in request.POST:
            trial = daily_counts.keep(user_of(request), text, name)
            words = _("Đã nhập %(lines)d dòng, %(total)d hồ sơ giấy.")
            messages.success(request, words % {"lines": len(trial.good), "total": trial.total})
            return redirect("casework:daily_counts")
        trial = daily_counts.judge(text)
    except DomainError as refused:
        form.add_error("file", refused.message)
        return _page(request, form, status=422)
    return _page(request, CountsForm(), trial=trial, text=text, name=name)


def _page(request: HttpRequest, form: CountsForm, *, status: int = 200, **shown: Any) -> HttpResponse:
    trial: daily_counts.Trial | None = shown.get("trial")
    rows = latest_counts(user_of(request))
    context = {
        "form": form,
        "headings": ",".join(daily_counts.HEADINGS),
        "bad": trial.bad[:MOST_BAD] if trial else [],
        "more_bad": max(0, len(trial.bad) - MOST_BAD) if trial else 0,
        "rows": [(row, _procedure_name(row.procedure), Channel(row.channel).label) for row in rows],
        "office": user_of(request).office,
        **shown,
    }
    return render(request, "casework/daily_counts.html", context, status=status)


def _procedure_name(code: str) -> str:
    try:
        return catalogue.procedure_on(code, calendar.legal_date()).plain_name
    except UnknownProcedure:
        return code
