"""At the counter with a paper dossier: what its filer brings after a request, and taking back the dossier, or a
complaint about its decision."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.services.paper_people import is_paper_person
from accounts.views.access import officer_required
from portal.lib.vietnamese import format_date, parse_date
from procedures.casework.desk import CONFLICT, Desk
from procedures.casework.forms import REQUIRED, ActForm
from procedures.casework.papers import names_of_papers
from procedures.domain.definition import Step
from procedures.domain.errors import DomainError
from procedures.forms.builder import StepForm
from procedures.forms.fields import TypedField
from procedures.models import Complaint, SupplementRequest
from procedures.selectors.complaints import complaint_of, may_record_withdrawal, withdrawn_at_counter
from procedures.selectors.supplements import asked_in
from procedures.services import complaints, intake, supplements, withdrawal

SHOWN = ("GET", "HEAD", "POST")


class PapersForm(forms.Form):
    """Which of the papers asked for lie on the table."""

    use_required_attribute = False
    documents = forms.MultipleChoiceField(
        label=gettext_lazy("Giấy tờ đã nhận"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, asked: SupplementRequest, names: list[str]) -> None:
        super().__init__(data)
        choices = list(zip(asked.documents, names, strict=True))
        self.fields["documents"].choices = choices  # type: ignore[attr-defined]
        self.fields["documents"].hide_optional = True  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """That the filer asked for it in writing."""

    use_required_attribute = False
    is_written = forms.BooleanField(
        label=gettext_lazy("Người nộp đã đề nghị rút bằng văn bản, cơ quan giữ văn bản đó"),
        error_messages={"required": gettext_lazy("Chỉ rút khi có văn bản của người nộp.")},
    )


class ComplaintBackForm(ActForm):
    """The filer's signed paper, as it lies on the table."""

    signed_on = TypedField(
        parse_date,
        label=gettext_lazy("Ngày ký đơn rút khiếu nại"),
        help_text=gettext_lazy("Ngày/tháng/năm."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "in-10"}),
        error_messages=REQUIRED,
    )
    reason = TypedField(
        str,
        label=gettext_lazy("Lý do ghi trong đơn"),
        help_text=gettext_lazy("Đơn không nêu lý do thì để trống."),
        required=False,
        max_length=Complaint._meta.get_field("withdrawal_reason").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_theirs = forms.BooleanField(
        label=gettext_lazy("Đã đối chiếu giấy tờ tùy thân: người ký đơn đứng tên hồ sơ. Cơ quan giữ đơn"),
        error_messages={"required": gettext_lazy("Chỉ ghi nhận khi có đơn do chính người nộp ký.")},
    )

    def __init__(self, data: Any, *, seen: int) -> None:
        super().__init__(data, initial={"seen": seen, "signed_on": format_date(timezone.localdate())})
        if data is None:
            self.fields["signed_on"].widget.attrs["autofocus"] = True


@officer_required
@require_http_methods(SHOWN)
def supplement(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk = _paper_desk(request, public_id)
    asked = supplements.open_request(desk.dossier)
    if asked is None:
        return desk.too_late(request)
    form = PapersForm(request.POST or None, asked, names_of_papers(desk.procedure, asked.documents))
    step = _step(desk, asked)
    questions = StepForm(desk.procedure, step, desk.dossier.answers, request.POST or None)
    if request.method == "POST" and form.is_valid() and questions.is_valid():
        try:
            intake.receive_supplement(
                desk.dossier,
                desk.officer,
                documents=form.cleaned_data["documents"],
                answers=questions.answers if step.questions else {},
            )
        except DomainError as refused:
            form.add_error("documents", refused.message)
        else:
            return desk.done(request, _("Đã ghi nhận bổ sung. Hồ sơ trở lại hàng chờ."))
    context = {
        "desk": desk,
        "dossier": desk.dossier,
        "form": form,
        "questions": questions,
        "asked": asked,
        "listed": asked_in(asked),
        "title": _("Nhận bổ sung tại quầy"),
    }
    status = 422 if form.errors or questions.errors else 200
    return render(request, "casework/counter_supplement.html", context, status=status)


@officer_required
@require_http_methods(SHOWN)
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk = _paper_desk(request, public_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if not withdrawal.may_withdraw(desk.dossier):
        return desk.too_late(request)
    if request.method == "POST" and form.is_valid():
        try:
            withdrawal.withdraw(desk.dossier, desk.officer)
        except DomainError as refused:
            messages.warning(request, refused.message)
            return desk.back()
        return desk.done(request, _("Đã rút hồ sơ theo văn bản của người nộp."))
    context = {
        "desk": desk,
        "dossier": desk.dossier,
        "form": form,
        "title": _("Rút hồ sơ giấy theo đề nghị của người nộp"),
    }
    return render(request, "casework/counter_withdraw.html", context, status=422 if form.errors else 200)


@officer_required
@require_http_methods(SHOWN)
def take_back_complaint(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """For filers without an account; who has one takes it back on the portal."""
    desk = _paper_desk(request, public_id)
    if not is_paper_person(desk.dossier.filer):
        raise Http404(_("Không có hồ sơ này."))
    complaint, done = complaint_of(desk.dossier), _("Đã ghi nhận rút khiếu nại. Người nộp được báo.")
    if complaint and request.method == "POST" and complaint.withdrawn_by_id == desk.officer.pk:
        return desk.done(request, done)  # the other click of a double click was first
    if complaint is None or (request.method != "POST" and not complaint.is_waiting):
        return desk.too_late(request)
    if not may_record_withdrawal(desk.officer, complaint):
        messages.warning(request, _("Ông/bà đã tham gia quyết định này: xin để người khác ghi nhận."))
        return desk.back()
    form = ComplaintBackForm(request.POST if request.method == "POST" else None, seen=desk.seen)
    if desk.accepts(form):
        typed = {"signed_on": form.cleaned_data["signed_on"], "reason": form.cleaned_data["reason"] or ""}
        if desk.carry_out(form, complaints.record_withdrawal, **typed):
            return desk.done(request, done)
    context = {
        "desk": desk,
        "dossier": desk.dossier,
        "form": form,
        "complaint": complaint,
        "is_possible": withdrawn_at_counter(desk.dossier) is not None,
        "title": _("Ghi nhận rút khiếu nại"),
    }
    status = 422 if form.errors else 200
    if desk.is_out_of_date:
        status = CONFLICT
    return render(request, "casework/counter_complaint_back.html", context, status=status)


def _paper_desk(request: HttpRequest, public_id: UUID) -> Desk:
    """Raises Http404 for a dossier that came electronically, too: its filer acts on the portal."""
    desk = Desk(request, public_id)
    if desk.dossier.channel not in intake.PAPER:
        raise Http404(_("Không có hồ sơ này."))
    return desk


def _step(desk: Desk, asked: SupplementRequest) -> Step:
    """The reopened questions as one step."""
    known = {question.name: question for question in desk.procedure.questions}
    questions = tuple(known[name] for name in asked.questions if name in known)
    return Step(name="bo_sung", title=_("Mục khai lại"), questions=questions)
