"""Getting in: logging in, activating, typing a code."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.forms.fields import TypedField, as_is, line

PASSWORD_LENGTH = 200
_REQUIRED = {
    "required": gettext_lazy("Xin điền mục này."),
    "max_length": gettext_lazy("Nội dung dài quá %(limit_value)d ký tự. Xin ghi ngắn lại."),
}


class PlainForm(forms.Form):
    """A form whose tag, button and token stand in the template."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


def _password(label: StrOrPromise, autocomplete: str, help_text: StrOrPromise = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages=_REQUIRED,
    )


class LoginForm(PlainForm):
    login = line(
        as_is,
        gettext_lazy("Mã số BHXH hoặc tên đăng nhập"),
        autocomplete="username",
        autocapitalize="none",
        class_="in-20",
    )
    password = _password(gettext_lazy("Mật khẩu"), "current-password")

    def clean_login(self) -> str:
        """Numbers without the spaces and dots people put into them; names in small letters."""
        typed: str = self.cleaned_data["login"]
        bare = typed.replace(" ", "").replace(".", "")
        return bare if bare.isdigit() else typed.casefold()


_ADVICE = gettext_lazy("Ít nhất 12 ký tự. Bốn từ bất kỳ, dễ nhớ với ông/bà, là một mật khẩu tốt.")


class _NewPasswordForm(PlainForm):
    """For a form to inherit from: a new ``password``, ``repeated``."""

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        password, repeated = facts.get("password"), facts.get("repeated")
        if password and repeated and password != repeated:
            self.add_error("repeated", _("Hai lần nhập mật khẩu chưa giống nhau."))
        return facts


class ActivationForm(_NewPasswordForm):
    code = line(
        as_is,
        gettext_lazy("Mã kích hoạt"),
        help_text=gettext_lazy("Trên phiếu cơ quan BHXH trao cho ông/bà, dạng XXXX-XXXX-XXXX-XX."),
        autocomplete="off",
        autocapitalize="characters",
        class_="in-20",
    )
    password = _password(gettext_lazy("Đặt mật khẩu"), "new-password", _ADVICE)
    repeated = _password(gettext_lazy("Nhập lại mật khẩu"), "new-password")


class PasswordForm(_NewPasswordForm):
    old_password = _password(gettext_lazy("Mật khẩu đang dùng"), "current-password")
    password = _password(gettext_lazy("Mật khẩu mới"), "new-password", _ADVICE)
    repeated = _password(gettext_lazy("Nhập lại mật khẩu mới"), "new-password")


class PasswordAgainForm(PlainForm):
    """The password once more, before something weighty."""

    password = _password(gettext_lazy("Mật khẩu của ông/bà"), "current-password")


class OneTimeCodeInput(forms.TextInput):
    """A box that never shows again what was typed into it."""

    def format_value(self, value: Any) -> str | None:
        return None


class CodeForm(PlainForm):
    """Eight digits; spaces and dashes between them don't matter."""

    code = TypedField(
        as_is,
        label=gettext_lazy("Mã gồm 8 chữ số"),
        widget=OneTimeCodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class AppCodeForm(PlainForm):
    """Six digits of an authenticator app."""

    app_code = TypedField(
        as_is,
        label=gettext_lazy("Mã 6 chữ số"),
        help_text=gettext_lazy("Ứng dụng xác thực trên điện thoại đổi mã mỗi 30 giây."),
        widget=OneTimeCodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
