from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import Office


class DailyCount(models.Model):
    """Số hồ sơ giấy trong ngày: paper dossiers an office received and didn't enter one by one, from a list
    it imported. Replaced, not changed."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    procedure = models.CharField(max_length=40)
    channel = models.CharField(max_length=10)  # "counter" or "post"
    count = models.PositiveIntegerField()
    source = models.CharField(max_length=200)  # name and SHA-256 of the file
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(db_default=Now())
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(
                fields=["day"], name="dailycount_of_day", condition=models.Q(replaced_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day", "procedure", "channel"],
                name="one_daily_count_a_cell",
                condition=models.Q(replaced_at__isnull=True),
            ),
            models.CheckConstraint(
                name="daily_counts_are_of_paper", condition=models.Q(channel__in=["counter", "post"])
            ),
        ]
