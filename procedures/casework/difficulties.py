"""Vướng mắc: reported from any page of the staff, answered by the centre, read by all offices."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role, User
from accounts.views.access import hq_required, staff_required, user_of
from portal.lib.vietnamese import nfc_text
from procedures.casework.forms import lines_field
from procedures.domain.errors import DomainError
from procedures.models import Difficulty, Dossier
from procedures.selectors import difficulties as found
from procedures.selectors.queue import dossier_in_office
from procedures.services import difficulties

SHOWN = ("GET", "HEAD", "POST")
_NAME = re.compile(r"[a-z_]{1,20}:[a-z_0-9]{1,40}")


class ReportForm(forms.Form):
    """What is wrong. Page and dossier come along from where the link was followed."""

    use_required_attribute = False
    subject = forms.ChoiceField(
        label=gettext_lazy("Về việc gì"),
        choices=Difficulty.Subject.choices,
        widget=forms.Select(attrs={"autofocus": True, "class": "in-20"}),
    )
    text = lines_field(
        label=gettext_lazy("Vướng mắc gì"),
        help_text=gettext_lazy("Đã làm gì, thấy gì, mong gì. Đừng ghi tên hay số của người dân."),
        max_length=difficulties.LONGEST,
    )
    with_reference = forms.BooleanField(required=False, label=gettext_lazy("Gửi kèm mã hồ sơ đang mở"))


class AnswerForm(forms.Form):
    use_required_attribute = False
    answer = lines_field(label=gettext_lazy("Trả lời"), max_length=4_000)
    publish_as = forms.CharField(
        label=gettext_lazy("Công bố cho mọi cơ quan với tên"),
        help_text=gettext_lazy("Để trống thì chỉ người báo đọc được. Không ghi tên cơ quan hay người."),
        required=False,
        max_length=200,
    )

    def __init__(self, data: Any, difficulty: Difficulty) -> None:
        initial = {"answer": difficulty.answer, "publish_as": difficulty.published_title}
        super().__init__(data, initial=initial)
        self.fields["publish_as"].hide_optional = True  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    into = forms.ChoiceField(label=gettext_lazy("Giống vướng mắc"))

    def __init__(self, data: Any, candidates: list[Difficulty]) -> None:
        super().__init__(data)
        self.candidates = {str(one.public_id): one for one in candidates}
        self.fields["into"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.pk} · {one.office or _('BHXH Việt Nam')} · {one.text[:60]}")
            for key, one in self.candidates.items()
        ]


@staff_required
@require_safe
def difficulty_list(request: HttpRequest) -> HttpResponse:
    viewer = user_of(request)
    state, subject = (
        one if one in known else ""
        for one, known in (
            (request.GET.get("tinh_trang", ""), found.STATES),
            (request.GET.get("loai", ""), Difficulty.Subject.values),
        )
    )
    page = found.difficulties_for(viewer, state=state, subject=subject, after=request.GET.get("sau", ""))
    words = nfc_text(request.GET.get("q", "")[:100]).replace("\x00", "")
    kept = f"&tinh_trang={state}&loai={subject}" if state or subject else ""
    context = {
        "rows": page.difficulties,
        "next_url": f"{request.path}?sau={page.following}{kept}" if page.following else "",
        "published": found.published(words),
        "words": words,
        "is_hq": viewer.role == Role.HQ,
        "state": state,
        "subject": subject,
        "subjects": Difficulty.Subject.choices,
        "counts": _table(found.counts_by_office_and_subject()) if viewer.role == Role.HQ else [],
    }
    return render(request, "casework/difficulties.html", context)


@staff_required
@require_http_methods(SHOWN)
def report(request: HttpRequest) -> HttpResponse:
    reporter = user_of(request)
    given = request.POST if request.method == "POST" else None
    asked = given or request.GET
    page, dossier = _page_of(asked.get("trang", "")), _dossier_of(asked.get("ho-so", ""), reporter)
    reference = (dossier.reference or "") if dossier else ""
    form = ReportForm(given)
    if not reference:
        del form.fields["with_reference"]
    if request.method == "POST" and form.is_valid():
        try:
            difficulties.report(
                reporter,
                subject=form.cleaned_data["subject"],
                text=form.cleaned_data["text"],
                page=page,
                reference=reference if form.cleaned_data.get("with_reference") else "",
            )
        except DomainError as refused:
            form.add_error(refused.question or None, refused.message)
        else:
            messages.success(request, _("Đã báo Trung tâm CNTT. Câu trả lời hiện ở đây."))
            return redirect("casework:difficulties")
    context = {"form": form, "page": page, "dossier": dossier, "reference": reference}
    return render(request, "casework/report_difficulty.html", context, status=422 if form.errors else 200)


@staff_required
@require_safe
def difficulty(request: HttpRequest, difficulty_id: UUID) -> HttpResponse:
    viewer = user_of(request)
    one = _difficulty_or_404(viewer, difficulty_id)
    return _page(request, one, viewer, AnswerForm(None, one))


@hq_required
@require_http_methods(["POST"])
def answer(request: HttpRequest, difficulty_id: UUID) -> HttpResponse:
    hq = user_of(request)
    one = _difficulty_or_404(hq, difficulty_id)
    form = AnswerForm(request.POST, one)
    if form.is_valid():
        try:
            number = difficulties.answer(
                one, hq, form.cleaned_data["answer"], publish_as=form.cleaned_data["publish_as"]
            )
        except DomainError as refused:
            form.add_error(refused.question or None, refused.message)
        else:
            messages.success(request, _("Đã trả lời %(n)d báo cáo.") % {"n": number})
            return redirect("casework:difficulties")
    return _page(request, one, hq, form, status=422)


@hq_required
@require_http_methods(["POST"])
def join(request: HttpRequest, difficulty_id: UUID) -> HttpResponse:
    hq = user_of(request)
    one = _difficulty_or_404(hq, difficulty_id)
    form = JoinForm(request.POST, found.candidates_for(one))
    if not form.is_valid():
        messages.warning(request, _("Xin chọn một vướng mắc trong danh sách."))
        return redirect("casework:difficulty", difficulty_id=one.public_id)
    into = form.candidates[form.cleaned_data["into"]]
    try:
        difficulties.join(one, hq, into)
    except DomainError as refused:
        messages.warning(request, refused.message)
        return redirect("casework:difficulty", difficulty_id=one.public_id)
    messages.success(request, _("Đã gộp."))
    return redirect("casework:difficulty", difficulty_id=into.public_id)


def _page(
    request: HttpRequest, one: Difficulty, viewer: User, form: AnswerForm, status: int = 200
) -> HttpResponse:
    is_hq = viewer.role == Role.HQ
    candidates = found.candidates_for(one) if is_hq and not one.answered_at and not one.joined_to else []
    context = {
        "difficulty": one,
        "form": form,
        "joined": found.joined_to(one) if is_hq else [],
        "join_form": JoinForm(None, candidates) if candidates else None,
        "may_answer": is_hq and one.joined_to is None,
    }
    return render(request, "casework/difficulty.html", context, status=status)


def _page_of(name: str) -> str:
    """The name of a page as the URL conf has it ("casework:queue"), never an address."""
    return name if _NAME.fullmatch(name) else ""


def _dossier_of(public_id: str, reporter: User) -> Dossier | None:
    """The dossier of the own office that was open."""
    try:
        return dossier_in_office(reporter, UUID(public_id))
    except (ValueError, ObjectDoesNotExist):
        return None


def _difficulty_or_404(viewer: User, public_id: UUID) -> Difficulty:
    try:
        return found.difficulty_for(viewer, public_id)
    except ObjectDoesNotExist as error:
        raise Http404(_("Không có vướng mắc này.")) from error


def _table(counts: dict[str, dict[str, int]]) -> list[tuple[str, list[int], int]]:
    """Office, a number a subject, and their sum."""
    subjects = Difficulty.Subject.values
    return [
        (office or _("BHXH Việt Nam"), [row.get(subject, 0) for subject in subjects], sum(row.values()))
        for office, row in counts.items()
    ]
