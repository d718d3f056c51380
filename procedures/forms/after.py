"""What a filer says after the result: a complaint, and two answers; and the code that opens a time line."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.forms.fields import read_identity_number
from portal.lib.identifiers import parse_reference
from portal.lib.vietnamese import nfc_lines
from procedures.forms.confirm import CodeForm, plain_helper
from procedures.forms.fields import TypedField
from procedures.models.rating import HIGHEST, LOWEST
from procedures.services.complaints import LONGEST

_EASE = {
    5: gettext_lazy("Rất dễ"),
    4: gettext_lazy("Dễ"),
    3: gettext_lazy("Bình thường"),
    2: gettext_lazy("Khó"),
    1: gettext_lazy("Rất khó"),
}
_SERVICE = {
    5: gettext_lazy("Rất hài lòng"),
    4: gettext_lazy("Hài lòng"),
    3: gettext_lazy("Bình thường"),
    2: gettext_lazy("Không hài lòng"),
    1: gettext_lazy("Rất không hài lòng"),
}
_CHOOSE = {
    "required": gettext_lazy("Xin chọn một mức."),
    "invalid_choice": gettext_lazy("Xin chọn một mức."),
}


class ComplaintForm(forms.Form):
    use_required_attribute = False
    text = TypedField(
        str,
        normalise=nfc_lines,
        label=gettext_lazy("Ông/bà không đồng ý điều gì, vì sao?"),
        help_text=gettext_lazy("Nêu điều trong kết quả ông/bà cho là sai, và giấy tờ chứng minh nếu có."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": gettext_lazy("Xin ghi điều ông/bà không đồng ý và vì sao."),
            "max_length": gettext_lazy("Nội dung dài quá %(limit_value)d ký tự. Xin ghi ngắn lại."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class PaperComplaintForm(ComplaintForm):
    """Without an account: also who one is."""

    identity_number = TypedField(
        read_identity_number,
        label=gettext_lazy("Số CMND, CCCD hoặc hộ chiếu đã ghi trong hồ sơ"),
        help_text=gettext_lazy("Để biết người viết là người đứng tên hồ sơ."),
        widget=forms.TextInput(attrs={"class": "in-20", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Xin ghi số giấy tờ tùy thân đã ghi trong hồ sơ.")},
    )
    field_order = ("identity_number", "text")


class RatingForm(forms.Form):
    use_required_attribute = False
    ease = forms.TypedChoiceField(
        label=gettext_lazy("Nộp hồ sơ dễ hay khó?"),
        choices=[(value, _EASE[value]) for value in range(HIGHEST, LOWEST - 1, -1)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    service = forms.TypedChoiceField(
        label=gettext_lazy("Ông/bà có hài lòng về việc giải quyết không?"),
        choices=[(value, _SERVICE[value]) for value in range(HIGHEST, LOWEST - 1, -1)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class ReferenceForm(forms.Form):
    """The one thing that is asked before a code is sent."""

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class TrackCodeForm(CodeForm, ReferenceForm):
    """The reference once more, and the code."""

    field_order = ("reference", "code")
