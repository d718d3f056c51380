"""A person's own password: asked for again before something weighty, and changed by whoever knows it."""

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import throttle, trail
from accounts.services.trail import Act

# Of a person who is logged in already: whoever sits at their screen guesses as little as anybody else.
FAILURES = (5, timedelta(minutes=15))


class PasswordRefused(Exception):
    """Not the password of this person; the message is ready to be shown."""

    def __init__(self, message: str, is_throttled: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.is_throttled = is_throttled


def require(user: User, typed: str, act: Act) -> None:
    """That the person knows their password, before ``act``. Raises PasswordRefused."""
    limit, window = FAILURES
    what = f"password:{user.pk}"
    if not throttle.hit(what, limit, window):
        trail.note(act, "too many tries", "password", user)
        raise PasswordRefused(throttle.in_words(throttle.wait_left(what, window)), is_throttled=True)
    if not user.check_password(typed):
        trail.note(act, "refused", "password", user)
        raise PasswordRefused(
            _("Mật khẩu chưa đúng. Ông/bà kiểm tra phím chữ hoa, bộ gõ tiếng Việt rồi nhập lại.")
        )
    throttle.give_back(what)


def change(user: User, old: str, new: str) -> None:
    """Give the account a new password. Every session made under the old one opens nothing any more.

    Raises PasswordRefused for a wrong old one, ValidationError for a weak new one.
    """
    require(user, old, "change password")
    validate_password(new, user)
    user.set_password(new)
    user.save(update_fields=["password"])
    trail.note("change password", "accepted", "password", user)
