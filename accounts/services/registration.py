"""Đăng ký giao dịch điện tử (01/ĐK-GD): declared on the page, checked at the counter, activated at home.

Whoever declares learns nothing about who has an account: the answer is always the same, and the issuer
of codes is told instead. An activation code stands in no table, only its HMAC under CODE_KEY.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import wall
from accounts.models import (
    ActivationCode,
    IdentityCheck,
    Message,
    Office,
    Registration,
    TransactionCode,
    User,
)
from accounts.services import authenticator, cards, networks, outbox, throttle, trail
from portal.lib.identifiers import new_activation_code, normalise_activation_code
from portal.lib.vietnamese import fold

Status = Registration.Status

# The law is silent on it (domain.md §6), so it is our choice: copied from the screen, or a letter.
CODE_LIFE = timedelta(hours=72)
LETTER_LIFE = timedelta(days=21)
ACTIVATIONS = (5, timedelta(minutes=10))  # of one code, and from one address
MAX_ACTIVATIONS = 20  # wrong tries of one code, ever: then it is void
HOLD = timedelta(hours=24)  # after a re-issue or another contact: no new bank account
_HEAD = 6  # characters by which a mistyped code is told from a guess at another
REGISTRATIONS_OF_NUMBER = (5, timedelta(days=1))
REGISTRATIONS_FROM_ADDRESS = (30, timedelta(hours=1))  # a family, or a commune's one computer
# What the issuer reads on the papers and compares with what was declared.
COMPARED = ("full_name", "birth_date", "sex", "identity_number", "bhxh_number")


class RegistrationRefused(Exception):
    """The act isn't possible; the message says why, ready to be shown."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ActivationRefused(RegistrationRefused):
    """The activation code can't be used: one answer for a wrong, old, used or void one."""

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message
            or _(
                "Mã kích hoạt không đúng, đã dùng hoặc đã hết hạn. Ông/bà xem lại phiếu mới nhất; "
                "nếu vẫn không được, xin liên hệ cơ quan BHXH nơi đã cấp để nhận mã mới."
            )
        )


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a person declares, in canonical form (portal.lib.identifiers)."""

    full_name: str
    birth_date: date
    sex: str
    bhxh_number: str
    identity_number: str
    phone: str
    email: str
    province: str
    district: str
    commune: str  # "" on an island without communes
    street: str
    office: Office


def register(declared: Declaration, address: str) -> Registration:
    """Keep a declaration for the issuer of the chosen office. The same one twice is kept once.

    Says nothing about accounts that exist. Raises RegistrationRefused when too many came for this mã số
    BHXH or from this address.
    """
    _require_few(f"register:number:{declared.bhxh_number}", *REGISTRATIONS_OF_NUMBER)
    _require_few(f"register:address:{address}", *REGISTRATIONS_FROM_ADDRESS)
    with wall.door(wall.DECLARE, declared.bhxh_number):
        return keep(declared)


def keep(declared: Declaration) -> Registration:
    """Keep a declaration that the counter vouches for, without limits. The same one twice is kept once."""
    facts = {name: getattr(declared, name) for name in Declaration.__dataclass_fields__}
    waiting = Registration.objects.filter(status=Status.WAITING, **facts).first()
    return waiting or Registration.objects.create(folded_name=fold(declared.full_name), **facts)


def record_check(
    registration: Registration,
    issuer: User,
    papers: Collection[str],
    seen: Mapping[str, str],
    note: str = "",
    *,
    is_present: bool = True,
) -> IdentityCheck:
    """Keep what the issuer saw at the counter. It matches when every compared fact is as declared.

    ``papers``: names of the papers shown; ``seen``: what stands on them, by the names in COMPARED;
    ``is_present``: the person stood there. Raises RegistrationRefused for a declaration that is closed or
    another office's.
    """
    require_office(registration, issuer)
    _require_open(registration)
    declared = compared_facts(registration)
    return IdentityCheck.objects.create(
        registration=registration,
        checked_by=issuer,
        papers=sorted(papers),
        seen={name: seen.get(name, "") for name in COMPARED},
        matches=all(is_same(declared[name], seen.get(name, "")) for name in COMPARED),
        note=note,
        is_present=is_present,
    )


def compared_facts(registration: Registration) -> dict[str, str]:
    """What was declared, as text: the date as yyyy-mm-dd."""
    facts = {name: getattr(registration, name) for name in COMPARED}
    return {**facts, "birth_date": registration.birth_date.isoformat()}


def is_same(declared: str, seen: str) -> bool:
    """Whether the paper says the same; capitals and tone marks placed either way don't matter."""
    return fold(declared) == fold(seen)


