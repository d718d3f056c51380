from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from procedures.models.dossier import Dossier


class InternalNote(models.Model):
    """Ghi chú nội bộ: between officers of one office. Append-only, and on no page, paper or export of the
    filer; it is no event of the dossier either, since the filer reads those."""

    class Kind(models.TextChoices):
        FACT = "fact", "Sự việc"
        QUESTION = "question", "Câu hỏi"
        CALL = "call", "Cuộc gọi"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="internal_notes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier", "id"], name="note_of_dossier")]
