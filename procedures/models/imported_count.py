from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import Office


class ImportedCount(models.Model):
    """Số nhập từ báo cáo: paper dossiers of an office and month that aren't in the portal. Counted in the
    series "toàn lĩnh vực" only, and never without its source. Replaced, not changed."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    month = models.DateField()  # its first day
    count = models.PositiveIntegerField()
    source = models.CharField(max_length=200)  # "Báo cáo 123/BC-BHXH ngày 05/8/2019"
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    imported_at = models.DateTimeField(db_default=Now())
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-imported_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "month"],
                name="one_import_a_month",
                condition=models.Q(replaced_at__isnull=True),
            ),
            models.CheckConstraint(name="an_import_has_a_source", condition=~models.Q(source="")),
        ]