def issue(
    registration: Registration, issuer: User, after: int | None = None, *, is_on_paper: bool = False
) -> str:
    """Give out the first activation code (canonical form), to be shown once. A further one, and one in the
    person's absence, needs two people: services/two_people.py.

    ``after``: id of the last code the issuer's page knew of (0: none), so that a page sent twice issues
    once. Raises RegistrationRefused when it isn't possible.
    """
    with transaction.atomic():
        fresh = locked(registration)
        _require_issuable(fresh, issuer, after)
        code = new_code(fresh, issuer, is_on_paper=is_on_paper)
        _set_status(fresh, Status.ISSUED)
        _write_letter(fresh, Message.Kind.CODE_ISSUED)
    return code


def new_code(
    registration: Registration, issuer: User, *, asked_by: User | None = None, is_on_paper: bool = False
) -> str:
    """A new activation code; those before are void. Belongs into the transaction of the act."""
    code = new_activation_code()
    registration.activation_codes.filter(used_at=None, voided_at=None).update(voided_at=Now())
    ActivationCode.objects.create(
        registration=registration,
        lookup=_hmac(f"activation:{code}"),
        head=_head_of(code),
        issued_by=issuer,
        asked_by=asked_by,
        is_on_paper=is_on_paper,
        expires_at=Now() + Value(LETTER_LIFE if is_on_paper else CODE_LIFE),
    )
    return code


def issue_many(registrations: Collection[Registration], issuer: User) -> list[tuple[Registration, str]]:
    """Letters with a first code for each that may have one; the others are left as they are."""
    given = []
    for registration in registrations:
        try:
            given.append((registration, issue(registration, issuer, after=0, is_on_paper=True)))
        except RegistrationRefused:
            continue
    return given


def refuse(registration: Registration, issuer: User, reason: str) -> None:
    """Turn a declaration down (01/TB-GDĐT); the person is told why. A code given out is void.

    Raises RegistrationRefused when the account is active already.
    """
    with transaction.atomic():
        fresh = locked(registration)
        require_office(fresh, issuer)
        _require_open(fresh)
        fresh.activation_codes.filter(used_at=None, voided_at=None).update(voided_at=Now())
        fresh.refusal_reason = reason
        _set_status(fresh, Status.REFUSED)
        _write_letter(fresh, Message.Kind.REGISTRATION_REFUSED)


def activate(typed: str, password: str, address: str) -> User:
    """Turn an activation code into an account whose login is the mã số BHXH; a re-issued one gives the
    account a new password, ends its sessions and takes its app off.

    Raises:
        ActivationRefused: the code can't be used.
        RegistrationRefused: there were too many tries.
        ValidationError: the password is too weak; the code is still good.
    """
    try:
        code = normalise_activation_code(typed)
    except ValueError as error:
        raise ActivationRefused(str(error)) from error
    counted = (f"activate:code:{code[:_HEAD]}", f"activate:address:{address}")
    for what in counted:
        _require_few(what, *ACTIVATIONS)
    if wait := networks.wait_for_guess():
        raise _too_many(wait)
    with wall.door(wall.ACTIVATE, _head_of(code)):
        found = _judged(code)
        if found is None:
            trail.note("activate", "refused", "activation code")
            raise ActivationRefused
        for what in counted:
            throttle.give_back(what)
        networks.guessed_right()
        user = found.registration.user or _new_user(found.registration)
        validate_password(password, user)
        user.set_password(password)
        activated = _activated(found, user)
    trail.note("activate", "accepted", "activation code", activated)
    return activated


def _activated(code: ActivationCode, user: User) -> User:
    with transaction.atomic():
        registration = locked(code.registration)
        usable = ActivationCode.objects.filter(pk=code.pk, used_at=None, voided_at=None, expires_at__gt=Now())
        if not usable.update(used_at=Now()):
            raise ActivationRefused
        if user.pk:
            _take_over(user)
        else:
            user.is_vouched = is_vouched(registration, code)
        user.save()
        Registration.objects.filter(pk=registration.pk).update(status=Status.ACTIVATED, user=user)
    return user


def is_vouched(registration: Registration, code: ActivationCode) -> bool:
    """Whether two people stand behind the account, so that it may sign (docs/decisions/0021)."""
    return settings.DEMO or registration.vouched_by_id is not None or code.asked_by_id is not None


