"""Người dân đánh giá, khiếu nại: counted by office, for the headquarters."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.access import hq_required
from procedures.selectors.opinions import WITHIN, opinions_by_office


@hq_required
@require_safe
def opinions(request: HttpRequest) -> HttpResponse:
    context = {"rows": opinions_by_office(), "days": WITHIN.days}
    return render(request, "casework/opinions.html", context)
