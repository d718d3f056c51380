"""Khiếu nại of the own office: reading them, and answering where one had no part in the decision."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.access import casework_or_hq_required, user_of
from procedures.casework.forms import lines_field
from procedures.domain.errors import DomainError
from procedures.models import Complaint
from procedures.selectors.complaints import complaint_for, complaints_of, may_answer, withdrawn_at_counter
from procedures.selectors.definitions import procedure_of
from procedures.services import complaints, reopening

SHOWN = ("GET", "HEAD", "POST")


class AnswerForm(forms.Form):
    """The conclusion and the words the filer reads."""

    use_required_attribute = False
    outcome = forms.ChoiceField(
        label=gettext_lazy("Kết luận"),
        choices=Complaint.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Xin chọn một kết luận.")},
    )
    answer = lines_field(
        label=gettext_lazy("Trả lời, viết cho người khiếu nại"),
        help_text=gettext_lazy("Khiếu nại đúng thì nêu cơ quan sẽ làm gì, đến ngày nào."),
        max_length=complaints.LONGEST,
    )


@casework_or_hq_required
@require_safe
def complaint_list(request: HttpRequest) -> HttpResponse:
    viewer = user_of(request)
    rows = [(one, procedure_of(one.dossier)) for one in complaints_of(viewer)]
    context = {"rows": rows, "today": timezone.localdate(), "office": viewer.office}
    return render(request, "casework/complaints.html", context)


@casework_or_hq_required
@require_http_methods(SHOWN)
def complaint(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    viewer = user_of(request)
    found = _found_or_404(viewer, complaint_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            complaints.answer(
                found, viewer, outcome=form.cleaned_data["outcome"], text=form.cleaned_data["answer"]
            )
        except DomainError as refused:
            form.add_error(refused.question if refused.question in form.fields else None, refused.message)
        else:
            messages.success(request, _("Đã trả lời khiếu nại. Người khiếu nại được báo."))
            return redirect("casework:complaints")
    context: dict[str, Any] = {
        "complaint": found,
        "dossier": found.dossier,
        "decision": found.decision,
        "may_reopen": reopening.may_reopen(found.dossier),
        "procedure": procedure_of(found.dossier),
        "may_answer": may_answer(viewer, found) and found.is_waiting,
        "is_of_office": viewer.is_officer,
        "is_withdrawn_at_counter": withdrawn_at_counter(found.dossier) == found,
        "form": form,
    }
    return render(request, "casework/complaint.html", context, status=422 if form.errors else 200)


def _found_or_404(viewer: Any, public_id: UUID) -> Complaint:
    try:
        return complaint_for(viewer, public_id)
    except ObjectDoesNotExist as error:
        raise Http404(_("Không có hồ sơ này.")) from error
