from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import Role
from procedures.models.dossier import Dossier


class Clock(models.Model):
    """Đồng hồ giải quyết of one dossier: it begins on the day the dossier was complete, with the limit of that
    day. An apology sets it anew, once; a complaint that was upheld begins it again."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="clock")
    counted_from = models.DateField()  # days are counted after it
    days = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16)  # domain.definition.Unit
    started_at = models.DateTimeField(db_default=Now())


class ClockPause(models.Model):
    """Tạm dừng: why the clock stands, who has to act, since when and until when."""

    class Reason(models.TextChoices):
        SUPPLEMENT = "supplement", "Chờ người nộp bổ sung"
        PAPER = "paper", "Chờ bản giấy"
        TRANSFER = "transfer", "Chờ cơ quan nơi đến trả lời"

    class Owner(models.TextChoices):
        FILER = "filer", "người nộp"
        OFFICE_ELSEWHERE = "office_elsewhere", "cơ quan nơi đến"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    owner = models.CharField(max_length=16, choices=Owner.choices)
    began_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "reason"],
                name="one_open_pause_a_reason",
                condition=models.Q(ended_at__isnull=True),
            )
        ]


class Outage(models.Model):
    """Sự cố hệ thống: days on which nobody could work; every due date that spans them moves."""

    first = models.DateField()
    last = models.DateField()
    reason = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    applied_at = models.DateTimeField(null=True, blank=True)  # all dossiers have their new date

    class Meta:
        ordering = ["-first", "-id"]
        constraints = [
            models.CheckConstraint(name="an_outage_ends", condition=models.Q(last__gte=models.F("first")))
        ]


class Apology(models.Model):
    """Phiếu xin lỗi và hẹn lại ngày trả kết quả (form 04): once a dossier."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="apology")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    reason = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())


class Breach(models.Model):
    """Quá hạn: found once a due date, and handed to a role of the office with an apology ready to be sent.
    Nobody is taken off the dossier."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="breaches")
    due_on = models.DateField()
    found_at = models.DateTimeField(db_default=Now())
    escalated_to = models.CharField(max_length=10, choices=Role.choices, default=Role.HEAD)
    draft = models.TextField()  # words of an apology

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "due_on"], name="one_breach_a_due_date")]
