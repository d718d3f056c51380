"""Bổ sung: what the office asked for and why, the files and answers it named, then signing again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.access import citizen_required
from accounts.views.kept import keeps_typed
from procedures.domain.definition import Step
from procedures.domain.errors import DomainError
from procedures.forms.actions import CHANGED, Action, changes, retyped
from procedures.forms.builder import ACTION, StepForm
from procedures.forms.uploads import REMOVE, keep_files
from procedures.models import Dossier, SupplementRequest
from procedures.selectors.definitions import procedure_of
from procedures.selectors.supplements import asked_in
from procedures.services import content, supplements
from procedures.views import journey
from procedures.views.papers import Place, files_of, remove_file


@require_http_methods(["GET", "POST"])
@citizen_required
@keeps_typed
def supplement(request: HttpRequest, public_id: UUID) -> HttpResponse:
    dossier = journey.own_dossier(request, public_id)
    asked = supplements.open_request(dossier)
    if asked is None:
        return redirect(journey.url_of(dossier))
    step = _step(dossier, asked)
    action = Action.of(request.POST)
    if request.method == "GET":
        typed = journey.kept_typed(request)
        form = StepForm(procedure_of(dossier), step, dossier.answers, typed, is_judged=False)
        return _page(request, dossier, asked, form, {})
    if action.only_shows:
        typed = retyped(request.POST, step, action)
        form = StepForm(procedure_of(dossier), step, dossier.answers, typed, is_judged=False)
        if journey.is_htmx(request):
            context = {"step": step, "form": form, "changes": changes(form, action, typed.get(CHANGED, ""))}
            return render(request, "procedures/step_changes.html", context)
        return _page(request, dossier, asked, form, {})
    return _save(request, dossier, asked, step)


def _save(request: HttpRequest, dossier: Dossier, asked: SupplementRequest, step: Step) -> HttpResponse:
    """Files are kept whatever the answers are, and the other way round."""
    refused = keep_files(dossier, request.FILES)
    remove_file(request, dossier)
    is_going_on = request.POST.get(ACTION) == "next"
    form = StepForm(procedure_of(dossier), step, dossier.answers, request.POST, is_lenient=not is_going_on)
    is_right = form.is_valid()
    if is_right and step.questions:
        try:
            supplements.answer_questions(dossier, form.answers)
        except DomainError as error:
            messages.warning(request, error.message)
            return redirect(journey.url_of(dossier))
    fresh = journey.own_dossier(request, dossier.public_id)
    if is_going_on and not refused:
        refused = {code: [_("Xin tải giấy tờ này lên.")] for code in supplements.unanswered(fresh)}
    if is_going_on and is_right:
        for rule in content.held_account(fresh):
            form.add_error(rule.question if rule.question in form.fields else None, rule.message)
            is_right = False
    if refused or not is_right:
        return _page(request, fresh, asked, form, refused)
    return redirect(journey.url_of(fresh, journey.SIGN if is_going_on else "supplement"))


def _step(dossier: Dossier, asked: SupplementRequest) -> Step:
    """The reopened questions as one step."""
    known = {question.name: question for question in procedure_of(dossier).questions}
    questions = tuple(known[name] for name in asked.questions if name in known)
    return Step(name="bo_sung", title=_("Bổ sung hồ sơ"), questions=questions)


def _page(
    request: HttpRequest,
    dossier: Dossier,
    asked: SupplementRequest,
    form: StepForm,
    refused: dict[str, list[str]],
) -> HttpResponse:
    places = _places(dossier, asked, refused)
    context = {
        "dossier": dossier,
        "procedure": procedure_of(dossier),
        "supplement": asked,
        "asked": asked_in(asked),
        "form": form,
        "step": form.step,
        "places": places,
        "errors": [(place, error) for place in places for error in place.errors],
        "remove_name": REMOVE,
    }
    status = 422 if refused or form.is_bound else 200
    return render(request, "procedures/supplement.html", context, status=status)


def _places(dossier: Dossier, asked: SupplementRequest, refused: dict[str, list[str]]) -> list[Place]:
    """The named papers with the files given since; signed ones stay where they are."""
    procedure, files = procedure_of(dossier), files_of(dossier)
    return [
        Place(
            procedure.document(code),
            [file for file in files.get(code, []) if file.filing_number is None],
            errors=refused.get(code, []),
        )
        for code in asked.documents
    ]
