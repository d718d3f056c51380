"""What an officer types: the filters of the queue, and one form an act.

Every form of an act carries ``seen``, the last event its page was made from; the services refuse what
was made from an older one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from portal.lib.money import format_number, parse_vnd
from portal.lib.vietnamese import nfc_lines, parse_date, parse_month
from procedures import catalogue
from procedures.domain.definition import Refusal
from procedures.domain.lifecycle import NAMES
from procedures.forms.fields import TEXT_LENGTH, TypedField
from procedures.models import Channel
from procedures.selectors.queue import ANY_STATUS, NOBODY, STATUSES, Age, Wanted
from procedures.services.decisions import MAX_AMOUNT

WORDS_LENGTH = 100
AGES = {
    Age.OVERDUE: gettext_lazy("Quá hạn"),
    Age.TODAY: gettext_lazy("Hôm nay"),
    Age.SOON: gettext_lazy("Trong 3 ngày tới"),
    Age.LATER: gettext_lazy("Sau đó"),
    Age.WITHOUT: gettext_lazy("Chưa có hạn"),
}
REQUIRED = {"required": gettext_lazy("Xin điền mục này.")}
TOO_LONG = {"max_length": gettext_lazy("Nội dung dài quá %(limit_value)d ký tự. Xin ghi ngắn lại.")}


class FilterForm(forms.Form):
    """What of the queue is shown. Anything unknown in the address is as if it weren't there."""

    q = forms.CharField(
        label=gettext_lazy("Mã hồ sơ, tên, mã số BHXH, điện thoại"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "maxlength": WORDS_LENGTH,
                "size": 36,
                "data-key": "/",
            }
        ),
    )
    thu_tuc = forms.ChoiceField(label=gettext_lazy("Thủ tục"), required=False)
    trang_thai = forms.ChoiceField(label=gettext_lazy("Tình trạng"), required=False)

    giu = forms.ChoiceField(label=gettext_lazy("Người giữ"), required=False)
    han = forms.ChoiceField(label=gettext_lazy("Hạn trả"), required=False)
    kenh = forms.ChoiceField(
        label=gettext_lazy("Kênh nộp"), required=False, widget=forms.Select(attrs={"class": "in-10"})
    )

    def __init__(self, data: Any, officers: Sequence[User] = ()) -> None:
        super().__init__(data)
        self.officers = officers
        self.fields["giu"].choices = [  # type: ignore[attr-defined]
            ("", _("Mọi người")),
            (NOBODY, _("Chưa ai giữ")),
            *((str(officer.pk), officer.full_name) for officer in officers),
        ]
        self.fields["han"].choices = [("", _("Mọi hạn")), *AGES.items()]  # type: ignore[attr-defined]
        self.fields["kenh"].choices = [("", _("Tất cả")), *Channel.choices]  # type: ignore[attr-defined]
        self.fields["thu_tuc"].choices = [("", _("Tất cả thủ tục")), *_procedures()]  # type: ignore[attr-defined]
        self.fields["trang_thai"].choices = [  # type: ignore[attr-defined]
            ("", _("Đang xử lý")),
            *((status.value, NAMES[status]) for status in STATUSES),
            (ANY_STATUS, _("Mọi tình trạng")),
        ]
        for field in self.fields.values():
            field.hide_optional = True  # type: ignore[attr-defined]

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"])[:WORDS_LENGTH]

    def wanted(self) -> Wanted:
        self.is_valid()
        kept = self.cleaned_data
        return Wanted(
            kept.get("q", ""),
            kept.get("thu_tuc", ""),
            kept.get("trang_thai", ""),
            kept.get("giu", ""),
            kept.get("han", ""),
            kept.get("kenh", ""),
        )


class ActForm(forms.Form):
    """An act on one dossier. ``seen`` that isn't a number counts as a page that is out of date."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> int:
        typed = self.cleaned_data["seen"]
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0

    @property
    def is_sure(self) -> bool:
        """Whether the last button was pressed."""
        return "sure" in self.data

    @property
    def goes_back(self) -> bool:
        """Whether the filled-in form is wanted again."""
        return "back" in self.data

    def typed(self) -> dict[str, Any]:
        """What goes to the service besides the dossier, the officer and ``seen``."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


def lines_field(**options: Any) -> TypedField:
    """Text of several lines to the filer."""
    return TypedField(
        str,
        normalise=nfc_lines,
        widget=forms.Textarea(attrs={"rows": 5}),
        **{"max_length": TEXT_LENGTH, "error_messages": {**REQUIRED, **TOO_LONG}, **options},
    )


def _read_amount(text: str) -> int:
    amount = parse_vnd(text)
    if amount == 0:
        raise ValueError(_("Số tiền phải lớn hơn 0. Nếu không được hưởng, hãy từ chối hồ sơ."))
    if amount > MAX_AMOUNT:
        raise ValueError(_("Số tiền quá lớn: hãy kiểm tra lại các chữ số."))
    return amount


def offer(field: forms.Field, choices: Any, explained: Sequence[tuple[str, str, str]]) -> None:
    field.choices = choices  # type: ignore[attr-defined]
    field.choice_help = {value: now for value, _label, now in explained}  # type: ignore[attr-defined]


