from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from procedures.models.dossier import Dossier


class HandOver(models.Model):
    """Một lần giao, nhận hồ sơ giữa cán bộ: a line of form 05, and a note to whoever didn't do it."""

    class Kind(models.TextChoices):
        TAKE = "take", "Nhận xử lý"
        RELEASE = "release", "Trả lại hàng chờ"
        HAND_OVER = "hand_over", "Bàn giao"
        TAKE_OVER = "take_over", "Tiếp quản"
        ASSIGN = "assign", "Phân công"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="hand_overs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True)
    due_on = models.DateField(null=True, blank=True)  # of the dossier at that moment
    at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)  # by the officer who is told

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["from_officer"],
                name="handover_from_unread",
                condition=models.Q(read_at__isnull=True, kind__in=["take_over", "assign"]),
            ),
            models.Index(
                fields=["to_officer"],
                name="handover_to_unread",
                condition=models.Q(read_at__isnull=True, kind__in=["hand_over", "assign"]),
            ),
        ]
