"""Having a receipt checked, without logging in."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lib.identifiers import CROCKFORD, parse_reference
from portal.lib.vietnamese import nfc_text
from procedures.forms.confirm import plain_helper
from procedures.forms.fields import TypedField

MOST_BYTES = 5_000_000
_SHORT = re.compile(rf"[{CROCKFORD}]{{8}}")
_FULL = re.compile(r"[0-9a-f]{64}")
_FILLERS = re.compile(r"[\s.‐‑‒–—−-]+")


def content_code(raw: str) -> str:
    """A mã nội dung as typed: the eight characters as shown (7ZK4-M0QX), or all 64 hex digits in any
    groups. Raises ValueError with a Vietnamese message."""
    text = _FILLERS.sub("", nfc_text(raw))
    if _FULL.fullmatch(text.lower()):
        return text.lower()
    short = text.upper().translate(str.maketrans("OIL", "011"))
    if not _SHORT.fullmatch(short):
        raise ValueError(_("Mã đối chiếu gồm 8 ký tự, ví dụ 7ZK4-M0QX, hoặc đủ 64 ký tự SHA-256."))
    return f"{short[:4]}-{short[4:]}"


class ReceiptForm(forms.Form):
    """A receipt as it was downloaded or came by e-mail."""

    use_required_attribute = False
    receipt = forms.FileField(
        label=gettext_lazy("Giấy tiếp nhận"),
        help_text=gettext_lazy("Tệp PDF hoặc JSON ông/bà nhận được khi nộp hồ sơ."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,application/json,.json,.pdf"}),
        error_messages={
            "required": gettext_lazy("Xin chọn tệp giấy tiếp nhận."),
            "empty": gettext_lazy("Tệp rỗng. Xin chọn tệp khác."),
            "missing": gettext_lazy("Xin chọn tệp giấy tiếp nhận."),
            "invalid": gettext_lazy("Xin chọn tệp giấy tiếp nhận."),
        },
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.helper = plain_helper()

    def clean_receipt(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["receipt"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("Tệp quá lớn. Giấy tiếp nhận của cổng không quá 5 MB."))
        return file


class CodesForm(forms.Form):
    """Two things that stand on the receipt, and in its QR code."""

    use_required_attribute = False
    ma = TypedField(
        lambda text: str(parse_reference(text)),
        label=gettext_lazy("Mã hồ sơ"),
        help_text=gettext_lazy("Ví dụ DEMO-079-190820-0001-K."),
        widget=forms.TextInput(
            attrs={"class": "in-20", "autocapitalize": "characters", "autocomplete": "off"}
        ),
        error_messages={"required": gettext_lazy("Xin điền mục này.")},
    )
    nd = TypedField(
        content_code,
        label=gettext_lazy("Mã đối chiếu nội dung"),
        help_text=gettext_lazy("8 ký tự ghi ở cuối giấy tiếp nhận, ví dụ 7ZK4-M0QX."),
        widget=forms.TextInput(
            attrs={"class": "in-20", "autocapitalize": "characters", "autocomplete": "off"}
        ),
        error_messages={"required": gettext_lazy("Xin điền mục này.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.helper = plain_helper()
