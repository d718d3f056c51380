"""Mã xác thực giao dịch điện tử: one code for one act, bound to the digest of what it signs.

The code is never stored. It is derived from CODE_KEY, a random challenge and the digest, so that a
dossier changed by one byte has another code, and a stolen database has none. All times are the
database's clock. Limits: design.md §5.3; where the law is silent they are the portal's own choice.
"""

import base64
import hmac
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import pyotp
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from accounts.gateways import forget, offers
from accounts.models import Message, TransactionCode, User
from accounts.services import authenticator, cards, networks, outbox, throttle, trail
from portal.lib.identifiers import mask_email, mask_phone

Channel = Literal["sms", "email", "app", "card"]
Purpose = TransactionCode.Purpose

DIGITS = 8
LIFE = timedelta(minutes=5)  # from delivery: a slow carrier costs nobody their code
CAP = timedelta(minutes=30)  # from asking, delivered or not
MAX_TRIES = 5  # of one code
MAX_FAILURES = 10  # of one person in FAILURES_WINDOW, over all codes
FAILURES_WINDOW = timedelta(hours=24)
# (how many may be sent, in how long): of one person, and to one destination
SEND_LIMITS = (
    (1, timedelta(seconds=60)),
    (3, timedelta(minutes=10)),
    (10, timedelta(days=1)),
)
# Nothing is sent: the person reads the digits from an app or a card. The row binds them to the digest.
OWN_CHANNELS = ("app", "card")
_NO_CHALLENGE = uuid.UUID(int=0)
_TYPED = re.compile(rf"[0-9]{{{DIGITS}}}")
_FILLERS = re.compile(r"[\s.‐‑‒–—−-]+")


class CodeRefused(Exception):
    """The code doesn't sign this: the same words whatever the reason, and what to do next."""

    def __init__(self, message: str = "") -> None:
        self.message = message or _(
            "Mã không đúng hoặc không còn dùng được. Ông/bà xem lại mã mới nhất đã nhận được; "
            "nếu vẫn không được, xin bấm “Gửi mã mới”."
        )
        super().__init__(self.message)


class CodeNotSent(CodeRefused):
    """No code was sent. ``wait``: how long until it is worth asking again; zero if waiting won't help."""

    def __init__(self, message: str, wait: timedelta = timedelta(0)) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class LiveCode:
    """What a page may tell about the code a person is waiting for."""

    channel: str
    destination: str  # masked
    is_own: bool  # nothing was sent: an app or a card
    is_sent: bool  # a carrier has taken it
    is_delivered: bool
    ends_at: datetime
    seconds_left: int
    seconds_to_resend: int


def ask_code(
    user: User, purpose: str, digest: str, *, subject: str, channel: str, account_tail: str = ""
) -> TransactionCode:
    """Have a new code sent; the one before is void from now on.

    ``digest``: SHA-256 in hex of what will be signed. ``subject`` and ``account_tail`` (last four
    digits) are named in the message. A code for signing goes only to a confirmed contact. By "app" and
    "card" nothing is sent: the row only says what the person's own digits will be good for.

    Raises:
        CodeNotSent: the channel can't be used, or the person must wait.
        RuntimeError: called inside a transaction.
    """
    if purpose == Purpose.SIGN:
        require_vouched(user)
    destination = _destination(user, purpose, channel)
    _require_few_failures(user, purpose)
    is_own = channel in OWN_CHANNELS
    if not is_own:
        _require_few_sends(f"{purpose}:{channel if purpose == Purpose.CONTACT else ''}:user:{user.pk}")
        _require_few_sends(f"{purpose}:destination:{destination}")
        if wait := networks.wait_for_send():
            raise CodeNotSent(
                _("Mạng này vừa xin quá nhiều mã. Ông/bà chờ %(wait)s, hoặc dùng mạng khác rồi xin lại.")
                % {"wait": _words(wait)},
                wait,
            )
    with transaction.atomic(durable=True):
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        before = _unspent(user, purpose)
        if purpose == Purpose.CONTACT:
            before = before.filter(channel=channel)
        before.update(voided_at=Now())
        code = TransactionCode.objects.create(
            user=user,
            purpose=purpose,
            digest=digest,
            subject=subject[:200],
            account_tail=account_tail,
            channel=channel,
            destination=destination,
            delivered_at=Now() if is_own else None,
        )
        if not is_own:
            _write_message(code)
    return code


def require_vouched(user: User) -> None:
    """Whether two issuers stand behind the account. Raises CodeNotSent."""
    if User.objects.filter(pk=user.pk, is_vouched=True).exists():
        return
    raise CodeNotSent(
        _(
            "Tài khoản mới: cơ quan BHXH còn một bước xem lại giấy tờ của ông/bà rồi mới ký được, thường trong "
            "một ngày làm việc. Hồ sơ vẫn được giữ nguyên."
        )
    )


