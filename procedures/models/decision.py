from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from procedures.models.dossier import Dossier
from procedures.models.revision import EstimateRevision


class Decision(models.Model):
    """Kết quả giải quyết: approved with an amount, or refused with a reason and its basis. A dossier has more
    than one only where a complaint was upheld; the latest is the one that stands."""

    class Outcome(models.TextChoices):
        APPROVE = "approve", "Duyệt"
        REFUSE = "refuse", "Từ chối"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    amount_vnd = models.PositiveBigIntegerField(null=True, blank=True)  # đồng
    revision = models.ForeignKey(
        EstimateRevision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # where the amount departs from the estimate
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    legal_basis = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="a_refusal_has_a_reason",
                condition=models.Q(outcome="approve") | ~models.Q(reason=""),
            )
        ]
