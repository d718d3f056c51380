"""What an officer types to hand work over, and to keep a view of the queue."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from procedures.casework.forms import REQUIRED, TOO_LONG, FilterForm
from procedures.services.saved_filters import NAME_LENGTH, QUERY_LENGTH


class SaveFilterForm(forms.Form):
    """A name for a view of the queue; of its address only the filters are kept."""

    name = forms.CharField(required=False, max_length=NAME_LENGTH)
    query = forms.CharField(required=False, max_length=QUERY_LENGTH)

    def clean_query(self) -> str:
        typed = QueryDict(self.cleaned_data["query"])
        kept = QueryDict(mutable=True)
        kept.update({name: typed[name] for name in FilterForm.base_fields if typed.get(name)})
        return kept.urlencode()


class HandOverForm(forms.Form):
    """To which colleague, and why."""

    to = forms.ChoiceField(
        label=gettext_lazy("Bàn giao cho"),
        error_messages={
            "required": gettext_lazy("Xin chọn một cán bộ."),
            "invalid_choice": gettext_lazy("Xin chọn một cán bộ trong danh sách."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Lời nhắn"),
        required=False,
        max_length=500,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, colleagues: Sequence[User]) -> None:
        super().__init__(data)
        self.colleagues = {str(one.pk): one for one in colleagues}
        names = [(pk, one.full_name) for pk, one in self.colleagues.items()]
        self.fields["to"].choices = [("", _("Chọn cán bộ")), *names]  # type: ignore[attr-defined]

    def typed(self) -> dict[str, Any]:
        return {"to": self.colleagues[self.cleaned_data["to"]], "reason": self.cleaned_data["reason"]}


class TakeOverForm(forms.Form):
    """Why a colleague's dossier is taken over; the colleague reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do tiếp quản"),
        help_text=gettext_lazy("Người đang giữ hồ sơ đọc được lời này."),
        max_length=500,
        error_messages={**REQUIRED, **TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def typed(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
