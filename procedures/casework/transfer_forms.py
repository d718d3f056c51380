"""What is typed when a dossier goes to another office, and when it comes from one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Office
from portal.lib.vietnamese import parse_month
from procedures.casework.forms import ActForm, lines_field
from procedures.forms.fields import TypedField


class ReferForm(ActForm):
    """Which office, and why."""

    to_office = forms.ChoiceField(
        label=gettext_lazy("Cơ quan có thẩm quyền"),
        error_messages={
            "required": gettext_lazy("Xin chọn một cơ quan."),
            "invalid_choice": gettext_lazy("Xin chọn một cơ quan trong danh sách."),
        },
    )
    reason = lines_field(label=gettext_lazy("Vì sao thuộc cơ quan đó"))

    def __init__(self, data: Any, *, seen: int, offices: Sequence[Office]) -> None:
        super().__init__(data, initial={"seen": seen})
        self.offices = {office.key: office for office in offices}
        names = [(key, office.official_name) for key, office in self.offices.items()]
        self.fields["to_office"].choices = [("", _("Chọn cơ quan")), *names]  # type: ignore[attr-defined]

    def typed(self) -> dict[str, Any]:
        return {
            "to_office": self.offices[self.cleaned_data["to_office"]],
            "reason": self.cleaned_data["reason"],
        }


class AnswerForm(forms.Form):
    """The destination accepts, with its first month, or returns with a reason."""

    first_month = TypedField(
        parse_month,
        label=gettext_lazy("Tháng đầu tiên trả ở đây"),
        help_text=gettext_lazy("Tháng/năm, sau tháng cuối nơi đi trả."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "in-10"}),
        required=False,
    )
    exception = lines_field(
        label=gettext_lazy("Tháng chưa nơi nào trả: ai truy trả"),
        help_text=gettext_lazy("Chỉ ghi khi tháng đầu ở đây không liền sau tháng cuối nơi đi."),
        required=False,
    )
    reason = lines_field(
        label=gettext_lazy("Lý do trả lại"),
        help_text=gettext_lazy("Chỉ ghi khi trả lại nơi đi."),
        required=False,
    )

    def __init__(self, data: Any, *, pays: bool) -> None:
        super().__init__(data)
        for name in () if pays else ("first_month", "exception"):
            del self.fields[name]
        for field in self.fields.values():
            field.hide_optional = True  # type: ignore[attr-defined]

    @property
    def is_return(self) -> bool:
        return "return" in self.data

    def accepted(self) -> dict[str, Any]:
        return {
            "first_month": self.cleaned_data.get("first_month"),
            "exception": self.cleaned_data.get("exception") or "",
        }
