"""Signing: how the code comes, and the code as it was typed."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.services import authenticator, certificates, codes
from portal.lib.identifiers import bhxh_number, parse_reference
from portal.lib.vietnamese import nfc_text
from procedures.forms.fields import ChosenField, TypedField

_CODE = re.compile(
    rf"[0-9]{{{codes.DIGITS}}}|[0-9]{{{authenticator.DIGITS}}}"
)  # sent or on a card; of an app
_FILLERS = re.compile(r"[ .‐‑‒–—−-]")


def plain_helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class ChannelForm(forms.Form):
    """One of the person's confirmed contacts, shown masked."""

    use_required_attribute = False

    def __init__(self, offered: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_channels = bool(offered)
        words = {
            "sms": _("Tin nhắn đến số %s"),
            "email": _("Thư đến %s"),
            "app": _("Không gửi: dùng %s"),
            "card": _("Không gửi: dùng %s"),
        }
        self.fields["channel"] = ChosenField(
            label=_("Gửi mã đến đâu?"),
            choices=[(channel, words[channel] % masked) for channel, masked in offered.items()],
            initial=next(iter(offered), None),
            widget=forms.RadioSelect,
            error_messages={
                "required": gettext_lazy("Xin chọn một nơi nhận mã."),
                "invalid_choice": gettext_lazy("Xin chọn một nơi nhận mã có trong danh sách."),
            },
        )
        self.helper = plain_helper()


class UnseenInput(forms.TextInput):
    """Never shows again what was typed: a code isn't kept anywhere, not even in the page."""

    def format_value(self, value: Any) -> None:
        return None


class CodeForm(forms.Form):
    """The transaction code. What can't be one isn't counted as a try."""

    use_required_attribute = False
    code = forms.CharField(
        label=gettext_lazy("Mã gồm 8 chữ số"),
        help_text=gettext_lazy("Có dấu cách hay không đều được."),
        max_length=100,
        widget=UnseenInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Xin nhập mã ông/bà vừa nhận được."),
            "max_length": gettext_lazy("Mã gồm đúng 8 chữ số. Xin xem lại tin nhắn."),
        },
    )

    def suit(self, live: codes.LiveCode | None) -> None:
        """Name the digits as what shows them does."""
        if live and live.channel == "app":
            self.fields["code"].label = _("Mã 6 chữ số của ứng dụng xác thực")
        elif live and live.channel == "card":
            self.fields["code"].label = _("Mã 8 chữ số trên thẻ")

    def clean_code(self) -> str:
        digits = _FILLERS.sub("", nfc_text(self.cleaned_data["code"]))
        if not _CODE.fullmatch(digits):
            raise ValidationError(_("Mã gồm đúng 8 chữ số (của ứng dụng xác thực: 6). Xin xem lại."))
        return digits


class CertificateForm(forms.Form):
    """A signature made with a digital certificate, elsewhere."""

    use_required_attribute = False
    signature = forms.FileField(
        label=gettext_lazy("Tệp chữ ký"),
        help_text=gettext_lazy("Tệp .p7s (ký tệp nội dung) hoặc tệp PDF đã ký (ký tệp PDF)."),
        widget=forms.FileInput(attrs={"accept": ".p7s,.p7m,.pem,.der,application/pdf"}),
        error_messages=dict.fromkeys(
            ("required", "missing", "invalid"), gettext_lazy("Xin chọn tệp chữ ký vừa làm.")
        )
        | {"empty": gettext_lazy("Tệp rỗng. Xin chọn tệp khác.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean_signature(self) -> bytes:
        file: UploadedFile[bytes] = self.cleaned_data["signature"]
        if (file.size or 0) > certificates.MOST_BYTES:
            raise ValidationError(_("Tệp quá lớn. Tệp chữ ký không quá 6 MB."))
        return bytes(file.read())


class TrackForm(forms.Form):
    """Two things that stand on the receipt, for following a dossier without logging in."""

    use_required_attribute = False
    reference = TypedField(
        lambda text: str(parse_reference(text)),
        label=gettext_lazy("Mã hồ sơ"),
        help_text=gettext_lazy("Ghi trên giấy tiếp nhận, ví dụ DEMO-079-190820-0001-K."),
        widget=forms.TextInput(
            attrs={
                "class": "in-20",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "autocomplete": "off",
            }
        ),
    )
    bhxh_number = TypedField(
        bhxh_number,
        label=gettext_lazy("Mã số BHXH của người nộp"),
        help_text=gettext_lazy("10 chữ số."),
        widget=forms.TextInput(attrs={"class": "in-20", "inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
