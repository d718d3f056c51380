import uuid
from datetime import date

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Coalesce, Now

from accounts.models import Office
from procedures.domain.lifecycle import OPEN, Status
from procedures.models.search import search_words


class Channel(models.TextChoices):
    ELECTRONIC = "electronic", "Điện tử"
    COUNTER = "counter", "Trực tiếp"
    POST = "post", "Bưu chính"


class Dossier(models.Model):
    """Hồ sơ: from the first draft to the decision. ``status`` is assigned by
    ``services.lifecycle.advance`` and nowhere else."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=32, unique=True, null=True, blank=True)  # mã hồ sơ, once filed
    procedure = models.CharField(max_length=40)  # code in the catalogue
    edition = models.CharField(max_length=10)  # pinned for ever when the draft begins
    filer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="dossiers")
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.ELECTRONIC)
    status = models.CharField(max_length=24, default=Status.DRAFT, choices=[(s, s) for s in Status])
    revision = models.PositiveIntegerField(default=0)  # each save adds one; every form carries it
    answers = models.JSONField(default=dict)  # by question name
    follows_on_paper = models.JSONField(default=list)  # codes of documents sent by post
    confirmed_warnings = models.JSONField(default=list)  # names of rules the filer confirmed
    estimate = models.JSONField(null=True, blank=True)  # as shown when it was filed
    office = models.ForeignKey(
        Office,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dossiers",
        db_index=False,  # dossier_of_office begins with it; PostgreSQL read a whole office's by this one, too
    )
    routing = models.JSONField(null=True, blank=True)  # why this office: words and basis
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assigned_dossiers",
    )
    # The assignee's lease: until then nobody else acts. None while it is assigned work that nobody holds.
    held_until = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(blank=True)  # name, reference, numbers; folded, without accents
    is_test = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    filed_at = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)  # stands in the office's queue since
    due_on = models.DateField(null=True, blank=True)  # None while a paper original is awaited
    # What the queue is ordered by: dossiers without a due date come last.
    due_order = models.GeneratedField(
        expression=Coalesce("due_on", models.Value(date.max)),
        output_field=models.DateField(),
        db_persist=True,
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["office", "due_order", "id"],
                name="dossier_queue",
                condition=models.Q(status__in=sorted(OPEN)),
            ),
            models.Index(
                fields=["due_order", "id"], name="dossier_due", condition=models.Q(status__in=sorted(OPEN))
            ),
            models.Index(fields=["office", "-filed_at", "-id"], name="dossier_of_office"),
            models.Index(fields=["filer", "-updated_at"], name="dossier_of_filer"),
            models.Index(
                fields=["office", "-decided_at"],
                name="dossier_decided",
                condition=models.Q(decided_at__isnull=False),
            ),
            GinIndex(search_words(), name="dossier_words", condition=~models.Q(search_text="")),
            GinIndex(
                search_words(), name="dossier_words_of_work", condition=models.Q(status__in=sorted(OPEN))
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="filed_dossiers_have_reference_and_office",
                condition=models.Q(status=Status.DRAFT)
                | models.Q(reference__isnull=False, office__isnull=False, filed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.reference or f"bản nháp {self.public_id}"
