from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from procedures.models.attachment import Attachment
from procedures.models.dossier import Dossier


class AccessEntry(models.Model):
    """Lượt xem hồ sơ: somebody of the staff looked at a dossier or a paper of it. Written before the page
    or the first byte leaves; append-only. The filer sees the list."""

    class Purpose(models.TextChoices):
        CASEWORK = "casework", "Giải quyết hồ sơ"
        REVIEW = "review", "Xem lại hồ sơ đã có kết quả"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="access_entries")
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)  # as it was then
    office = models.CharField(max_length=40)  # key of the viewer's office then
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    attachment = models.ForeignKey(
        Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # None: the page of the dossier
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["dossier", "-id"], name="access_of_dossier"),
            models.Index(
                fields=["viewer", "at"],
                name="papers_read",
                condition=models.Q(attachment__isnull=False),
            ),
        ]
