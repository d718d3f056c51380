"""What a clerk types from a paper dossier: one page, from top to bottom, without the mouse."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.fields import (
    as_is,
    chosen,
    line,
    read_birth_date,
    read_identity_number,
    read_name,
)
from accounts.models import Office
from portal.lib.identifiers import bhxh_number, mobile_phone
from portal.lib.vietnamese import format_date, parse_date
from procedures.domain.definition import Procedure
from procedures.models import Channel
from procedures.services.intake import Paper


class IntakeForm(forms.Form):
    """Ten fields. ``public_id`` makes a page that is sent twice one dossier."""

    use_required_attribute = False
    public_id = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=gettext_lazy("Hồ sơ đến bằng"),
        choices=[(one.value, one.label) for one in (Channel.COUNTER, Channel.POST)],
        widget=forms.RadioSelect,
        initial=Channel.COUNTER.value,
        error_messages={"required": gettext_lazy("Xin chọn một mục.")},
    )
    branch = chosen(gettext_lazy("Trường hợp"), [])
    full_name = line(read_name, gettext_lazy("Họ và tên"), autocomplete="off", autocapitalize="words")
    birth_date = line(
        read_birth_date,
        gettext_lazy("Ngày sinh"),
        autocomplete="off",
        inputmode="numeric",
        class_="in-10",
    )
    bhxh_number = line(
        bhxh_number, gettext_lazy("Mã số BHXH"), autocomplete="off", inputmode="numeric", class_="in-20"
    )
    identity_number = line(
        read_identity_number,
        gettext_lazy("Số CMND, CCCD hoặc hộ chiếu"),
        autocomplete="off",
        class_="in-20",
    )
    phone = line(
        mobile_phone,
        gettext_lazy("Số điện thoại di động"),
        required=False,
        help_text=gettext_lazy("Nhận thông báo và mã tra cứu. Người nộp không có thì để trống."),
        autocomplete="off",
        inputmode="tel",
        class_="in-20",
    )
    street = line(as_is, gettext_lazy("Địa chỉ"), required=False, autocomplete="off")
    onward = chosen(gettext_lazy("Chuyển đến"), [], class_="in-20")
    documents = forms.MultipleChoiceField(
        label=gettext_lazy("Giấy tờ đã nhận"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Đánh dấu bằng phím cách. In vào giấy tiếp nhận."),
    )
    received_on = line(
        parse_date,
        gettext_lazy("Ngày nhận"),
        autocomplete="off",
        inputmode="numeric",
        class_="in-10",
        help_text=gettext_lazy("Ngày hồ sơ đến cơ quan; thời hạn tính từ ngày này."),
    )

    def __init__(self, data: Any, procedure: Procedure, offices: Sequence[Office]) -> None:
        today = format_date(timezone.localdate())
        super().__init__(data, initial={"public_id": uuid.uuid4(), "received_on": today})
        self.procedure = procedure
        self.offices = {office.key: office for office in offices}
        branches = [(branch.code, branch.name) for branch in procedure.branches]
        self.fields["branch"].choices = [("", _("Chọn một trường hợp")), *branches]  # type: ignore[attr-defined]
        papers = [paper for paper in procedure.documents if not paper.filled_here]
        forms_typed = [paper for paper in procedure.documents if paper.filled_here]
        self.fields["documents"].choices = [  # type: ignore[attr-defined]
            (paper.code, f"{paper.name} ({paper.form})" if paper.form else paper.name)
            for paper in (*forms_typed, *papers)
        ]
        if procedure.onward is None:
            del self.fields["onward"]
        else:
            names = [(key, office.official_name) for key, office in self.offices.items()]
            self.fields["onward"].choices = [("", _("Chọn cơ quan")), *names]  # type: ignore[attr-defined]
        first = self.fields["branch"].widget
        first.attrs["autofocus"] = True
        self.fields["documents"].hide_optional = True  # type: ignore[attr-defined]

    def paper(self) -> Paper:
        """What was typed, for the service."""
        typed = self.cleaned_data
        onward = self.offices.get(typed.get("onward", ""))
        return Paper(
            procedure=self.procedure,
            channel=typed["channel"],
            answers=self._answers(onward),
            received_on=typed["received_on"],
            documents=typed["documents"],
            onward=onward,
        )

    def _answers(self, onward: Office | None) -> dict[str, Any]:
        typed = self.cleaned_data
        question = branch_question(self.procedure)
        answers: dict[str, Any] = {
            "full_name": typed["full_name"],
            "birth_date": typed["birth_date"].isoformat(),
            "bhxh_number": typed["bhxh_number"],
            "identity_number": typed["identity_number"],
            "phone": typed["phone"],
            "address": {"street": typed["street"]} if typed["street"] else None,
            question: typed["branch"],
        }
        if self.procedure.onward and onward:
            answers[self.procedure.onward.question] = {"province": onward.province_code}
        return {name: value for name, value in answers.items() if value}


def branch_question(procedure: Procedure) -> str:
    """The question whose answers are the procedure's branches. Raises LookupError."""
    codes = {branch.code for branch in procedure.branches}
    for question in procedure.questions:
        if codes <= {choice.value for choice in question.choices}:
            return question.name
    raise LookupError(f"{procedure.code} has no question that tells its branches apart")
