"""What one issuer of codes may not do alone: one asks, another of the same office decides.

Giving out a further activation code, giving one out in the person's absence, changing a phone number or an
e-mail address. The old and the new contact are told, and for a day no new bank account can be signed. A
first code given out by one issuer makes an account that can't sign until another has looked at the papers.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.gateways import offers
from accounts.models import Message, Registration, SecurityEvent, TransactionCode, TwoPersonAct, User
from accounts.services import outbox
from accounts.services.registration import (
    HOLD,
    RegistrationRefused,
    locked,
    new_code,
    require_checked,
    require_office,
)

Kind = TwoPersonAct.Kind
State = TwoPersonAct.State
Status = Registration.Status


@dataclass(frozen=True, slots=True)
class Asked:
    """What the first of the two asks for, and why."""

    kind: str
    reason: str
    papers: Collection[str] = ()
    new_phone: str = ""
    new_email: str = ""


def ask(registration: Registration, issuer: User, asked: Asked) -> TwoPersonAct:
    """Ask a second issuer. Raises RegistrationRefused when it isn't possible."""
    require_office(registration, issuer)
    if asked.kind == Kind.CONTACT and not (asked.new_phone or asked.new_email):
        raise RegistrationRefused(_("Xin ghi số điện thoại hoặc email mới."))
    try:
        with transaction.atomic():
            _require_possible(locked(registration), asked.kind)
            act = TwoPersonAct.objects.create(
                kind=asked.kind,
                registration=registration,
                papers=sorted(asked.papers),
                reason=asked.reason,
                new_phone=asked.new_phone,
                new_email=asked.new_email,
                asked_by=issuer,
            )
            _record(SecurityEvent.Kind.ACT_ASKED, issuer, act)
    except IntegrityError as error:
        raise RegistrationRefused(_("Đăng ký này đang có một đề nghị chờ người thứ hai.")) from error
    return act


def approve(act: TwoPersonAct, issuer: User, *, is_on_paper: bool = False) -> str:
    """Do what was asked for. Returns the activation code, to be shown once; "" for a change of contact.

    Raises RegistrationRefused for the one who asked, and when it isn't possible any more.
    """
    with transaction.atomic():
        registration = locked(act.registration)
        fresh = _decide(act, issuer, State.APPROVED)
        _require_possible(registration, fresh.kind)
        if fresh.kind == Kind.CONTACT:
            _change_contact(registration, fresh)
            return ""
        code = new_code(registration, issuer, asked_by=fresh.asked_by, is_on_paper=is_on_paper)
        if registration.status == Status.WAITING:
            Registration.objects.filter(pk=registration.pk).update(status=Status.ISSUED)
        _hold(registration)
        is_first = fresh.kind == Kind.ABSENT
        _tell(registration, Message.Kind.CODE_ISSUED if is_first else Message.Kind.REISSUED)
    return code


def refuse(act: TwoPersonAct, issuer: User) -> None:
    """Turn down what was asked for. Raises RegistrationRefused for the one who asked."""
    with transaction.atomic():
        _decide(act, issuer, State.REFUSED)


def withdraw(act: TwoPersonAct, issuer: User) -> None:
    """Take back what one asked for oneself; nothing happens to the registration."""
    TwoPersonAct.objects.filter(pk=act.pk, asked_by=issuer, state=State.WAITING).update(
        state=State.REFUSED, decided_at=Now()
    )


def vouch(registration: Registration, issuer: User) -> None:
    """A second issuer has looked at the papers too: the account may sign. Raises RegistrationRefused."""
    with transaction.atomic():
        fresh = locked(registration)
        require_office(fresh, issuer)
        require_checked(fresh)
        checkers = set(fresh.identity_checks.values_list("checked_by_id", flat=True))
        if issuer.pk in checkers | set(fresh.activation_codes.values_list("issued_by_id", flat=True)):
            raise RegistrationRefused(_("Người xem lại phải là cán bộ khác với người đã kiểm tra và cấp mã."))
        Registration.objects.filter(pk=fresh.pk, vouched_by=None).update(vouched_by=issuer, vouched_at=Now())
        if fresh.user_id:
            User.objects.filter(pk=fresh.user_id).update(is_vouched=True)
        SecurityEvent.objects.create(
            kind=SecurityEvent.Kind.VOUCHED,
            actor=issuer,
            person=fresh.user,
            detail={"registration": str(fresh.public_id)},
        )


