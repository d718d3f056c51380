"""What is typed about days: a new one for a filer, and those on which the system stood still."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from portal.lib.vietnamese import parse_date
from procedures.casework.forms import REQUIRED, TOO_LONG, ActForm, lines_field
from procedures.forms.fields import TypedField


class ApologyForm(ActForm):
    """A new day, and the reason the filer reads."""

    new_due_on = TypedField(
        parse_date,
        label=gettext_lazy("Ngày hẹn mới"),
        help_text=gettext_lazy("Ngày/tháng/năm, một ngày làm việc."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "in-10"}),
        error_messages=REQUIRED,
    )
    reason = lines_field(label=gettext_lazy("Lý do, viết cho người nộp"))

    def __init__(self, data: Any, *, seen: int, draft: str) -> None:
        super().__init__(data, initial={"seen": seen, "reason": draft})


class OutageForm(forms.Form):
    """Days on which the system stood still."""

    first = TypedField(parse_date, label=gettext_lazy("Từ ngày"), error_messages=REQUIRED)
    last = TypedField(parse_date, label=gettext_lazy("Đến hết ngày"), error_messages=REQUIRED)
    reason = forms.CharField(
        label=gettext_lazy("Sự cố, thông báo"), max_length=300, error_messages={**REQUIRED, **TOO_LONG}
    )