def offered_channels(user: User) -> dict[str, str]:
    """Channels by which this person can sign → the masked destination, or what to read the digits from."""
    sent = {channel: masked(channel, to) for channel, to in user.contacts.items() if offers(channel)}
    return sent | {channel: _own_words(user, channel) for channel in OWN_CHANNELS if _has_own(user, channel)}


def masked(channel: str, destination: str) -> str:
    """A phone number or e-mail address without giving it away."""
    return mask_phone(destination) if channel == "sms" else mask_email(destination)


def derive(code: TransactionCode) -> str:
    """The eight digits, for the message that carries them."""
    return _derive(code.challenge, code.digest)


def verify(user: User, purpose: str, digest: str, typed: str) -> TransactionCode:
    """The code that was typed, if it is right for exactly this digest now. It isn't spent yet.

    The try is counted before it is judged, in one UPDATE, and committed before the answer is known
    outside; a right one is taken off again, so that a double click costs nothing. Tries of one person
    queue up behind their row's lock, which also makes the count over several codes exact.

    Raises:
        CodeRefused: one answer for a wrong, old, used or foreign code, and for none at all; other words, which
            say nothing about the code, where too many wrong ones came from this network.
        RuntimeError: called inside a transaction, whose end could take the count back.
    """
    digits = _FILLERS.sub("", typed)
    if wait := networks.wait_for_guess():
        words = _(
            "Mạng này vừa nhập sai quá nhiều mã. Ông/bà chờ %(wait)s, hoặc dùng mạng khác rồi nhập lại."
        )
        trail.note("sign", "too many tries", "code", user)
        raise CodeRefused(words % {"wait": _words(wait)})
    try:
        code = _verified(user, purpose, digest, digits)
    except CodeRefused:
        trail.note("sign", "refused", "code", user)
        raise
    networks.guessed_right()
    trail.note("sign", "accepted", "code", user)
    return code


def _verified(user: User, purpose: str, digest: str, digits: str) -> TransactionCode:
    """``verify`` for the digits alone, in one transaction."""
    with transaction.atomic(durable=True):
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        candidate = _candidate(user, purpose, digest)
        judged = _count_try(candidate, user, purpose)
        # Derived from the digest at hand, not from the stored one: another content has another code.
        expected = _derive(candidate.challenge if candidate else _NO_CHALLENGE, digest)
        is_same = hmac.compare_digest(expected.encode(), digits.encode("utf-8", "replace"))
        is_right = is_same and judged and _TYPED.fullmatch(digits) is not None
        if candidate and candidate.channel in OWN_CHANNELS:
            is_right = judged and candidate.digest == digest and _accept_own(candidate, digits)
        if candidate and is_right and candidate.digest == digest:
            TransactionCode.objects.filter(pk=candidate.pk).update(tries=F("tries") - 1)
            return candidate
    raise CodeRefused


def spend(code: TransactionCode) -> bool:
    """Use a verified code up, once. Belongs into the transaction of the act that it signs. Then nothing of ours
    holds its digits any more, the demo's mailbox included."""
    is_spent = bool(_live(TransactionCode.objects.filter(pk=code.pk)).update(spent_at=Now()))
    if is_spent and code.channel not in OWN_CHANNELS:
        digits, since = derive(code), code.created_at
        transaction.on_commit(lambda: forget(code.channel, code.destination, digits, since), robust=True)
    return is_spent


def live_code(user: User, purpose: str, digest: str | None = None) -> LiveCode | None:
    """The person's latest code if it can still be used (and is for this digest), for the page."""
    codes = _live(_unspent(user, purpose)).annotate(now=Now())
    if digest is not None:
        codes = codes.filter(digest=digest)
    code = codes.order_by("-created_at").first()
    if code is None:
        return None
    ends_at = code.created_at + CAP
    if code.delivered_at:
        ends_at = min(ends_at, code.delivered_at + LIFE)
    cooldown = code.created_at + SEND_LIMITS[0][1] - code.now
    return LiveCode(
        channel=code.channel,
        destination=masked(code.channel, code.destination)
        if code.destination
        else _own_words(user, code.channel),
        is_own=code.channel in OWN_CHANNELS,
        is_sent=code.delivered_at is not None or code.messages.filter(state=Message.State.DONE).exists(),
        is_delivered=code.delivered_at is not None,
        ends_at=ends_at,
        seconds_left=max(0, int((ends_at - code.now).total_seconds())),
        seconds_to_resend=max(0, int(cooldown.total_seconds())),
    )


def is_worth_sending(code: TransactionCode) -> bool:
    """Whether the code could still be used when it arrives now."""
    return _live(_unspent(code.user, code.purpose)).filter(pk=code.pk).exists()


def mark_delivered(code: TransactionCode) -> None:
    """Start the code's five minutes. The first receipt counts."""
    TransactionCode.objects.filter(pk=code.pk, delivered_at__isnull=True).update(delivered_at=Now())


