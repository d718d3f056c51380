"""What the issuer of activation codes fills in at the counter."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.entry import PlainForm
from accounts.forms.fields import as_is, line, read_birth_date, read_email, read_identity_number, read_name
from accounts.models import Registration, TwoPersonAct
from accounts.services import imports
from accounts.services.registration import COMPARED
from accounts.services.two_people import Asked
from portal.lib.identifiers import bhxh_number, mobile_phone

PAPERS = (
    ("cccd", gettext_lazy("CCCD")),
    ("cmnd", gettext_lazy("CMND")),
    ("ho_chieu", gettext_lazy("Hộ chiếu")),
    ("so_bhxh", gettext_lazy("Sổ BHXH")),
    ("the_bhyt", gettext_lazy("Thẻ BHYT")),
)
IDENTITY_PAPERS = {"cccd", "cmnd", "ho_chieu"}


class CheckForm(PlainForm):
    """What stands on the papers. The identity number is always typed again, so that nobody can say yes
    without having looked; the rest is left empty where it is as declared."""

    papers = forms.MultipleChoiceField(
        label=gettext_lazy("Giấy tờ bản chính đã xem"),
        choices=PAPERS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Xin đánh dấu giấy tờ đã xem."),
            "invalid_choice": gettext_lazy("Xin chọn lại trong danh sách."),
        },
    )
    full_name = line(read_name, gettext_lazy("Họ và tên"), required=False, autocomplete="off")
    birth_date = line(read_birth_date, gettext_lazy("Ngày sinh"), required=False, autocomplete="off")
    sex = forms.ChoiceField(
        label=gettext_lazy("Giới tính"),
        required=False,
        choices=[("", gettext_lazy("Như tờ khai")), ("nam", gettext_lazy("Nam")), ("nu", gettext_lazy("Nữ"))],
    )
    identity_number = line(
        read_identity_number, gettext_lazy("Số CMND, CCCD hoặc hộ chiếu"), autocomplete="off"
    )
    bhxh_number = line(
        bhxh_number, gettext_lazy("Mã số BHXH"), required=False, autocomplete="off", inputmode="numeric"
    )
    is_absent = forms.BooleanField(
        label=gettext_lazy("Người đăng ký vắng mặt (giấy tờ do người khác đem đến hoặc gửi bưu điện)"),
        required=False,
    )
    note = line(as_is, gettext_lazy("Ghi chú"), required=False, autocomplete="off")

    def clean_papers(self) -> list[str]:
        papers: list[str] = self.cleaned_data["papers"]
        if not IDENTITY_PAPERS & set(papers):
            raise forms.ValidationError(
                _("Phải xem ít nhất một giấy tờ tùy thân có ảnh: CCCD, CMND hoặc hộ chiếu.")
            )
        return papers

    def seen(self, declared: Mapping[str, str]) -> dict[str, str]:
        """What stands on the papers, in the form of ``declared``; an empty answer is as declared."""
        facts: dict[str, Any] = {**self.cleaned_data}
        if facts.get("birth_date"):
            facts["birth_date"] = facts["birth_date"].isoformat()
        return {name: facts.get(name) or declared[name] for name in COMPARED}


class TwoPersonForm(PlainForm):
    """What a second issuer is asked for. The identity number is typed from the paper, as at the first check."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Việc cần làm"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Xin chọn một mục."),
            "invalid_choice": gettext_lazy("Xin chọn lại trong danh sách."),
        },
    )
    paper_number = line(
        read_identity_number,
        gettext_lazy("Số CMND, CCCD hoặc hộ chiếu trên giấy tờ đang xem"),
        autocomplete="off",
        class_="in-20",
    )
    new_phone = line(
        mobile_phone,
        gettext_lazy("Số điện thoại mới"),
        required=False,
        help_text=gettext_lazy("Chỉ khi đổi liên hệ."),
        autocomplete="off",
        inputmode="tel",
        class_="in-20",
    )
    new_email = line(
        read_email,
        gettext_lazy("Email mới"),
        required=False,
        help_text=gettext_lazy("Chỉ khi đổi liên hệ."),
        autocomplete="off",
    )
    why = line(as_is, gettext_lazy("Lý do"), autocomplete="off")

    def __init__(self, registration: Registration, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.registration = registration
        kinds = TwoPersonAct.Kind
        is_waiting = registration.status == Registration.Status.WAITING
        offered = (kinds.ABSENT,) if is_waiting else (kinds.REISSUE, kinds.CONTACT)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in offered]  # type: ignore[attr-defined]
        self.fields["kind"].initial = offered[0]
        if is_waiting:
            del self.fields["new_phone"], self.fields["new_email"]

    def clean_paper_number(self) -> str:
        number: str = self.cleaned_data["paper_number"]
        if number != self.registration.identity_number:
            raise forms.ValidationError(_("Số này khác số đã khai. Không làm được với giấy tờ khác."))
        return number

    def asked(self) -> Asked:
        facts = self.cleaned_data
        is_contact = facts["kind"] == TwoPersonAct.Kind.CONTACT
        return Asked(
            kind=facts["kind"],
            reason=facts["why"],
            new_phone=facts.get("new_phone", "") if is_contact else "",
            new_email=facts.get("new_email", "") if is_contact else "",
        )


class RefusalForm(PlainForm):
    reason = forms.CharField(
        label=gettext_lazy("Lý do từ chối"),
        help_text=gettext_lazy("Người đăng ký đọc đúng những lời này. Nêu rõ cần sửa điều gì."),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy("Xin ghi lý do."),
            "min_length": gettext_lazy("Xin ghi rõ lý do, ít nhất 10 ký tự."),
            "max_length": gettext_lazy("Nội dung dài quá %(limit_value)d ký tự. Xin ghi ngắn lại."),
        },
    )


class ListForm(PlainForm):
    """A CSV file to try; or, to be kept, the text of the one that was tried."""

    file = forms.FileField(
        label=gettext_lazy("Tệp CSV"),
        required=False,
        help_text=gettext_lazy("Mã UTF-8, tối đa 500 dòng và 256 KB."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"empty": gettext_lazy("Tệp không có gì bên trong.")},
    )
    content = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].hide_optional = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not facts.get("file") and not facts.get("content") and not self.has_error("file"):
            self.add_error("file", _("Xin chọn tệp."))
        return facts

    def text(self) -> str:
        """Raises imports.ListRefused."""
        file = self.cleaned_data.get("file")
        if file is None:
            return imports.read_list(self.cleaned_data["content"].encode("utf-8", "replace"))
        if file.size > imports.MAX_BYTES:
            raise imports.ListRefused(_("Tệp quá lớn: tối đa 256 KB. Xin chia thành nhiều tệp."))
        return imports.read_list(file.read())
