from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import CertificateSignature, TransactionCode
from procedures.models.dossier import Dossier


class CoSignature(models.Model):
    """Chữ ký chung: one person asked to sign the same digest as the filer. A change of the dossier voids
    it; then there is a new row, so that the history of who signed what stays."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="co_signatures")
    full_name = models.CharField(max_length=100)
    bhxh_number = models.CharField(max_length=10)  # what the person logs in with
    asked_at = models.DateTimeField(db_default=Now())
    digest = models.CharField(max_length=64, blank=True)
    code = models.OneToOneField(TransactionCode, null=True, blank=True, on_delete=models.PROTECT)
    certificate = models.OneToOneField(CertificateSignature, null=True, blank=True, on_delete=models.PROTECT)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="co_signatures",
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["bhxh_number"], name="cosignature_live", condition=models.Q(voided_at=None))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "bhxh_number"],
                name="one_live_co_signature_a_person",
                condition=models.Q(voided_at__isnull=True),
            )
        ]
