"""What the portal offers, before any login: the list, one procedure's sheet, the pre-check."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from procedures import catalogue
from procedures.domain.definition import Procedure
from procedures.domain.errors import UnknownProcedure
from procedures.domain.precheck import outcome
from procedures.forms.actions import CHANGED, Action, changes
from procedures.forms.builder import ACTION, SHOWN, StepForm
from procedures.selectors import sheets
from procedures.services.calendar import legal_date
from procedures.views.journey import is_htmx

LONGEST_SEARCH = 200


def procedure_or_404(code: str) -> Procedure:
    try:
        return catalogue.procedure_on(code, legal_date())
    except UnknownProcedure as error:
        raise Http404 from error


@require_GET
def list_procedures(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:LONGEST_SEARCH]
    every = catalogue.procedures_on(legal_date())
    context = {"procedures": sheets.found(every, words), "words": words.strip(), "every": every}
    return render(request, "procedures/list.html", context)


@require_GET
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    procedure = procedure_or_404(code)
    context = {
        "procedure": procedure,
        "limits": sheets.limits_of(procedure),
        "papers": sheets.papers_for_all(procedure),
        "by_branch": [found for found in sheets.papers_by_branch(procedure) if found.groups],
    }
    return render(request, "procedures/sheet.html", context)


@require_GET
def precheck(request: HttpRequest, code: str) -> HttpResponse:
    """Advice from a few answers. It bars nobody from filing."""
    procedure = procedure_or_404(code)
    step = sheets.precheck_step(procedure)
    if procedure.precheck is None or step is None:
        raise Http404
    asked = replace(procedure, steps=(step,), rules=())
    typed = request.GET if SHOWN in request.GET or ACTION in request.GET else None
    form = StepForm(asked, step, {}, typed, is_judged=typed is not None and not is_htmx(request))
    context: dict[str, object] = {"procedure": procedure, "form": form, "step": step}
    if is_htmx(request):
        context["changes"] = changes(form, Action("refresh"), request.GET.get(CHANGED, ""))
        return render(request, "procedures/step_changes.html", {**context, "method": "get"})
    if typed is not None and form.is_valid():
        context["outcome"] = outcome(procedure.precheck, form.answers)
    return render(request, "procedures/precheck.html", context)
