from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import Office
from procedures.models.dossier import Dossier


class Succession(models.Model):
    """Một lần sáp nhập: offices closed and opened by one plan, carried out in one transaction."""

    plan = models.TextField()  # the CSV, as it was read
    effective_on = models.DateField()  # first day of the new offices
    carried_out_at = models.DateTimeField(db_default=Now())
    carried_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    outcome = models.JSONField(default=dict)  # what was moved, in numbers

    class Meta:
        ordering = ["-id"]


class SuccessionMove(models.Model):
    """Hồ sơ đang giải quyết được chuyển: an open dossier that followed its office. Says at which office it
    was counted when it was filed."""

    succession = models.ForeignKey(Succession, on_delete=models.PROTECT, related_name="moves")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="succession_moves")
    from_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    to_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_noted = models.BooleanField(default=False)  # stands in the dossier's history

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="move_to_note", condition=models.Q(is_noted=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["succession", "dossier"], name="one_move_a_succession"),
        ]
