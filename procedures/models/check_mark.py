from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from procedures.models.dossier import Dossier


class CheckMark(models.Model):
    """Đánh dấu kiểm tra: what an officer found of one item of the check-list, and in which signed content.

    Append-only; of one item the latest counts (docs/decisions/0070). Internal: the filer reads only what a
    supplement request makes of it.
    """

    class Verdict(models.TextChoices):
        FINE = "fine", "Đạt"
        DEFECT = "defect", "Chưa đạt"
        OPEN = "open", "Chưa xem"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="check_marks")
    filing_number = models.PositiveSmallIntegerField()  # of the content it was checked against
    item = models.CharField(max_length=60)  # domain.checklist.Item.code
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    remark = models.TextField(blank=True)
    questions = models.JSONField(default=list)  # names of the wrong answers, of an item that is a step
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier", "id"], name="check_mark_of_dossier")]