class ApprovalForm(ActForm):
    """The amount, where the procedure pays one, and a word to the filer."""

    amount_vnd = TypedField(
        _read_amount,
        label=gettext_lazy("Số tiền được hưởng"),
        help_text=gettext_lazy("Bằng đồng; có thể ghi 44.980.714 hoặc 44980714."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "class": "in-money", "data-money": True}
        ),
        error_messages={"required": gettext_lazy("Xin ghi số tiền được hưởng.")},
    )
    remark = lines_field(
        label=gettext_lazy("Ghi chú cho người nộp"),
        help_text=gettext_lazy("In trong thông báo kết quả."),
        required=False,
    )

    last_month = TypedField(
        parse_month,
        label=gettext_lazy("Tháng cuối cùng trả ở nơi đi"),
        help_text=gettext_lazy("Tháng/năm. Nơi đến trả từ tháng sau đó, khi đã nhận."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "in-10"}),
        error_messages=REQUIRED,
    )

    def __init__(
        self,
        data: Any,
        *,
        seen: int,
        estimate: Mapping[str, Any],
        pays: bool,
        is_reckoned: bool = False,
        moves: bool = False,
    ) -> None:
        """``is_reckoned``: the portal reckoned the amount from changed lines, so nobody types it."""
        amount = estimate.get("total_vnd")
        prefilled = format_number(amount) if amount else ""
        super().__init__(data, initial={"seen": seen, "amount_vnd": prefilled})
        if not moves:
            del self.fields["last_month"]
        field = self.fields["amount_vnd"]
        field.required = pays
        field.unit = _("đồng")  # type: ignore[attr-defined]
        if is_reckoned:
            field.disabled = True
            field.help_text = _("Cổng tính từ các dòng đã sửa; muốn khác thì sửa dòng ở “Tính lại”.")
        if estimate.get("per_month"):
            field.label = _("Số tiền được hưởng mỗi tháng")

    def clean_remark(self) -> str:
        return self.cleaned_data["remark"] or ""


class RefusalForm(ActForm):
    """One of the procedure's grounds of refusal; then, with its ready wording, what the filer reads."""

    reason_code = forms.ChoiceField(
        label=gettext_lazy("Lý do từ chối"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Xin chọn một lý do."),
            "invalid_choice": gettext_lazy("Xin chọn một lý do trong danh sách."),
        },
    )

    reason = lines_field(
        label=gettext_lazy("Lời ghi trong thông báo từ chối"),
        help_text=gettext_lazy("Lời mẫu của lý do đã chọn; sửa cho đúng với hồ sơ này."),
        required=False,
    )

    def __init__(self, data: Any, *, seen: int, grounds: Sequence[Refusal]) -> None:
        self.grounds = {ground.code: ground for ground in grounds}
        super().__init__(self._with_wording(data) if data else None, initial={"seen": seen})
        explained = [(ground.code, ground.words, _("Căn cứ: %s") % ground.basis) for ground in grounds]
        offer(self.fields["reason_code"], [(code, words) for code, words, _basis in explained], explained)
        self.fields["reason"].hide_optional = True  # type: ignore[attr-defined]

    def _with_wording(self, data: QueryDict) -> QueryDict:
        """The ready wording of the chosen ground; words of the officer's own are kept."""
        ground = self.grounds.get(data.get("reason_code", ""))
        typed = data.get("reason", "")
        is_own = typed.strip() and typed not in {one.words for one in self.grounds.values()}
        if "sure" in data or ground is None or is_own:
            return data
        worded = data.copy()
        worded["reason"] = ground.words
        return worded

    @property
    def ground(self) -> Refusal | None:
        """The chosen ground, when its wording is the next thing to look at."""
        return None if self.goes_back else self.grounds.get(self.data.get("reason_code", ""))

    def clean(self) -> dict[str, Any]:
        if self.is_sure and "reason" in self.cleaned_data and not self.cleaned_data["reason"]:
            self.add_error("reason", _("Xin ghi rõ lý do từ chối để người dân hiểu."))
        return self.cleaned_data


class SignForm(ActForm):
    """What the second person sends: a signature, or remarks for who proposed."""

    remarks = lines_field(
        label=gettext_lazy("Điều cần xem lại"),
        help_text=gettext_lazy("Chỉ ghi khi trả lại; người đề nghị đọc được, người nộp không đọc được."),
        required=False,
    )

    def __init__(self, data: Any, *, seen: int) -> None:
        super().__init__(data, initial={"seen": seen})
        self.fields["remarks"].hide_optional = True  # type: ignore[attr-defined]

    @property
    def is_return(self) -> bool:
        return "return" in self.data

    def clean_remarks(self) -> str:
        remarks = self.cleaned_data["remarks"] or ""
        if self.is_return and not remarks.strip():
            raise forms.ValidationError(_("Xin ghi điều cần xem lại để người đề nghị biết."))
        return remarks


class ReceiveForm(ActForm):
    """A paper that came by post or to the counter, and on which day; or that didn't."""

    document = forms.CharField(max_length=40)
    received_on = TypedField(parse_date, label=gettext_lazy("Ngày nhận"), required=False)

    @property
    def is_missing(self) -> bool:
        return "missing" in self.data


def _procedures() -> list[tuple[str, str]]:
    """Every procedure there has ever been, by its plain name."""
    return list({one.code: one.plain_name for one in catalogue.all_editions()}.items())
