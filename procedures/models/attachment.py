import uuid

from django.db import models
from django.db.models.functions import Now

from procedures.models.dossier import Dossier


class Attachment(models.Model):
    """Tệp đính kèm: one uploaded file of one document. Removed ones of a draft are deleted, those
    that were ever signed stay."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="attachments")
    document = models.CharField(max_length=40)  # code of the Document
    name = models.CharField(max_length=100)  # for display only, never a path
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=64, unique=True)  # random, under UPLOAD_DIR
    filing_number = models.PositiveSmallIntegerField(null=True, blank=True)  # signed in this filing
    uploaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]


class PaperOriginal(models.Model):
    """Bản giấy gửi sau: a paper the filer promised to send, and whether it came."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="paper_originals")
    document = models.CharField(max_length=40)
    promised_at = models.DateTimeField(db_default=Now())
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "document"], name="one_promise_a_paper")]
