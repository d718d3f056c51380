from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.office import Office


class Alarm(models.Model):
    """Cảnh báo: something a person must look at. One row a matter, however often it is seen; those it is for
    are told when it begins. Without personal data: ids only."""

    class Kind(models.TextChoices):
        STUCK = "stuck", _("Hồ sơ đã nộp chưa đến hàng chờ")
        SILENT = "silent", _("Tiến trình ngừng báo tin")
        BROKER = "broker", _("Không tới được máy chủ hàng đợi")
        DISK = "disk", _("Ổ đĩa sắp đầy")
        QUARANTINED = "quarantined", _("Việc thất bại nhiều lần, cần người xem")
        SCANNER = "scanner", _("Máy quét vi-rút không trả lời")
        SIGNATURES = "signatures", _("Mẫu vi-rút đã cũ")
        READS = "reads", _("Cán bộ mở giấy tờ của quá nhiều hồ sơ trong ngày")
        TEXTS = "texts", _("Quá nhiều mã gửi bằng tin nhắn trong ngày")
        INFECTED = "infected", _("Có tệp chứa mã độc")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject = models.CharField(
        max_length=80, blank=True
    )  # which one: a lane, a process, an officer and a day
    # Whose head is told; None: the headquarters.
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT)
    detail = models.CharField(max_length=200, blank=True)
    raised_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    times = models.PositiveIntegerField(default=1)
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="one_alarm_a_matter")]
