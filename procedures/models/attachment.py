import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Outgoing
from procedures.models.dossier import Dossier


class Attachment(models.Model):
    """Tệp đính kèm: one uploaded file of one document. Removed ones of a draft are deleted, those
    that were ever signed stay.

    What was uploaded is kept sealed as evidence, byte for byte: ``sha256`` is what people sign. Nobody
    opens it; people open the safe copy, which a worker makes once the file is checked (bản xem).
    """

    class Safety(models.TextChoices):
        WAITING = "waiting", _("Đang chờ kiểm tra")
        CLEAN = "clean", _("Đã quét vi-rút")
        UNSCANNED = "unscanned", _("Chưa quét vi-rút")  # there is no scanner here
        INFECTED = "infected", _("Có mã độc")
        UNREADABLE = "unreadable", _("Không tạo được bản xem")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="attachments")
    document = models.CharField(max_length=40)  # code of the Document
    name = models.CharField(max_length=100)  # for display only, never a path
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()  # bytes
    pages = models.PositiveSmallIntegerField(null=True, blank=True)  # None on files older than this column
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=64, unique=True)  # random, under UPLOAD_DIR
    key_id = models.CharField(
        max_length=16, blank=True
    )  # of the key that sealed file and copy; "" = none yet
    filing_number = models.PositiveSmallIntegerField(null=True, blank=True)  # signed in this filing
    uploaded_at = models.DateTimeField(db_default=Now())
    safety = models.CharField(max_length=10, choices=Safety.choices, default=Safety.WAITING)
    threat = models.CharField(max_length=100, blank=True)  # the scanner's name for what it found
    is_signed = models.BooleanField(default=False)  # a PDF that bears a digital signature
    copy_name = models.CharField(max_length=64, blank=True)  # of the safe copy, as storage_name
    copy_type = models.CharField(max_length=40, blank=True)
    copy_size = models.PositiveIntegerField(null=True, blank=True)  # bytes

    class Meta:
        ordering = ["id"]

    @property
    def may_be_opened(self) -> bool:
        """Whether there is a safe copy, and nothing was found in the file."""
        return bool(self.copy_name) and self.safety in (self.Safety.CLEAN, self.Safety.UNSCANNED)

    @property
    def is_picture(self) -> bool:
        """Whether people open it as a picture: its copy, or what the copy will be."""
        return self.content_type.startswith("image/")


class FileCheck(Outgoing):
    """The outbox row of an uploaded file: it waits to be scanned and copied. While it waits the file is in
    quarantine, and the dossier goes its way."""

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="check_row")


class PaperOriginals(models.QuerySet["PaperOriginal"]):
    def expected(self) -> "PaperOriginals":
        """Those the office still waits for: the clock stands as long as there is one."""
        return self.filter(received_at__isnull=True, missing_at__isnull=True)


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

    objects = PaperOriginals.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "document"], name="one_promise_a_paper")]
