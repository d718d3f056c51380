from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from procedures.models.dossier import Dossier


class SupplementRequest(models.Model):
    """Yêu cầu bổ sung: all defects in one list; only the named papers and answers reopen."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="supplement_requests")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    documents = models.JSONField(default=list)  # codes of documents to give (again)
    questions = models.JSONField(default=list)  # names of questions to answer again
    # To the citizen, why each is asked for: by the code of the item, paper:so_bhxh or question:left_on.
    reasons = models.JSONField(default=dict)
    reason = models.TextField(blank=True)  # of requests older than that: one for everything
    requested_at = models.DateTimeField(db_default=Now())
    answer_by = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                name="one_open_supplement_request",
                condition=models.Q(answered_at__isnull=True),
            )
        ]
