"""Hồ sơ sang cơ quan khác và từ cơ quan khác đến: a handshake, seen from both sides."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.views.access import officer_required, user_of
from procedures.casework.desk import Desk
from procedures.casework.papers import lines_of
from procedures.casework.transfer_forms import AnswerForm, ReferForm
from procedures.domain.errors import DomainError
from procedures.domain.lifecycle import Act
from procedures.models import Transfer
from procedures.selectors.definitions import procedure_of
from procedures.selectors.summaries import answers_in_words
from procedures.selectors.transfers import incoming_of, incoming_transfer, other_offices
from procedures.services import transfers

SHOWN = ("GET", "HEAD", "POST")


@officer_required
@require_http_methods(SHOWN)
def refer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk, act = Desk(request, public_id), Act.REFER
    if answer := desk.closed(request, act):
        return answer
    form = ReferForm(request.POST or None, seen=desk.seen, offices=other_offices(desk.dossier))
    if desk.accepts(form) and desk.carry_out(form, transfers.refer, **form.typed()):
        return desk.done(
            request, _("Đã chuyển. Hồ sơ còn ở đây cho đến khi nơi kia nhận; người nộp được báo.")
        )
    return desk.page(request, "casework/refer.html", act, form)


@officer_required
@require_safe
def incoming(request: HttpRequest) -> HttpResponse:
    found = incoming_of(user_of(request))
    rows = [(transfer, procedure_of(transfer.dossier)) for transfer in found]
    return render(request, "casework/incoming.html", {"rows": rows})


@officer_required
@require_http_methods(SHOWN)
def answer(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    officer = user_of(request)
    transfer = _transfer_or_404(officer, transfer_id)
    form = AnswerForm(request.POST or None, pays=transfer.last_month is not None)
    if request.method == "POST" and form.is_valid() and _answered(form, transfer, officer):
        messages.success(request, _("Đã trả lại nơi đi.") if form.is_return else _("Đã nhận hồ sơ."))
        return redirect("casework:incoming")
    dossier = transfer.dossier
    context = {
        "transfer": transfer,
        "dossier": dossier,
        "procedure": procedure_of(dossier),
        "steps": answers_in_words(dossier),
        "papers": lines_of(dossier, procedure_of(dossier)),
        "form": form,
    }
    return render(request, "casework/incoming_transfer.html", context)


def _answered(form: AnswerForm, transfer: Transfer, officer: User) -> bool:
    try:
        if form.is_return:
            transfers.give_back(transfer, officer, reason=form.cleaned_data["reason"] or "")
        else:
            transfers.accept(transfer, officer, **form.accepted())
    except DomainError as refused:
        form.add_error(refused.question if refused.question in form.fields else None, refused.message)
        return False
    return True


def _transfer_or_404(officer: User, public_id: UUID) -> Transfer:
    try:
        return incoming_transfer(officer, public_id)
    except ObjectDoesNotExist as error:
        raise Http404(_("Không có hồ sơ này.")) from error
