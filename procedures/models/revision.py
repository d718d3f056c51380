from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from procedures.models.dossier import Dossier


class EstimateRevision(models.Model):
    """Tính lại: where an officer departs from the estimate made at filing, line by line, and why.

    Stands beside the estimate, which never changes. Append-only; of a dossier the latest counts, and a
    proposal and its decision keep the one they were made from.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="revisions")
    # {line, label, before, after, reason}; line: place in the estimate, None for an amount that was typed;
    # {follows: true} where the portal reckoned it from the others
    lines = models.JSONField(default=list)
    total_vnd = models.PositiveBigIntegerField(null=True, blank=True)  # đồng
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier", "id"], name="revision_of_dossier")]
