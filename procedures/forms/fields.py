"""One form field a Kind: what people type becomes the stored form described in domain/definition.py.

Every field takes whatever a browser can send and answers with a value or with words at the field,
never with an error. Empty is ``None``. ``as_typed`` is the way back: a stored answer as people write it.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.fields import TypedField as LineField
from accounts.forms.fields import read_email, read_identity_number, read_name
from accounts.models import Office
from portal.lib import identifiers
from portal.lib.banks import BANKS
from portal.lib.money import format_number, parse_vnd
from portal.lib.vietnamese import (
    format_date,
    format_month,
    nfc_lines,
    nfc_text,
    parse_date,
    parse_month,
)
from procedures.domain.definition import Kind, Question

TEXT_LENGTH = 2000
ABSURD_LENGTH = 10_000  # judged before a megabyte is normalised letter by letter
_WHOLE = re.compile(r"[0-9]{1,15}")
_DECIMAL = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,6}))?")
YES, NO = "co", "khong"

Reader = Callable[[str], Any]


class TypedField(LineField):
    """Text read by ``reader``; nothing typed is None. ``normalise`` is for text of several lines."""

    def __init__(self, reader: Reader, *, normalise: Callable[[str], str] = nfc_text, **options: Any) -> None:
        self.normalise = normalise
        super().__init__(reader, **options)

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        return self.normalise(text) if len(text) <= ABSURD_LENGTH else super().to_python(text)

    def clean(self, value: Any) -> Any:
        answer = super().clean(value)
        return None if answer == "" else answer


class ChosenField(forms.ChoiceField):
    """One of the offered values; ``stored`` maps it to what is kept."""

    def __init__(self, *, stored: Callable[[str], Any] = str, **options: Any) -> None:
        self.stored = stored
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return self.stored(chosen) if chosen else None


def field_for(question: Question, *, is_in_row: bool = False) -> forms.Field:
    """The field of a question. TABLE and ADDRESS have several fields: see builder.py and address.py."""
    options: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help,
        "required": question.required,
    }
    if is_in_row and question.kind is Kind.CHOICE:
        return _choice_in_row(question, options)
    return _MAKERS[question.kind](question, options)


def as_typed(kind: Kind, stored: Any) -> Any:
    """A stored answer as people would type it; what can't be read is shown as it is."""
    if stored is None:
        return ""
    try:
        return _WRITERS.get(kind, _as_is)(stored)
    except (ValueError, TypeError):
        return str(stored)


# --- typed text -----------------------------------------------------------------------------------


def _line(question: Question, options: dict[str, Any], reader: Reader, **attrs: str) -> forms.Field:
    widget = forms.TextInput(attrs={"autocomplete": _AUTOCOMPLETE.get(question.prefill, "off"), **attrs})
    return TypedField(reader, widget=widget, **options)


_AUTOCOMPLETE = {"full_name": "name", "birth_date": "bday", "phone": "tel", "email": "email"}


def _text(question: Question, options: dict[str, Any]) -> forms.Field:
    return _line(question, options, _as_is)


def _long_text(question: Question, options: dict[str, Any]) -> forms.Field:
    return TypedField(
        _as_is,
        normalise=nfc_lines,
        widget=forms.Textarea(attrs={"rows": 4}),
        **{**options, "max_length": TEXT_LENGTH},
    )


def _name(question: Question, options: dict[str, Any]) -> forms.Field:
    return _line(question, options, read_name, autocapitalize="words", spellcheck="false")


def _date(question: Question, options: dict[str, Any]) -> forms.Field:
    def read(text: str) -> str:
        day = parse_date(text)
        if question.not_future and day > timezone.localdate():
            raise ValueError(_("Ngày này chưa tới. Xin ghi một ngày đã qua."))
        return day.isoformat()

    options["help_text"] = options["help_text"] or _(
        "Ví dụ 01/02/1960. Không có dấu gạch cũng được: 01021960."
    )
    return _line(question, options, read, inputmode="numeric", **_SHORT)


def _month(question: Question, options: dict[str, Any]) -> forms.Field:
    def read(text: str) -> str:
        month = parse_month(text)
        if question.not_future and month > timezone.localdate():
            raise ValueError(_("Tháng này chưa tới. Xin ghi một tháng đã qua."))
        return f"{month:%Y-%m}"

    options["help_text"] = options["help_text"] or _("Ví dụ 03/2015")
    return _line(question, options, read, inputmode="numeric", **_SHORT)


_SHORT = {"class": "in-10"}
_LONG = {"class": "in-20"}


def _integer(question: Question, options: dict[str, Any]) -> forms.Field:
    def read(text: str) -> int:
        if not _WHOLE.fullmatch(text):
            raise ValueError(_("Xin ghi một số nguyên, chỉ dùng chữ số, ví dụ 12."))
        return _within(question, int(text), format_number)

    return _line(question, options, read, inputmode="numeric", **_SHORT)


