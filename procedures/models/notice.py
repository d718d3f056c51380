from django.conf import settings
from django.db import models

from accounts.models import Outgoing
from procedures.models.dossier import Dossier


class Notice(Outgoing):
    """Thông báo: one message about a dossier, to the filer or to somebody who signs with the filer.

    The words are in templates/notices/<kind>.*.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
        SUPPLEMENT_REQUESTED = "supplement_requested", "Yêu cầu bổ sung"
        SUPPLEMENTED = "supplemented", "Đã nhận bổ sung"
        APOLOGISED = "apologised", "Xin lỗi và hẹn lại ngày trả"
        TRANSFER_SENT = "transfer_sent", "Hồ sơ đã gửi nơi đến"
        TRANSFER_ACCEPTED = "transfer_accepted", "Nơi đến đã nhận hồ sơ"
        REFERRED = "referred", "Hồ sơ chuyển đến cơ quan có thẩm quyền"
        REFERRAL_ACCEPTED = "referral_accepted", "Cơ quan có thẩm quyền đã nhận hồ sơ"
        APPROVED = "approved", "Hồ sơ được duyệt"
        REFUSED = "refused", "Hồ sơ bị từ chối"
        WITHDRAWN = "withdrawn", "Đã rút hồ sơ"
        COMPLAINT_MADE = "complaint_made", "Đã nhận khiếu nại"
        COMPLAINT_WITHDRAWN = "complaint_withdrawn", "Đã ghi nhận rút khiếu nại"
        COMPLAINT_ANSWERED = "complaint_answered", "Đã trả lời khiếu nại"
        REOPENED = "reopened", "Hồ sơ được giải quyết lại"
        CO_SIGN_ASKED = "co_sign_asked", "Mời cùng ký hồ sơ"
        CO_SIGNED = "co_signed", "Có người đã cùng ký"
        CO_SIGNATURE_VOIDED = "co_signature_voided", "Chữ ký chung không còn hiệu lực"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    event = models.ForeignKey("procedures.DossierEvent", on_delete=models.PROTECT)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    channel = models.CharField(max_length=5)  # "sms" or "email"
    destination = models.CharField(max_length=254)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta(Outgoing.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["event", "kind", "recipient", "channel"], name="one_notice_an_event_and_channel"
            )
        ]
