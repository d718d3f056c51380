from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from procedures.models.decision import Decision
from procedures.models.dossier import Dossier
from procedures.models.revision import EstimateRevision


class Proposal(models.Model):
    """Đề nghị giải quyết: what one officer proposes and another person signs or returns with remarks."""

    class State(models.TextChoices):
        OPEN = "open", "Chờ ký"
        SIGNED = "signed", "Đã ký"
        RETURNED = "returned", "Trả lại"
        DROPPED = "dropped", "Không còn cần"  # the filer withdrew

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="proposals")
    outcome = models.CharField(max_length=8, choices=Decision.Outcome.choices)
    amount_vnd = models.PositiveBigIntegerField(null=True, blank=True)  # đồng
    last_month = models.DateField(null=True, blank=True)  # of a move: the last month paid here
    revision = models.ForeignKey(
        EstimateRevision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # where the amount departs from the estimate
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    legal_basis = models.CharField(max_length=200, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    remarks = models.TextField(blank=True)  # of who returned it

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], name="one_open_proposal", condition=models.Q(state="open")
            ),
            models.CheckConstraint(
                name="two_people_decide",
                condition=models.Q(answered_by__isnull=True) | ~models.Q(answered_by=models.F("proposed_by")),
            ),
        ]
