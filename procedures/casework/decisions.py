"""What an officer does with a dossier: ask for a supplement, propose to approve or refuse, sign what
another proposed, note a paper's arrival.

Each act has a page of its own. What can't be taken back is shown once more before it is done.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.access import officer_required
from procedures.casework import choices
from procedures.casework.clock_forms import ApologyForm
from procedures.casework.desk import Desk
from procedures.casework.forms import ApprovalForm, ReceiveForm, RefusalForm, SignForm
from procedures.casework.notices import earlier_requests, unfinished_papers
from procedures.casework.papers import names_of_papers
from procedures.casework.supplement_forms import SupplementForm
from procedures.domain.lifecycle import Act
from procedures.selectors.revisions import amount_of, current_revision, reckoned_amount
from procedures.services import apologies, decisions, originals, supplements, transfers

SHOWN = ("GET", "HEAD", "POST")


@officer_required
@require_http_methods(SHOWN)
def supplement(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk, act = Desk(request, public_id), Act.REQUEST_SUPPLEMENT
    if answer := desk.closed(request, act):
        return answer
    form = SupplementForm(
        request.POST or None,
        papers=choices.papers_to_ask_for(desk),
        steps=choices.questions_to_ask_again(desk.dossier),
        seen=desk.seen,
        answer_by=supplements.usual_answer_by(),
        found=choices.found_defects(desk.dossier),
    )
    if desk.accepts(form) and desk.carry_out(form, supplements.request_supplement, **form.typed()):
        return desk.done(request, _("Đã gửi yêu cầu bổ sung. Thời hạn giải quyết tạm dừng từ lúc này."))
    return desk.page(request, "casework/supplement.html", act, form, note=earlier_requests(desk))


@officer_required
@require_http_methods(SHOWN)
def propose_approval(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk, act = Desk(request, public_id), Act.PROPOSE
    if answer := desk.closed(request, act):
        return answer
    estimate = desk.dossier.estimate or {}
    revision = current_revision(desk.dossier)
    amount = amount_of(desk.dossier, revision)
    form = ApprovalForm(
        request.POST or None,
        seen=desk.seen,
        estimate={**estimate, "total_vnd": amount},
        pays=desk.procedure.estimate is not None,
        is_reckoned=reckoned_amount(revision) is not None,
        moves=transfers.is_move(desk.dossier) and transfers.pays_monthly(desk.dossier),
    )
    is_fine = desk.accepts(form)
    if is_fine and form.is_sure and desk.carry_out(form, decisions.propose_approval, **form.typed()):
        return desk.done(request, _("Đã trình đề nghị duyệt. Hồ sơ chờ người thứ hai ký."))
    context: dict[str, Any] = {"note": unfinished_papers(desk), "revision": revision}
    if is_fine and form.is_valid() and not form.goes_back:
        context |= choices.amount_to_confirm(
            form.cleaned_data["amount_vnd"], amount, is_revised=bool(revision)
        )
    return desk.page(request, "casework/propose_approval.html", act, form, **context)


@officer_required
@require_http_methods(SHOWN)
def propose_refusal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk, act = Desk(request, public_id), Act.PROPOSE_REFUSAL
    if answer := desk.closed(request, act):
        return answer
    form = RefusalForm(request.POST or None, seen=desk.seen, grounds=desk.procedure.refusals)
    is_fine = desk.accepts(form)
    if is_fine and form.is_sure and desk.carry_out(form, decisions.propose_refusal, **form.typed()):
        return desk.done(request, _("Đã trình đề nghị từ chối. Hồ sơ chờ lãnh đạo ký."))
    return desk.page(request, "casework/propose_refusal.html", act, form, asked=choices.still_asked(desk))


@officer_required
@require_http_methods(SHOWN)
def apologise(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk = Desk(request, public_id)
    if request.method != "POST" and not apologies.may_apologise(desk.dossier, desk.officer):
        return desk.too_late(request)
    form = ApologyForm(request.POST or None, seen=desk.seen, draft=apologies.draft_of(desk.dossier))
    if desk.accepts(form) and desk.carry_out(form, apologies.apologise, **form.typed()):
        return desk.done(request, _("Đã hẹn lại ngày trả. Phiếu xin lỗi đang được gửi cho người nộp."))
    context = {
        "title": _("Xin lỗi và hẹn lại ngày trả"),
        "is_possible": apologies.may_apologise(desk.dossier, desk.officer),
    }
    return desk.page(request, "casework/apologise.html", Act.PROPOSE, form, **context)


@officer_required
@require_http_methods(SHOWN)
def sign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The second person reads what was proposed, and signs or returns it."""
    desk = Desk(request, public_id)
    proposal = decisions.open_proposal(desk.dossier)
    if request.method != "POST" and (proposal is None or not decisions.may_sign(desk.officer, proposal)):
        return desk.too_late(request)
    form = SignForm(request.POST or None, seen=desk.seen)
    if desk.accepts(form):
        if form.is_return and desk.carry_out(form, decisions.return_proposal, **form.typed()):
            return desk.done(request, _("Đã trả lại cho người đề nghị."))
        if not form.is_return and desk.carry_out(form, decisions.sign):
            return desk.done(request, _("Đã ký. Thông báo kết quả đang được gửi cho người nộp."))
    context = choices.proposal_in_words(proposal, desk.dossier) if proposal else {}
    return desk.page(request, "casework/sign.html", Act.RETURN_PROPOSAL, form, **context)


@officer_required
@require_POST
def receive_original(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk = Desk(request, public_id)
    form = ReceiveForm(request.POST)
    code = request.POST.get("document", "")
    if desk.accepts(form) and _recorded(desk, form):
        [name] = names_of_papers(desk.procedure, [code])
        words = _("Đã ghi chưa nhận được: %s.") if form.is_missing else _("Đã ghi nhận bản giấy: %s.")
        return desk.done(request, words % name)
    for refusals in form.errors.values():
        for refusal in refusals:
            messages.warning(request, str(refusal))
    return desk.back()


def _recorded(desk: Desk, form: ReceiveForm) -> bool:
    code = form.cleaned_data["document"]
    if form.is_missing:
        return desk.carry_out(form, originals.record_missing, document=code)
    day = form.cleaned_data["received_on"]
    return desk.carry_out(form, originals.receive_original, document=code, received_on=day)
