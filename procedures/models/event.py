from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from procedures.models.dossier import Dossier


class DossierEvent(models.Model):
    """One entry of a dossier's history. Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=24)  # domain.lifecycle.Act
    status = models.CharField(max_length=24)  # after the act
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    detail = models.JSONField(default=dict)  # no personal data
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier", "id"])]