def _decide(act: TwoPersonAct, issuer: User, state: str) -> TwoPersonAct:
    require_office(act.registration, issuer)
    if act.asked_by_id == issuer.pk:
        raise RegistrationRefused(_("Việc này cần một cán bộ khác với người đã đề nghị."))
    waiting = TwoPersonAct.objects.filter(pk=act.pk, state=State.WAITING).exclude(asked_by=issuer)
    if not waiting.update(state=state, decided_by=issuer, decided_at=Now()):
        raise RegistrationRefused(_("Đề nghị này đã được xử lý rồi."))
    kinds = SecurityEvent.Kind
    _record(kinds.ACT_APPROVED if state == State.APPROVED else kinds.ACT_REFUSED, issuer, act)
    return TwoPersonAct.objects.select_related("asked_by").get(pk=act.pk)


def _require_possible(registration: Registration, kind: str) -> None:
    if kind == Kind.ABSENT:
        require_checked(registration)
        is_possible = registration.status == Status.WAITING
        others = Registration.objects.filter(
            bhxh_number=registration.bhxh_number, status__in=(Status.ISSUED, Status.ACTIVATED)
        )
        accounts = User.objects.filter(login=registration.bhxh_number)
        is_possible = is_possible and not others.exists() and not accounts.exists()
    else:
        is_possible = registration.status in (Status.ISSUED, Status.ACTIVATED)
    if not is_possible:
        raise RegistrationRefused(_("Việc này không hợp với tình trạng của đăng ký."))


def _change_contact(registration: Registration, act: TwoPersonAct) -> None:
    """The new contact is to be confirmed by the person; both are told."""
    before = _destinations(registration)
    changed = {name: value for name, value in (("phone", act.new_phone), ("email", act.new_email)) if value}
    Registration.objects.filter(pk=registration.pk).update(**changed)
    if registration.user_id:
        unconfirmed = {f"{name}_confirmed_at": None for name in changed}
        User.objects.filter(pk=registration.user_id).update(**changed, **unconfirmed)
        codes = TransactionCode.objects.filter(user_id=registration.user_id)
        codes.filter(spent_at=None, voided_at=None).update(voided_at=Now())
    _hold(registration)
    registration.refresh_from_db()
    _tell(registration, Message.Kind.CONTACT_CHANGED, before | _destinations(registration))


def _hold(registration: Registration) -> None:
    User.objects.filter(registration=registration).update(hold_until=timezone.now() + HOLD)


def _destinations(registration: Registration) -> set[tuple[str, str]]:
    """Everything by which the person can be told, as (channel, destination)."""
    known = {("sms", registration.phone), ("email", registration.email)}
    if registration.user:
        known |= {("sms", registration.user.phone), ("email", registration.user.email)}
    return {(channel, to) for channel, to in known if to and offers(channel)}


def _tell(
    registration: Registration, kind: Message.Kind, destinations: set[tuple[str, str]] | None = None
) -> None:
    reached = _destinations(registration) if destinations is None else destinations
    if kind == Message.Kind.CODE_ISSUED:
        reached = {(channel, to) for channel, to in reached if channel == "email"}
    Message.objects.bulk_create(
        Message(kind=kind, registration=registration, user=registration.user, channel=channel, destination=to)
        for channel, to in sorted(reached)
    )
    outbox.wake_sweeper()


def _record(kind: SecurityEvent.Kind, issuer: User, act: TwoPersonAct) -> None:
    SecurityEvent.objects.create(
        kind=kind,
        actor=issuer,
        person=act.registration.user,
        detail={"act": str(act.public_id), "kind": act.kind},
    )
