"""The declaration 01/ĐK-GD as one page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.fields import (
    as_is,
    chosen,
    line,
    read_birth_date,
    read_email,
    read_identity_number,
    read_name,
)
from accounts.models import Office, Registration
from accounts.selectors.offices import office_book
from accounts.services.registration import Declaration
from portal.lib import units
from portal.lib.identifiers import bhxh_number, cccd_birth_year_and_sex, mobile_phone

Choices = list[tuple[str, str]]


class RegistrationForm(forms.Form):
    """Who one is, how one can be reached, where one lives and which office one will visit."""

    full_name = line(
        read_name,
        gettext_lazy("Họ và tên"),
        help_text=gettext_lazy("Ghi có dấu, đúng như trên CMND hoặc CCCD."),
        autocomplete="name",
        autocapitalize="words",
    )
    birth_date = line(
        read_birth_date,
        gettext_lazy("Ngày sinh"),
        help_text=gettext_lazy("Ngày, tháng, năm; ví dụ 1/2/1960."),
        autocomplete="bday",
        inputmode="numeric",
        class_="in-10",
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Giới tính"),
        choices=Registration.Sex.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Xin chọn một mục."),
            "invalid_choice": gettext_lazy("Xin chọn lại trong danh sách."),
        },
    )
    bhxh_number = line(
        bhxh_number,
        gettext_lazy("Mã số BHXH"),
        help_text=gettext_lazy("10 chữ số, in trên sổ BHXH; cũng là 10 ký tự cuối của mã thẻ BHYT."),
        autocomplete="off",
        inputmode="numeric",
        class_="in-20",
    )
    identity_number = line(
        read_identity_number,
        gettext_lazy("Số CMND hoặc CCCD"),
        help_text=gettext_lazy("9 hoặc 12 chữ số."),
        autocomplete="off",
        class_="in-20",
    )
    phone = line(
        mobile_phone,
        gettext_lazy("Số điện thoại di động"),
        help_text=gettext_lazy("Dùng để nhận mã khi ký hồ sơ."),
        type="tel",
        autocomplete="tel",
        inputmode="tel",
        class_="in-20",
    )
    email = line(
        read_email,
        gettext_lazy("Địa chỉ email"),
        help_text=gettext_lazy("Dùng để nhận giấy tiếp nhận, thông báo và mã."),
        type="email",
        autocomplete="email",
        inputmode="email",
        autocapitalize="none",
    )
    province = chosen(gettext_lazy("Tỉnh, thành phố"), [], class_="in-20")
    district = chosen(gettext_lazy("Quận, huyện"), [], class_="in-20")
    commune = chosen(gettext_lazy("Phường, xã"), [], class_="in-20")
    street = line(as_is, gettext_lazy("Số nhà, đường, thôn, xóm"), autocomplete="address-line1")
    office = chosen(
        gettext_lazy("Cơ quan BHXH ông/bà sẽ đến"),
        [],
        required=False,
        help_text=gettext_lazy("Nơi kiểm tra giấy tờ và trao mã kích hoạt."),
        class_="in-20",
    )
    identity_confirmed = forms.BooleanField(
        label=gettext_lazy("Tôi đã xem lại: đúng như trên giấy tờ của tôi"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.needs_confirmation = False
        self.fields["office"].hide_optional = True  # type: ignore[attr-defined]
        typed = self.data if self.is_bound else self.initial
        self._offer_units(typed)
        self._offer_offices(typed)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not self.has_error("identity_number") and self._disagrees(facts):
            self.needs_confirmation = True
            if not facts.get("identity_confirmed"):
                self.add_error(
                    "identity_confirmed",
                    _(
                        "Số CCCD này thường thuộc người có năm sinh hoặc giới tính khác với điều ông/bà khai. "
                        "Xin xem lại; nếu giấy tờ đúng như vậy, hãy đánh dấu xác nhận."
                    ),
                )
        return facts

    def declaration(self) -> Declaration:
        """The cleaned form as the service takes it."""
        facts = {name: value for name, value in self.cleaned_data.items() if name != "identity_confirmed"}
        offices = {office.key: office for office in self._offices}
        by_province = office_book().by_province()
        facts["office"] = offices.get(facts["office"]) or by_province[facts["province"]]
        return Declaration(**facts)

    def _offer_units(self, typed: Mapping[str, Any]) -> None:
        province, district = str(typed.get("province", "")), str(typed.get("district", ""))
        districts = units.districts(province)
        known = district if district in {unit.code for unit in districts} else ""
        self._set_choices("province", units.provinces(), _("Chọn tỉnh, thành phố"))
        self._set_choices("district", districts, _("Chọn quận, huyện"))
        self._set_choices("commune", units.communes(known), _("Chọn phường, xã"))
        self.fields["commune"].required = known not in units.ISLANDS

    def _set_choices(self, name: str, offered: tuple[units.Unit, ...], empty: str) -> None:
        choices: Choices = [("", empty), *((unit.code, unit.name) for unit in offered)]
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _offer_offices(self, typed: Mapping[str, Any]) -> None:
        self._offices = list(Office.objects.valid_on(timezone.localdate()))
        near = {code: office.official_name for code, office in office_book().by_province().items()}
        default = near.get(str(typed.get("province", "")), _("Cơ quan BHXH nơi tôi ở"))
        choices: Choices = [("", default), *((office.key, office.official_name) for office in self._offices)]
        self.fields["office"].choices = choices  # type: ignore[attr-defined]

    def _disagrees(self, facts: Mapping[str, Any]) -> bool:
        """Whether birth year and sex within a CCCD number differ from what is declared. Old CMND and
        passports carry neither."""
        number, birth_date, sex = facts.get("identity_number"), facts.get("birth_date"), facts.get("sex")
        if not number or len(number) != 12 or not isinstance(birth_date, date) or not sex:
            return False
        try:
            return cccd_birth_year_and_sex(number) != (birth_date.year, sex)
        except ValueError:
            return True


def declaration_of_row(row: Mapping[str, str], office: Office | None) -> Declaration | list[str]:
    """One row of a counter's list, judged like the page; the counter has seen what a number can't say."""
    key = office.key if office else ""
    form = RegistrationForm({**row, "office": key, "identity_confirmed": "on"})
    if form.is_valid():
        return form.declaration()
    return [
        f"{form.fields[name].label if name in form.fields else ''}: {' '.join(map(str, errors))}"
        for name, errors in form.errors.items()
    ]
