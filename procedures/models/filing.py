from django.db import models
from django.db.models.functions import Now

from accounts.models import TransactionCode
from procedures.models.dossier import Dossier


class Filing(models.Model):
    """Lần nộp: the signed act. Number 1 files the dossier, later ones supplement it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="filings")
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 over ``signed_content``
    signed_content = models.BinaryField()  # canonical JSON, byte for byte what was signed
    code = models.OneToOneField(TransactionCode, null=True, blank=True, on_delete=models.PROTECT)
    filed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="one_filing_a_number")]
