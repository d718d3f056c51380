from django.db import models
from django.db.models.functions import Now

from accounts.models.user import User


class CertificateSignature(models.Model):
    """Chữ ký số: what a person signed with a digital certificate, and what showed that it was valid then.

    Written in the transaction of the act it signs. ``container`` verifies without the portal, for example by
    ``openssl cms -verify``.
    """

    class Kind(models.TextChoices):
        CMS = "cms", "Chữ ký rời (.p7s)"
        PDF = "pdf", "PDF đã ký"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="certificate_signatures")
    digest = models.CharField(max_length=64)  # SHA-256 of the content that was signed
    kind = models.CharField(max_length=3, choices=Kind.choices)
    container = models.BinaryField()  # as it was uploaded
    mark = models.CharField(max_length=64)  # of every copy of one signature the same (portal.lib.signatures)
    holder = models.CharField(max_length=200)  # name on the certificate
    identity_number = models.CharField(max_length=12)  # the number on it that is the signer's
    issuer = models.CharField(max_length=200)
    serial = models.CharField(max_length=64)  # hex
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the certificate
    valid_to = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)  # by the signer's own clock
    checked_at = models.DateTimeField(db_default=Now())
    chain = models.JSONField(default=list)  # DER in base64, from the anchor to the signer
    status_proofs = models.JSONField(default=list)  # DER in base64: the CRLs and OCSP answers that were used

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "mark"], name="one_use_a_certificate_signature")
        ]
