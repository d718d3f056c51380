"""Hạn trả toàn quốc: the headquarters see which offices are late, and that it was told."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.views.access import hq_required
from procedures.casework.queue import due_of
from procedures.selectors.definitions import procedure_of
from procedures.selectors.due_board import Place, all_offices
from procedures.selectors.due_board import due_board as board_of
from procedures.services import calendar


@hq_required
@require_safe
def due_board(request: HttpRequest) -> HttpResponse:
    offices = all_offices()
    asked = request.GET.get("co_quan", "")
    office = asked if asked in {one.key for one in offices} else ""
    page = board_of(
        office,
        after=Place.parse(request.GET.get("sau", "")[:60]),
        before=Place.parse(request.GET.get("truoc", "")[:60]),
    )
    corrections = calendar.overrides()
    context = {
        "rows": [(one, procedure_of(one), due_of(one, corrections)) for one in page.dossiers],
        "offices": offices,
        "office": office,
        "previous_url": _link(office, truoc=page.previous) if page.previous else "",
        "next_url": _link(office, sau=page.next) if page.next else "",
        "title": _("Hạn trả toàn quốc"),
    }
    return render(request, "casework/due_board.html", context)


def _link(office: str, **place: Place) -> str:
    address = QueryDict(mutable=True)
    address.update({**({"co_quan": office} if office else {}), **{k: str(v) for k, v in place.items()}})
    return f"{reverse('casework:due_board')}?{address.urlencode()}"
