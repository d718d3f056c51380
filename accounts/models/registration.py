import uuid

from django.db import models

from accounts.models.office import Office
from accounts.models.user import User


class Registration(models.Model):
    """Đăng ký giao dịch điện tử (01/ĐK-GD): what a person declares before the identity check."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Chờ kiểm tra giấy tờ"
        ISSUED = "issued", "Đã cấp mã kích hoạt"
        ACTIVATED = "activated", "Đã kích hoạt"
        REFUSED = "refused", "Bị từ chối"

    class Sex(models.TextChoices):
        MALE = "nam", "Nam"
        FEMALE = "nu", "Nữ"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    full_name = models.CharField(max_length=100)
    folded_name = models.CharField(max_length=100)  # without accents, for the issuer's search
    birth_date = models.DateField()
    sex = models.CharField(max_length=3, choices=Sex.choices)
    bhxh_number = models.CharField(max_length=10)
    identity_number = models.CharField(max_length=12)
    phone = models.CharField(max_length=15)
    email = models.EmailField()
    province = models.CharField(max_length=2)  # GSO codes of the units before the 2025 merger
    district = models.CharField(max_length=3)
    commune = models.CharField(max_length=5)
    street = models.CharField(max_length=200)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    refusal_reason = models.TextField(blank=True)
    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="registration"
    )
    submitted_at = models.DateTimeField(auto_now_add=True)
    vouched_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="vouched_for"
    )
    vouched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["office", "status", "submitted_at"])]
        constraints = [
            # One live registration a mã số BHXH: a second person can't register over the first.
            models.UniqueConstraint(
                fields=["bhxh_number"],
                name="one_account_a_bhxh_number",
                condition=models.Q(status__in=["issued", "activated"]),
            )
        ]

    def __str__(self) -> str:
        return self.full_name


class IdentityCheck(models.Model):
    """What the issuer of codes saw at the counter, and whose decision it was."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="identity_checks")
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT)
    checked_at = models.DateTimeField(auto_now_add=True)
    papers = models.JSONField()  # list of paper names seen, e.g. ["cccd", "so_bhxh"]
    seen = models.JSONField(default=dict)  # what stands on them, by the name of the field declared
    is_present = models.BooleanField(default=True)  # the person stood at the counter
    matches = models.BooleanField()  # the papers agree with the declaration
    note = models.TextField(blank=True)


class ActivationCode(models.Model):
    """Mã kích hoạt: shown once, stored as a hash, single use, lets one person set a password."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="activation_codes")
    lookup = models.CharField(max_length=64, unique=True)  # HMAC of the code under CODE_KEY
    head = models.CharField(
        max_length=64, db_index=True, default=""
    )  # HMAC of its beginning, to count tries on
    tries = models.PositiveSmallIntegerField(default=0)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT)
    # Of a re-issue, or one in somebody's absence: who had asked for it.
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_on_paper = models.BooleanField(default=False)
    issued_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
