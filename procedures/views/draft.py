"""From the choice of a procedure to the last answer: my dossiers, a new draft, its steps."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.views.access import citizen_required, user_of
from accounts.views.kept import keeps_typed
from procedures.domain.definition import Step
from procedures.domain.errors import DomainError, Stale
from procedures.domain.lifecycle import Status
from procedures.forms.actions import CHANGED, Action, changes, retyped
from procedures.forms.builder import CONFIRM, StepForm
from procedures.models import Dossier
from procedures.selectors.cosignatures import asked_of
from procedures.selectors.definitions import procedure_of
from procedures.selectors.dossiers import page_of_dossiers
from procedures.selectors.warnings import open_warnings
from procedures.services import drafts, estimates
from procedures.views import journey
from procedures.views.catalogue import procedure_or_404


@require_GET
@citizen_required
def my_dossiers(request: HttpRequest) -> HttpResponse:
    page = page_of_dossiers(user_of(request), request.GET.get("sau", ""))
    shown = [
        {
            "dossier": dossier,
            "procedure": procedure_of(dossier),
            "stages": journey.stages(dossier, journey.next_page(dossier))
            if dossier.status == Status.DRAFT
            else [],
            "url": journey.next_url(dossier),
        }
        for dossier in page.dossiers
    ]
    context = {
        "shown": shown,
        "following": page.following,
        "is_asked_to_sign": asked_of(user_of(request)).filter(signed_at__isnull=True).exists(),
    }
    return render(request, "procedures/my_dossiers.html", context)


@require_http_methods(["GET", "POST"])
@citizen_required
def start(request: HttpRequest, code: str) -> HttpResponse:
    """GET is what a filer sees who had to log in first: one button."""
    procedure = procedure_or_404(code)
    if request.method == "GET":
        return render(request, "procedures/start.html", {"procedure": procedure})
    dossier = drafts.start_draft(user_of(request), procedure)
    if dossier.revision:
        messages.info(request, _("Ông/bà đang có bản nháp của thủ tục này. Mời ông/bà làm tiếp."))
    return redirect(journey.next_url(dossier))


@require_http_methods(["GET", "POST"])
@citizen_required
@keeps_typed
def step(request: HttpRequest, public_id: UUID, name: str) -> HttpResponse:
    dossier = journey.own_dossier(request, public_id)
    step = _step_of(dossier, name)
    if elsewhere := _must_go_elsewhere(request, dossier, step):
        return redirect(elsewhere)
    action = Action.of(request.POST)
    if request.method == "GET":
        typed = journey.kept_typed(request)
        form = StepForm(procedure_of(dossier), step, dossier.answers, typed, is_judged=False)
        return _page(request, dossier, step, form)
    if action.only_shows:
        typed = retyped(request.POST, step, action)
        form = StepForm(procedure_of(dossier), step, dossier.answers, typed, is_judged=False)
        if journey.is_htmx(request):
            return _fragment(request, step, form, action)
        return _page(request, dossier, step, form)
    form = StepForm(
        procedure_of(dossier), step, dossier.answers, request.POST, is_lenient=action.is_for_later
    )
    if not form.is_valid():
        return _page(request, dossier, step, form, status=422)
    return _save(request, dossier, step, form, action)


@require_http_methods(["GET", "POST"])
@citizen_required
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """GET asks, POST deletes the draft."""
    dossier = journey.own_dossier(request, public_id)
    if dossier.status != Status.DRAFT:
        return redirect(journey.url_of(dossier))
    if request.method == "GET":
        context = {"dossier": dossier, "procedure": procedure_of(dossier)}
        return render(request, "procedures/discard.html", context)
    try:
        drafts.discard(dossier)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Đã xóa bản nháp."))
    return redirect("procedures:my_dossiers")


def _step_of(dossier: Dossier, name: str) -> Step:
    try:
        return procedure_of(dossier).step(name)
    except KeyError as error:
        raise Http404 from error


def _must_go_elsewhere(request: HttpRequest, dossier: Dossier, step: Step) -> str:
    """The address of the page to answer first, or "" when this step may be filled in now."""
    if dossier.status != Status.DRAFT:
        messages.info(request, _("Hồ sơ này đã nộp nên không sửa được nữa."))
        return journey.url_of(dossier)
    steps = journey.steps_of(dossier)
    unfinished = journey.first_unfinished(dossier)
    if step not in steps:
        messages.info(
            request, _("Theo những gì ông/bà đã khai thì không cần bước đó. Mời ông/bà làm tiếp ở đây.")
        )
        return journey.next_url(dossier)
    if unfinished is not None and steps.index(step) > steps.index(unfinished):
        messages.info(request, _("Xin ông/bà làm xong bước này trước rồi mới sang bước sau."))
        return journey.step_url(dossier, unfinished)
    return ""


def _save(request: HttpRequest, dossier: Dossier, step: Step, form: StepForm, action: Action) -> HttpResponse:
    try:
        saved = drafts.save_answers(dossier, form.answers, journey.revision_of(request))
        ticked = request.POST.getlist(CONFIRM)
        if confirmed := [rule.name for rule in open_warnings(saved, step) if rule.name in ticked]:
            saved = drafts.confirm_warnings(saved, confirmed, saved.revision)
    except Stale as error:
        messages.warning(request, error.message)
        fresh = journey.own_dossier(request, dossier.public_id)
        again = StepForm(procedure_of(fresh), step, fresh.answers, request.POST, is_judged=False)
        return _page(request, fresh, step, again, status=409)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(journey.url_of(dossier))
    if action.is_for_later:
        messages.success(request, journey.SAVED)
        return redirect("procedures:my_dossiers")
    if open_warnings(saved, step):
        return redirect(f"{journey.step_url(saved, step)}#xem-lai")
    return redirect(journey.after_step(saved, step))


def _page(
    request: HttpRequest, dossier: Dossier, step: Step, form: StepForm, status: int = 200
) -> HttpResponse:
    context = {
        "dossier": dossier,
        "procedure": procedure_of(dossier),
        "step": step,
        "form": form,
        "stages": journey.stages(dossier, step.name),
        "back": journey.before_step(dossier, step),
        "warnings": open_warnings(dossier, step),
        "estimate": estimates.estimate_for(form.procedure, form.current) if step.shows_estimate else None,
    }
    return render(request, "procedures/step.html", context, status=status)


def _fragment(request: HttpRequest, step: Step, form: StepForm, action: Action) -> HttpResponse:
    context = {
        "step": step,
        "form": form,
        "changes": changes(form, action, request.POST.get(CHANGED, "")),
        "estimate": estimates.estimate_for(form.procedure, form.current) if step.shows_estimate else None,
    }
    return render(request, "procedures/step_changes.html", context)
