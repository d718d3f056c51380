from django.db import models
from django.db.models.functions import Now

from accounts.models import CertificateSignature, TransactionCode
from procedures.models.dossier import Dossier


class Filing(models.Model):
    """Lần nộp: the signed act. Number 1 files the dossier, later ones supplement it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="filings")
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 over ``signed_content``
    signed_content = models.BinaryField()  # canonical JSON, byte for byte what was signed
    # Signed in one of two ways; in neither when it was made for the annex of 3040.
    code = models.OneToOneField(TransactionCode, null=True, blank=True, on_delete=models.PROTECT)
    certificate = models.OneToOneField(CertificateSignature, null=True, blank=True, on_delete=models.PROTECT)
    filed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="one_filing_a_number"),
            models.CheckConstraint(
                name="a_filing_is_signed_in_one_way",
                condition=models.Q(code__isnull=True) | models.Q(certificate__isnull=True),
            ),
        ]
