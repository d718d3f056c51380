"""Phím tắt: the keys of the officers' pages, for the page that lists them and for the overlay."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.access import officer_required


@officer_required
@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    return render(request, "casework/shortcuts.html")