def _take_over(user: User) -> None:
    """A re-issued code was used: whatever opened the account before opens it no more."""
    authenticator.remove(user)
    cards.void(user)
    TransactionCode.objects.filter(user=user, spent_at=None, voided_at=None).update(voided_at=Now())
    user.hold_until = timezone.now() + HOLD


def _new_user(registration: Registration) -> User:
    return User(
        login=registration.bhxh_number,
        full_name=registration.full_name,
        phone=registration.phone,
        email=registration.email,
    )


def _judged(code: str) -> ActivationCode | None:
    """The code if it may be used. The try is counted first, on the code that begins like it: one that was
    tried too often is void."""
    alike = ActivationCode.objects.filter(head=_head_of(code), used_at=None, voided_at=None)
    with transaction.atomic(durable=True):
        alike.update(tries=F("tries") + 1)
        alike.filter(tries__gt=MAX_ACTIVATIONS).update(voided_at=Now())
    codes = ActivationCode.objects.select_related("registration__user")
    found = codes.filter(
        lookup=_hmac(f"activation:{code}"),
        used_at=None,
        voided_at=None,
        expires_at__gt=Now(),
        registration__status__in=(Status.ISSUED, Status.ACTIVATED),
    ).first()
    if found:
        alike.filter(pk=found.pk).update(tries=F("tries") - 1)
    return found


def _head_of(code: str) -> str:
    return _hmac(f"activation-head:{code[:_HEAD]}")


def _hmac(text: str) -> str:
    return hmac.new(settings.CODE_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def locked(registration: Registration) -> Registration:
    return Registration.objects.select_for_update().get(pk=registration.pk)


def _require_issuable(registration: Registration, issuer: User, after: int | None) -> None:
    require_office(registration, issuer)
    _require_open(registration)
    last = registration.activation_codes.order_by("-pk").first()
    if after is not None and after != (last.pk if last else 0):
        raise RegistrationRefused(
            _("Mã vừa được cấp ở lần bấm trước và chỉ hiện một lần. Nếu chưa kịp in, hãy cấp lại.")
        )
    check = require_checked(registration)
    if last or not check.is_present:
        raise RegistrationRefused(_("Cấp lại, và cấp khi người đăng ký vắng mặt, cần hai cán bộ cấp mã."))
    if User.objects.filter(login=registration.bhxh_number).exists():
        raise RegistrationRefused(_("Mã số BHXH này đã có tài khoản nên không cấp thêm mã kích hoạt."))


def require_checked(registration: Registration) -> IdentityCheck:
    """The last look at the papers, which agreed. Raises RegistrationRefused."""
    check = registration.identity_checks.order_by("-pk").first()
    if check is None or not check.matches:
        raise RegistrationRefused(_("Chỉ cấp mã sau khi đã kiểm tra giấy tờ và giấy tờ khớp với tờ khai."))
    return check


def require_office(registration: Registration, issuer: User) -> None:
    if not issuer.is_issuer or registration.office_id != issuer.office_id:
        raise RegistrationRefused(_("Đăng ký này thuộc cơ quan BHXH khác."))


def _require_open(registration: Registration) -> None:
    if registration.status not in (Status.WAITING, Status.ISSUED):
        raise RegistrationRefused(_("Đăng ký này đã xử lý xong nên không sửa được nữa."))


def _set_status(registration: Registration, status: Registration.Status) -> None:
    registration.status = status
    try:
        with transaction.atomic():
            registration.save(update_fields=["status", "refusal_reason"])
    except IntegrityError as error:
        raise RegistrationRefused(
            _("Mã số BHXH này đã được cấp mã theo một tờ khai khác. Hãy mở tờ khai đó để xem.")
        ) from error


def _write_letter(registration: Registration, kind: Message.Kind) -> None:
    Message.objects.create(
        kind=kind, registration=registration, channel="email", destination=registration.email
    )
    outbox.wake_sweeper()


def _require_few(what: str, limit: int, window: timedelta) -> None:
    if throttle.hit(what, limit, window):
        return
    raise _too_many(throttle.wait_left(what, window))


def _too_many(wait: timedelta) -> RegistrationRefused:
    words = _("Đã thử quá nhiều lần. Ông/bà vui lòng thử lại sau %(minutes)s phút.")
    return RegistrationRefused(words % {"minutes": throttle.minutes(wait)})
