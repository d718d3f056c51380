from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.lib.vietnamese import fold
from portal.samples import style_samples
from procedures.catalogue import procedures_on
from procedures.domain.definition import Procedure


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "")[:100].strip()
    known = procedures_on(_legal_day())
    found = [procedure for procedure in known if _fits(procedure, asked)]
    context = {"procedures": found or known, "asked": asked, "nothing_found": bool(asked and not found)}
    return render(request, "portal/home.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


@require_safe
def style_page(request: HttpRequest) -> HttpResponse:
    """Every component in every state; for people who build pages."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    layout = "layouts/staff.html" if "can-bo" in request.GET else "layouts/citizen.html"
    return render(request, "portal/style_page.html", {**style_samples(), "layout": layout})


def _legal_day() -> date:
    return settings.LEGAL_DATE or timezone.localdate()


def _fits(procedure: Procedure, asked: str) -> bool:
    """Every word asked for is somewhere in the names, with or without accents."""
    names = (procedure.plain_name, procedure.name, procedure.summary, procedure.keywords, procedure.form)
    words = fold(" ".join(names)).replace("-", "")
    return all(word in words for word in fold(asked).replace("-", "").split())
