"""What the headquarters types: a report to freeze, a target, an imported number, a what-if."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.fields import TypedField
from accounts.models import Office
from portal.lib.money import parse_vnd
from portal.lib.vietnamese import nfc_text, parse_date, parse_month
from procedures.selectors.statistics.extent import SERIES_NAMES, Series
from procedures.services.reports import TITLE, Letter

_EVERY = gettext_lazy("Mọi cơ quan")


def parse_rate(raw: str) -> Decimal:
    """A rate in per cent as typed: "50", "36,99", "36.99%". Raises ValueError with words."""
    text = nfc_text(raw).removesuffix("%").strip().replace(",", ".")
    whole, _point, rest = text.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 3 and len(rest) <= 2):
        raise ValueError("Hãy ghi tỷ lệ bằng số, tối đa hai chữ số thập phân, ví dụ 50 hoặc 36,99.")
    if rest and not (rest.isascii() and rest.isdigit()):
        raise ValueError("Hãy ghi tỷ lệ bằng số, ví dụ 50 hoặc 36,99.")
    rate = Decimal(text if rest else whole)
    if not 0 <= rate <= 100:
        raise ValueError("Tỷ lệ từ 0 đến 100.")
    return rate


class FreezeForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Tên báo cáo"), max_length=200, initial=TITLE)
    letter = forms.CharField(
        label=gettext_lazy("Gửi kèm Công văn số"),
        help_text=gettext_lazy("Ví dụ 3040/BHXH-CNTT. Để trống nếu không gửi kèm công văn."),
        max_length=60,
        required=False,
    )
    letter_day = TypedField(parse_date, label=gettext_lazy("Ngày công văn"), required=False)

    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "title": nfc_text(found["title"]),
            "letter": Letter(nfc_text(found["letter"]), found["letter_day"] or None),
        }


class CorrectForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Lý do đính chính"),
        help_text=gettext_lazy("Được in cùng bản đính chính."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OfficeForm(forms.Form):
    """Any form that names an office by its key."""

    office = forms.ChoiceField(label=gettext_lazy("Cơ quan"))

    def __init__(self, data: Any, offices: Iterable[Office], *, empty: str = "", **options: Any) -> None:
        super().__init__(data, **options)
        self.by_key = {office.key: office for office in offices}
        choices = sorted((key, office.annex_name) for key, office in self.by_key.items())
        self.fields["office"].choices = [("", empty), *choices]  # type: ignore[attr-defined]

    def clean_office(self) -> Office | None:
        return self.by_key.get(self.cleaned_data["office"])


class TargetForm(OfficeForm):
    value = TypedField(parse_rate, label=gettext_lazy("Chỉ tiêu (%)"))
    due_on = TypedField(parse_date, label=gettext_lazy("Hạn đạt"))
    series = forms.ChoiceField(
        label=gettext_lazy("Dãy số liệu"), choices=[(one.value, SERIES_NAMES[one]) for one in Series]
    )
    source = forms.CharField(
        label=gettext_lazy("Văn bản giao chỉ tiêu"),
        help_text=gettext_lazy("Số, ngày và cơ quan ban hành. Không có văn bản thì chưa có chỉ tiêu."),
        max_length=200,
    )

    def __init__(self, data: Any, offices: Iterable[Office]) -> None:
        super().__init__(data, offices, empty=str(_EVERY))
        self.fields["office"].required = False

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "series": Series(self.cleaned_data["series"])}


class ImportForm(OfficeForm):
    month = TypedField(parse_month, label=gettext_lazy("Tháng"))
    count = TypedField(parse_vnd, label=gettext_lazy("Số hồ sơ giấy"))
    source = forms.CharField(
        label=gettext_lazy("Nguồn"),
        help_text=gettext_lazy("Số và ngày của báo cáo."),
        max_length=200,
    )

    def given(self) -> dict[str, Any]:
        return self.cleaned_data


class WhatIfForm(forms.Form):
    """Part of the page's address: which office, which rate."""

    neu = forms.ChoiceField(label=gettext_lazy("Nếu"), required=False)
    dat = TypedField(parse_rate, label=gettext_lazy("đạt (%)"), required=False)

    def __init__(self, data: Any, rows: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["neu"].choices = [("", _("(chọn cơ quan)")), *rows]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.hide_optional = True  # type: ignore[attr-defined]

    def rates(self) -> dict[str, Decimal]:
        self.is_valid()
        key, rate = self.cleaned_data.get("neu"), self.cleaned_data.get("dat")
        return {key: rate} if key and isinstance(rate, Decimal) else {}
