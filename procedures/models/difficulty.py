import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import Office


class Difficulty(models.Model):
    """Vướng mắc: what somebody of the staff reports to the central IT centre (the last paragraph of
    3040/BHXH-CNTT). The context is a page and a role; whose dossier it was only if the reporter says so."""

    class Subject(models.TextChoices):
        SIGN_IN = "sign_in", "Đăng nhập, tài khoản"
        CODE = "code", "Mã xác thực, mã kích hoạt"
        FORM = "form", "Tờ khai, giấy tờ"
        CASEWORK = "casework", "Giải quyết hồ sơ"
        CLOCK = "clock", "Thời hạn, ngày hẹn"
        FIGURES = "figures", "Số liệu, báo cáo"
        LAW = "law", "Quy định, căn cứ"
        OTHER = "other", "Việc khác"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)  # of who reported it, then
    reported_at = models.DateTimeField(db_default=Now())
    subject = models.CharField(max_length=10, choices=Subject.choices)
    text = models.TextField()
    page = models.CharField(max_length=80, blank=True)  # name of the page it was reported from, no address
    reference = models.CharField(max_length=32, blank=True)  # only when the reporter ticks it
    joined_to = models.ForeignKey(  # the same thing was reported before: one answer for all
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined"
    )
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    published_title = models.CharField(max_length=200, blank=True)  # what all offices read; not the report
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["office", "-id"], name="difficulty_of_office"),
            models.Index(
                fields=["id"],
                name="difficulty_open",
                condition=models.Q(answered_at__isnull=True, joined_to__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="only_an_answer_is_published",
                condition=models.Q(published_at__isnull=True)
                | (models.Q(answered_at__isnull=False) & ~models.Q(published_title="")),
            )
        ]

    def __str__(self) -> str:
        return f"vướng mắc {self.pk}"
