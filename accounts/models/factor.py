from django.db import models
from django.db.models.functions import Now

from accounts.models.user import User


class Authenticator(models.Model):
    """A phone's authenticator app (TOTP): the second factor of staff, a way to sign for citizens.

    The seed is sealed for this person (services/sealing.py). Of every time step only one code is ever
    accepted: ``last_step`` is compared and written in the same UPDATE.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="authenticator")
    sealed_seed = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)


class SecurityEvent(models.Model):
    """Who did what to somebody's way in. Append-only: the database refuses changes."""

    class Kind(models.TextChoices):
        FACTOR_ENROLLED = "factor_enrolled", "Đã gắn ứng dụng xác thực"
        FACTOR_RESET = "factor_reset", "Đã gỡ ứng dụng xác thực"
        VOUCHED = "vouched", "Đã xem lại giấy tờ lần hai"
        ACT_ASKED = "act_asked", "Đã đề nghị người thứ hai"
        ACT_APPROVED = "act_approved", "Đã duyệt đề nghị"
        ACT_REFUSED = "act_refused", "Không duyệt đề nghị"

    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=24, choices=Kind.choices)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="security_acts")
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="security_events")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["person", "-at"])]


class CodeCard(models.Model):
    """Thẻ mã in sẵn: twenty codes on paper, each good for one signature. A new card makes the old one void."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="code_cards")
    created_at = models.DateTimeField(db_default=Now())
    voided_at = models.DateTimeField(null=True, blank=True)


class CardCode(models.Model):
    """One code of a card, as an HMAC under CODE_KEY: the codes themselves stand on paper only."""

    card = models.ForeignKey(CodeCard, on_delete=models.CASCADE, related_name="codes")
    number = models.PositiveSmallIntegerField()  # as printed before it
    lookup = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "number"], name="one_code_a_number")]
