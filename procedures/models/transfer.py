import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import Office
from procedures.domain.transfers import State
from procedures.models.dossier import Dossier


class Transfer(models.Model):
    """Chuyển hồ sơ sang cơ quan khác: a hand over that counts only when the other office accepts it."""

    class Kind(models.TextChoices):
        MOVE = "move", "Chuyển nơi hưởng"
        REFERRAL = "referral", "Chuyển đến đúng cơ quan"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="transfers")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    from_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    to_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=[(s, s) for s in State], default=State.SENT)
    last_month = models.DateField(null=True, blank=True)  # its first day; None where nothing is paid yet
    first_month = models.DateField(null=True, blank=True)
    exception = models.TextField(blank=True)  # who pays the months in between
    reason = models.TextField(blank=True)  # of a referral
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(db_default=Now())
    answer_by = models.DateField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)  # why it was returned

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["to_office", "answer_by", "id"],
                name="transfer_incoming",
                condition=models.Q(state="sent"),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], name="one_open_transfer", condition=models.Q(state="sent")
            ),
            models.CheckConstraint(
                name="a_transfer_leaves_the_office",
                condition=~models.Q(from_office=models.F("to_office")),
            ),
            models.CheckConstraint(
                name="never_two_payers",
                condition=models.Q(first_month__isnull=True)
                | models.Q(first_month__gt=models.F("last_month")),
            ),
        ]
