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
    pages = models.PositiveSmallIntegerField(null=True, blank=True)  # None on files older than this column
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=64, unique=True)  # random, under UPLOAD_DIR
    filing_number = models.PositiveSmallIntegerField(null=True, blank=True)  # signed in this filing
    uploaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]


class PaperOriginal(models.Model):
    """Bản giấy gửi sau: a paper the filer promised to send. It is expected, received, or recorded as missing;
    one that is missing may still come."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="paper_originals")
    document = models.CharField(max_length=40)
    promised_at = models.DateTimeField(db_default=Now())
    expected_on = models.DateField(null=True, blank=True)  # None on promises older than this column
    received_on = models.DateField(null=True, blank=True)  # the day it came; ``received_at``: was recorded
    received_at = models.DateTimeField(null=True, blank=True)
    missing_at = models.DateTimeField(null=True, blank=True)  # the office no longer waits for it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "document"], name="one_promise_a_paper")]
