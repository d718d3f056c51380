from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ReportEdition(models.Model):
    """Bản chốt: a table of rates as it stood when it was frozen. Append-only: a trigger refuses UPDATE and
    DELETE. What came in later is a correction: another edition that names this one."""

    content = models.BinaryField()  # canonical JSON: title, definition, rows; printed from nothing else
    digest = models.CharField(max_length=64)  # SHA-256 over ``content``
    title = models.CharField(max_length=200)  # from the content, for lists
    period = models.CharField(max_length=40)
    frozen_at = models.DateTimeField(db_default=Now())
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="correction"
    )
    reason = models.TextField(blank=True)  # of a correction

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="a_correction_has_a_reason",
                condition=models.Q(corrects__isnull=True) | ~models.Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.period}"
