import uuid

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from accounts.models.alarm import Alarm
from accounts.models.outgoing import Outgoing
from accounts.models.user import User


class TransactionCode(models.Model):
    """Mã xác thực giao dịch điện tử: one for one act, bound to the digest of what it signs.

    Nothing stored here can reveal the code: it is derived from CODE_KEY, ``challenge`` and ``digest``.
    All times are the database's clock.
    """

    class Purpose(models.TextChoices):
        SIGN = "sign", "Ký hồ sơ"
        CONTACT = "contact", "Xác nhận liên hệ"
        FACTOR = "factor", "Thêm cách ký"
        TRACK = "track", "Tra cứu hồ sơ"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="transaction_codes")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    challenge = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    digest = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)  # named in the message: procedure, or which contact
    account_tail = models.CharField(max_length=4, blank=True)  # last four digits of the payee account
    channel = models.CharField(max_length=5)  # "sms", "email", "app" or "card"
    destination = models.CharField(max_length=254)
    created_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    spent_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "purpose", "-created_at"]),
            BrinIndex(fields=["created_at"], name="codes_by_day"),  # those of today, once a minute
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                name="one_live_signing_code_a_person",
                condition=models.Q(purpose="sign", spent_at__isnull=True, voided_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["user", "channel"],
                name="one_live_contact_code_a_channel",
                condition=models.Q(purpose="contact", spent_at__isnull=True, voided_at__isnull=True),
            ),
        ]


class Message(Outgoing):
    """One e-mail or text message about an account. Its words are made when it is sent, never stored:
    a code stands in no table."""

    class Kind(models.TextChoices):
        TRANSACTION_CODE = "transaction_code", "Mã giao dịch"
        CODE_ISSUED = "code_issued", "Đã cấp mã kích hoạt"
        REGISTRATION_REFUSED = "registration_refused", "Từ chối đăng ký"
        REISSUED = "reissued", "Đã cấp lại mã kích hoạt"
        CONTACT_CHANGED = "contact_changed", "Đã đổi liên hệ"
        FACTOR_RESET = "factor_reset", "Đã gỡ ứng dụng xác thực"
        ALARM = "alarm", "Cảnh báo"

    kind = models.CharField(max_length=24, choices=Kind.choices)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    code = models.ForeignKey(
        TransactionCode, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    registration = models.ForeignKey("accounts.Registration", null=True, blank=True, on_delete=models.PROTECT)
    alarm = models.ForeignKey(Alarm, null=True, blank=True, on_delete=models.PROTECT)
    channel = models.CharField(max_length=5)
    destination = models.CharField(max_length=254)
    delivered_at = models.DateTimeField(null=True, blank=True)
    gateway = models.CharField(max_length=100, blank=True)  # the carrier that took it
    carrier_reference = models.CharField(max_length=100, blank=True, db_index=True)
    failed_gateways = models.JSONField(default=list)  # carriers that took it and could not deliver


class Throttle(models.Model):
    """How often something was tried: counted before it is judged, in one statement."""

    key = models.CharField(max_length=64, primary_key=True)  # SHA-256 of what is counted
    window_from = models.DateTimeField(db_default=Now())
    count = models.PositiveIntegerField(default=0)
