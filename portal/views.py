from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal import guides
from portal.lib.vietnamese import fold
from portal.samples import style_samples
from procedures.catalogue import procedures_on
from procedures.domain.definition import Procedure
from procedures.domain.lifecycle import MEANINGS, NAMES
from procedures.selectors import sheets


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "")[:100].strip()
    known = procedures_on(_legal_day())
    found = [procedure for procedure in known if _fits(procedure, asked)]
    context = {"procedures": found or known, "asked": asked, "nothing_found": bool(asked and not found)}
    return render(request, "portal/home.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    context = {"procedures": procedures_on(_legal_day()), "topics": guides.TOPICS}
    return render(request, "portal/help.html", context)


@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """How to do one thing, with pictures: a procedure by its code, or one of guides.TOPICS."""
    topic, known = guides.topic_of(slug), tuple(procedures_on(_legal_day()))
    shared: dict[str, object] = {"pictures": guides.pictures(), "topics": guides.TOPICS}
    if topic is not None:
        statuses = [(status, NAMES[status], MEANINGS[status]) for status in NAMES]
        context = {**shared, "topic": topic, "statuses": statuses}
        return render(request, f"portal/guides/{topic.slug}.html", context)
    procedure = next((found for found in known if found.code == slug), None)
    if procedure is None:
        raise Http404
    context = {
        **shared,
        "procedure": procedure,
        "steps": guides.steps_of(procedure, known),
        "limits": sheets.limits_of(procedure),
        "papers": sheets.papers_for_all(procedure),
        "by_branch": [found for found in sheets.papers_by_branch(procedure) if found.groups],
    }
    return render(request, "portal/guides/procedure.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


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
