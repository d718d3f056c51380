import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from procedures.models.decision import Decision
from procedures.models.dossier import Dossier


class Complaint(models.Model):
    """Khiếu nại against a decision: once a decision at its own office, with a clock of its own, answered by
    somebody who had no part in the decision. One that is upheld reopens the dossier."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "Khiếu nại đúng"
        PARTLY = "partly", "Khiếu nại đúng một phần"
        DISMISSED = "dismissed", "Khiếu nại không đúng"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="complaints")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="complaint")
    text = models.TextField()
    made_at = models.DateTimeField(db_default=Now())
    due_on = models.DateField()  # by the limit in force that day
    basis = models.CharField(max_length=200)  # of the limit, with how sure it is
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # On paper, by a filer without an account: the officer who recorded it, and what the paper says.
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_signed_on = models.DateField(null=True, blank=True)
    withdrawal_reason = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="complaint_open",
                condition=models.Q(answered_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="an_answer_has_words_and_a_reviewer",
                condition=models.Q(answered_at__isnull=True)
                | (~models.Q(answer="") & ~models.Q(outcome="") & models.Q(reviewer__isnull=False)),
            ),
            models.CheckConstraint(
                name="a_withdrawal_on_paper_has_a_day_and_an_officer",
                condition=models.Q(withdrawn_by__isnull=True, withdrawal_signed_on__isnull=True)
                | models.Q(
                    withdrawn_by__isnull=False,
                    withdrawal_signed_on__isnull=False,
                    withdrawn_at__isnull=False,
                    answered_at__isnull=True,
                ),
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        """Whether the clock of the answer runs."""
        return self.answered_at is None and self.withdrawn_at is None