def _write_message(code: TransactionCode) -> None:
    Message.objects.create(
        kind=Message.Kind.TRANSACTION_CODE,
        user=code.user,
        code=code,
        channel=code.channel,
        destination=code.destination,
    )
    outbox.wake_sweeper()


def _has_own(user: User, channel: str) -> bool:
    if channel == "app":
        return authenticator.is_enrolled(user)
    return cards.next_number(user) is not None


def _own_words(user: User, channel: str) -> str:
    if channel == "app":
        return "ứng dụng xác thực trên điện thoại"
    return f"thẻ mã in sẵn, mã số {cards.next_number(user) or '–'}"


def _accept_own(code: TransactionCode, digits: str) -> bool:
    """Judge the digits of the app or the card; right ones are used up here, whatever becomes of the act."""
    if code.channel == "app":
        return authenticator.accept(code.user, digits)
    return cards.accept(code.user, digits)


def _derive(challenge: uuid.UUID, digest: str) -> str:
    key = HKDF(algorithm=SHA256(), length=20, salt=None, info=challenge.bytes + digest.encode())
    secret = base64.b32encode(key.derive(settings.CODE_KEY.encode())).decode()
    return pyotp.HOTP(secret, digits=DIGITS).at(0)


def _unspent(user: User, purpose: str) -> "QuerySet[TransactionCode]":
    return TransactionCode.objects.filter(
        user=user, purpose=purpose, spent_at__isnull=True, voided_at__isnull=True
    )


def _live(codes: "QuerySet[TransactionCode]") -> "QuerySet[TransactionCode]":
    """Codes that are neither spent, void nor too old. The whole of the last second counts."""
    second = timedelta(seconds=1)
    return codes.filter(
        Q(delivered_at__isnull=True) | Q(delivered_at__gt=Now() - Value(LIFE + second)),
        spent_at__isnull=True,
        voided_at__isnull=True,
        created_at__gt=Now() - Value(CAP + second),
    )


def _candidate(user: User, purpose: str, digest: str) -> TransactionCode | None:
    """The code a try is counted on: the one for this digest, or else the latest. One query either way."""
    is_for_this = Case(When(digest=digest, then=1), default=0)
    return _unspent(user, purpose).order_by(is_for_this.desc(), "-created_at").first()


def _count_try(code: TransactionCode | None, user: User, purpose: str) -> bool:
    """Count a try on this code; whether it may be judged. One UPDATE decides, and the same ones are made when
    there is nothing to count on: nobody learns more from how long it takes."""
    may_try = _failures(user, purpose) < MAX_FAILURES
    counted = TransactionCode.objects.filter(pk=code.pk if code and may_try else 0, tries__lt=MAX_TRIES)
    return bool(_live(counted).update(tries=F("tries") + 1))


def _failures(user: User, purpose: str) -> int:
    """Wrong tries of a person in the last day. A right one isn't among ``tries``."""
    recent = TransactionCode.objects.filter(
        user=user, purpose=purpose, created_at__gt=Now() - Value(FAILURES_WINDOW + CAP)
    )
    return int(recent.aggregate(sum=Coalesce(Sum("tries"), 0))["sum"])


def _destination(user: User, purpose: str, channel: str) -> str:
    if channel in OWN_CHANNELS and purpose == Purpose.SIGN and _has_own(user, channel):
        return ""
    declared = {"sms": user.phone, "email": user.email}
    reachable = declared if purpose == Purpose.CONTACT else user.contacts
    destination = reachable.get(channel, "")
    if not destination or not offers(channel):
        raise CodeNotSent(_("Chưa gửi được mã bằng cách này. Ông/bà vui lòng chọn cách nhận mã khác."))
    return destination


def _require_few_failures(user: User, purpose: str) -> None:
    if _failures(user, purpose) < MAX_FAILURES:
        return
    raise CodeNotSent(
        _(
            "Mã đã bị nhập sai nhiều lần nên việc ký tạm dừng trong 24 giờ để bảo vệ ông/bà. Hồ sơ vẫn được "
            "giữ nguyên. Cần gấp, ông/bà có thể nộp hồ sơ trực tiếp tại cơ quan BHXH."
        ),
        FAILURES_WINDOW,
    )


def _require_few_sends(what: str) -> None:
    for limit, window in SEND_LIMITS:
        key = f"code-sends:{what}:{window.total_seconds():.0f}"
        if throttle.hit(key, limit, window):
            continue
        wait = throttle.wait_left(key, window)
        raise CodeNotSent(
            _("Mã vừa được gửi. Ông/bà vui lòng chờ %(wait)s rồi hãy yêu cầu mã mới.")
            % {"wait": _words(wait)},
            wait,
        )


def _words(wait: timedelta) -> str:
    seconds = max(1, round(wait.total_seconds()))
    if seconds < 120:
        return _("%(n)s giây") % {"n": seconds}
    if seconds < 2 * 3600:
        return _("%(n)s phút") % {"n": -(-seconds // 60)}
    return _("%(n)s giờ") % {"n": -(-seconds // 3600)}
