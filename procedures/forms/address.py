"""An address as four fields: province, district, commune (GSO codes before the 2025 merger), street.

Which districts and communes are offered follows from what is chosen above them.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lib import units
from portal.lib.vietnamese import nfc_text
from procedures.domain.definition import Question
from procedures.forms.fields import ChosenField, TypedField

PARTS = ("province", "district", "commune", "street")


def names(question_name: str) -> tuple[str, ...]:
    return tuple(f"{question_name}-{part}" for part in PARTS)


def fields_for(question: Question, current: Mapping[str, Any] | None) -> dict[str, forms.Field]:
    """The four fields; ``current`` is what is chosen so far."""
    chosen = current or {}
    districts = units.districts(str(chosen.get("province", "")))
    communes = units.communes(str(chosen.get("district", "")))
    is_island = str(chosen.get("district", "")) in units.ISLANDS
    fields = (
        _select(_("Tỉnh, thành phố"), units.provinces(), question.required),
        _select(_("Quận, huyện"), districts, question.required),
        _select(_("Phường, xã"), communes, question.required and not is_island),
        _street(question.required),
    )
    return dict(zip(names(question.name), fields, strict=True))


def _select(label: str, offered: tuple[units.Unit, ...], is_required: bool) -> forms.Field:
    return ChosenField(
        label=label,
        required=is_required,
        choices=[("", _("Chọn")), *((unit.code, unit.name) for unit in offered)],
        widget=forms.Select(attrs={"class": "in-20", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Xin chọn một mục."),
            "invalid_choice": gettext_lazy("Xin chọn lại trong danh sách."),
        },
    )


def _street(is_required: bool) -> forms.Field:
    def read(text: str) -> str:
        if len(text) < 2:
            raise ValueError(_("Xin ghi số nhà, đường, hoặc thôn, xóm, ấp."))
        return text

    return TypedField(
        read,
        label=_("Số nhà, đường, thôn, xóm"),
        required=is_required,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
        error_messages={
            "required": gettext_lazy("Xin ghi số nhà, đường, hoặc thôn, xóm, ấp."),
        },
    )


def read(question_name: str, typed: QueryDict) -> dict[str, str]:
    """What was chosen, unjudged, to offer the right districts and communes."""
    values = (nfc_text(typed.get(name, "")[:200]) for name in names(question_name))
    return {part: value for part, value in zip(PARTS, values, strict=True) if value}


def answer(question_name: str, cleaned: Mapping[str, Any]) -> dict[str, str] | None:
    """The stored form, or None unless all of it is there: half an address leads nowhere."""
    values = [cleaned.get(name) or "" for name in names(question_name)]
    province, district, commune, street = values
    if not street or not units.belongs(commune, district, province):
        return None
    return dict(zip(PARTS, values, strict=True))


def as_typed(question_name: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    return {name: stored.get(part, "") for name, part in zip(names(question_name), PARTS, strict=True)}
