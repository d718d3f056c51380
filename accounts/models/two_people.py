import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models.registration import Registration
from accounts.models.user import User


class TwoPersonAct(models.Model):
    """What one issuer alone may not do: one asks, another decides. The database refuses the same person."""

    class Kind(models.TextChoices):
        REISSUE = "reissue", "Cấp lại mã kích hoạt"
        CONTACT = "contact", "Đổi số điện thoại, email"
        ABSENT = "absent", "Cấp mã khi người đăng ký vắng mặt"

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ người thứ hai"
        APPROVED = "approved", "Đã duyệt"
        REFUSED = "refused", "Không duyệt"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="two_person_acts")
    papers = models.JSONField(default=list)  # names of the papers seen
    reason = models.TextField()
    new_phone = models.CharField(max_length=15, blank=True)
    new_email = models.EmailField(blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="acts_asked_for")
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="acts_decided")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"])]
        constraints = [
            models.CheckConstraint(
                name="decided_by_a_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.UniqueConstraint(
                fields=["registration"], name="one_act_waiting_a_registration", condition=Q(state="waiting")
            ),
        ]
