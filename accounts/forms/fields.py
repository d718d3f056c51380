"""Form fields that take what people type and give its canonical form, or words at the field."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from portal.lib import identifiers
from portal.lib.vietnamese import is_person_name, nfc_text, parse_date

FIRST_YEAR = 1900
# Longer than any answer: judged before a megabyte is normalised letter by letter.
_ABSURD_LENGTH = 10_000
_MESSAGES = {
    "required": gettext_lazy("Xin điền mục này."),
    "max_length": gettext_lazy("Nội dung dài quá %(limit_value)d ký tự. Xin ghi ngắn lại."),
}


class TypedField(forms.CharField):
    """One line, read by ``reader``; the words of its ValueError are shown at the field."""

    def __init__(self, reader: Callable[[str], Any], **options: Any) -> None:
        self.reader = reader
        messages = {**_MESSAGES, **options.pop("error_messages", {})}
        super().__init__(**{"max_length": 200, "error_messages": messages, **options})

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        if len(text) > _ABSURD_LENGTH:
            raise ValidationError(_("Nội dung quá dài. Xin ghi ngắn lại."))
        return nfc_text(text)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return text
        try:
            return self.reader(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


def line(
    reader: Callable[[str], Any],
    label: StrOrPromise,
    *,
    required: bool = True,
    help_text: StrOrPromise = "",
    **attrs: str,
) -> TypedField:
    """A TypedField in a one-line box; ``attrs`` are attributes of the input, ``_`` for ``-``."""
    widget = forms.TextInput(attrs={"spellcheck": "false", **named(attrs)})
    return TypedField(reader, label=label, required=required, help_text=help_text, widget=widget)


def named(attrs: dict[str, str]) -> dict[str, str]:
    """``class_`` is written class, ``data_money`` data-money."""
    return {name.replace("_", "-").strip("-"): value for name, value in attrs.items()}


def chosen(
    label: StrOrPromise, choices: Any, *, required: bool = True, help_text: StrOrPromise = "", **attrs: str
) -> forms.ChoiceField:
    """One of the offered values from a list that folds down."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        help_text=help_text,
        widget=forms.Select(attrs=named(attrs)),
        error_messages={
            "required": gettext_lazy("Xin chọn một mục."),
            "invalid_choice": gettext_lazy("Xin chọn lại trong danh sách."),
        },
    )


def read_name(text: str) -> str:
    """Họ tên, as it stands. Raises ValueError."""
    if is_person_name(text):
        return text
    raise ValueError(_("Họ tên gồm chữ cái, khoảng trắng, dấu ' và dấu -, từ 2 đến 100 ký tự."))


def read_birth_date(text: str) -> date:
    """Ngày sinh from 1900 to today. Raises ValueError."""
    day = parse_date(text)
    if day.year < FIRST_YEAR or day > timezone.localdate():
        raise ValueError(_("Ngày sinh phải từ năm 1900 đến hôm nay."))
    return day


def read_identity_number(text: str) -> str:
    """Số CMND, CCCD or hộ chiếu. Raises ValueError."""
    return identifiers.identity_number(text).number


def read_email(text: str) -> str:
    """An e-mail address. Raises ValueError."""
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(_("Địa chỉ email chưa đúng. Xin ghi như ten@example.vn.")) from None
    return text


def as_is(text: str) -> str:
    """Any text."""
    return text
