"""What a page is asked for, in its address: ?tu=01/01/2019&den=31/08/2019&muc=vung&chuoi=…&nhin=…&thu_tuc=…"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.fields import TypedField
from portal.lib.vietnamese import format_date, parse_date
from procedures import catalogue
from procedures.selectors.statistics.counts import next_month
from procedures.selectors.statistics.extent import (
    LEVEL_NAMES,
    SERIES_NAMES,
    VIEW_NAMES,
    Extent,
    Level,
    Series,
    View,
)
from procedures.services.calendar import legal_date

LONGEST_YEARS = 10
_LEVELS = (Level.OFFICE, Level.REGION, Level.COUNTRY, Level.PROCEDURE, Level.MONTH)


def usual_extent() -> Extent:
    """From the beginning of the year to the end of the month: in August 2019 the annex's period."""
    today = legal_date()
    return Extent(first=today.replace(month=1, day=1), last=_end_of_month(today))


class ExtentForm(forms.Form):
    """The filters of every page. What can't be read is said beside its box, and the usual shown."""

    tu = TypedField(parse_date, label=gettext_lazy("Từ ngày"), required=False)
    den = TypedField(parse_date, label=gettext_lazy("Đến ngày"), required=False)
    muc = forms.ChoiceField(label=gettext_lazy("Xem theo"), required=False)
    thu_tuc = forms.ChoiceField(label=gettext_lazy("Thủ tục"), required=False)
    chuoi = forms.ChoiceField(label=gettext_lazy("Dãy số liệu"), required=False)
    nhin = forms.ChoiceField(label=gettext_lazy("Cơ quan"), required=False)

    def __init__(self, data: Any) -> None:
        self.usual = usual_extent()
        shown = {"tu": format_date(self.usual.first), "den": format_date(self.usual.last)}
        super().__init__({**shown, **{name: data[name] for name in data if data[name]}})
        procedures = [(it.code, it.plain_name) for it in catalogue.procedures_on(legal_date())]
        self._choose("muc", [(level, LEVEL_NAMES[level]) for level in _LEVELS])
        self._choose("thu_tuc", [("", _("Cả bảy thủ tục")), *procedures])
        self._choose("chuoi", [(series, SERIES_NAMES[series]) for series in (Series.SEVEN, Series.FIELD)])
        self._choose("nhin", [(view, VIEW_NAMES[view]) for view in View])
        for field in self.fields.values():
            field.hide_optional = True  # type: ignore[attr-defined]
        for name in ("tu", "den"):
            self.fields[name].widget.attrs |= {"class": "in-10", "inputmode": "numeric", "size": 10}

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [(str(value), label) for value, label in choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = found.get("tu"), found.get("den")
        if first and last and last < first:
            self.add_error("den", _("Ngày cuối phải từ ngày đầu trở đi."))
        if first and last and last.year - first.year > LONGEST_YEARS:
            self.add_error("den", _("Xin chọn tối đa %d năm.") % LONGEST_YEARS)
        return found

    def extent(self) -> Extent:
        self.is_valid()
        found = self.cleaned_data
        is_period = bool(found.get("tu") and found.get("den"))
        return Extent(
            first=found["tu"] if is_period else self.usual.first,
            last=found["den"] if is_period else self.usual.last,
            level=Level(found.get("muc") or Level.OFFICE),
            series=Series(found.get("chuoi") or Series.SEVEN),
            view=View(found.get("nhin") or View.THEN),
            procedure=found.get("thu_tuc") or "",
        )


def extent_of(request: HttpRequest) -> Extent:
    """What the address asks for; the usual for what it doesn't say or can't be read."""
    return ExtentForm(request.GET).extent()


def address_of(extent: Extent, **changed: Any) -> str:
    """The query of an extent, without its question mark."""
    wanted = replace(extent, **changed) if changed else extent
    parts = {
        "tu": format_date(wanted.first),
        "den": format_date(wanted.last),
        "muc": wanted.level if wanted.level is not Level.OFFICE else "",
        "chuoi": wanted.series if wanted.series is not Series.SEVEN else "",
        "nhin": wanted.view if wanted.view is not View.THEN else "",
        "thu_tuc": wanted.procedure,
    }
    return urlencode({name: value for name, value in parts.items() if value}, safe="/")


def _end_of_month(day: date) -> date:
    return next_month(day) - timedelta(days=1)