def _money(question: Question, options: dict[str, Any]) -> forms.Field:
    def read(text: str) -> int:
        return _within(question, parse_vnd(text), lambda amount: f"{format_number(amount)} đồng")

    field = _line(question, options, read, inputmode="numeric", **{"class": "in-money", "data-money": ""})
    field.unit = "đ"  # type: ignore[attr-defined]
    return field


def _decimal(question: Question, options: dict[str, Any]) -> forms.Field:
    def read(text: str) -> str:
        found = _DECIMAL.fullmatch(text)
        if found is None:
            raise ValueError(_("Xin ghi một số, phần lẻ sau dấu phẩy, ví dụ 3,33."))
        return f"{int(found[1])}.{found[2]}" if found[2] else str(int(found[1]))

    return _line(question, options, read, inputmode="decimal", **_SHORT)


def _identity_number(question: Question, options: dict[str, Any]) -> forms.Field:
    return _line(question, options, read_identity_number, **_LONG)


def _bhxh_number(question: Question, options: dict[str, Any]) -> forms.Field:
    return _line(question, options, identifiers.bhxh_number, inputmode="numeric", **_LONG)


def _phone(question: Question, options: dict[str, Any]) -> forms.Field:
    return _line(question, options, identifiers.mobile_phone, type="tel", **_LONG)


def _email(question: Question, options: dict[str, Any]) -> forms.Field:
    return _line(question, options, read_email, type="email", autocapitalize="none", spellcheck="false")


def _bank_account(question: Question, options: dict[str, Any]) -> forms.Field:
    return _line(question, options, identifiers.bank_account, autocapitalize="characters")


def _as_is(value: Any) -> Any:
    return value


def _within(question: Question, number: int, words: Callable[[int], str]) -> int:
    if question.minimum is not None and number < question.minimum:
        raise ValueError(_("Xin ghi từ %s trở lên.") % words(question.minimum))
    if question.maximum is not None and number > question.maximum:
        raise ValueError(_("Xin ghi không quá %s.") % words(question.maximum))
    return number


# --- chosen values --------------------------------------------------------------------------------


def _chosen(
    options: dict[str, Any],
    choices: Iterable[tuple[str, str]],
    widget: forms.Widget,
    stored: Callable[[str], Any] = str,
) -> forms.Field:
    wrong = gettext_lazy("Xin chọn một trong các câu trả lời có sẵn.")
    messages = {"required": gettext_lazy("Xin chọn một câu trả lời."), "invalid_choice": wrong}
    return ChosenField(
        choices=list(choices), widget=widget, stored=stored, error_messages=messages, **options
    )


def _choice(question: Question, options: dict[str, Any]) -> forms.Field:
    pairs = [(choice.value, choice.label) for choice in question.choices]
    field = _chosen(options, pairs, forms.RadioSelect())
    field.choice_help = {choice.value: choice.help for choice in question.choices}  # type: ignore[attr-defined]
    return field


def _choice_in_row(question: Question, options: dict[str, Any]) -> forms.Field:
    """Cards would make a row of a table as high as a page."""
    pairs = [("", _("Chọn")), *((choice.value, choice.label) for choice in question.choices)]
    return _chosen(options, pairs, forms.Select())


def _yes_no(question: Question, options: dict[str, Any]) -> forms.Field:
    pairs = [(YES, _("Có")), (NO, _("Không"))]
    return _chosen(options, pairs, forms.RadioSelect(), lambda value: value == YES)


def _bank(question: Question, options: dict[str, Any]) -> forms.Field:
    pairs = [("", _("Chọn ngân hàng")), *((bank.bin, str(bank)) for bank in BANKS)]
    return _chosen(options, pairs, forms.Select())


def _province(question: Question, options: dict[str, Any]) -> forms.Field:
    offices = Office.objects.valid_on(timezone.localdate()).values_list("key", "name")
    return _chosen(options, [("", _("Chọn tỉnh, thành phố")), *offices], forms.Select())


_MAKERS: dict[Kind, Callable[[Question, dict[str, Any]], forms.Field]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.NAME: _name,
    Kind.DATE: _date,
    Kind.MONTH: _month,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.INTEGER: _integer,
    Kind.MONEY: _money,
    Kind.DECIMAL: _decimal,
    Kind.IDENTITY_NUMBER: _identity_number,
    Kind.BHXH_NUMBER: _bhxh_number,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.PROVINCE: _province,
    Kind.BANK: _bank,
    Kind.BANK_ACCOUNT: _bank_account,
}

_WRITERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.DATE: lambda stored: format_date(date.fromisoformat(stored)),
    Kind.MONTH: lambda stored: format_month(date.fromisoformat(f"{stored}-01")),
    Kind.MONEY: lambda stored: format_number(int(stored)),
    Kind.DECIMAL: lambda stored: str(stored).replace(".", ","),
    Kind.YES_NO: lambda stored: YES if stored is True else NO,
}
