"""Ký bằng chứng thư số: the other way to sign, for those who have a certificate of a public authority.

The same bytes are signed as by a transaction code. ``check`` judges the file, ``keep`` writes it down in the
transaction of the act; one signature is good for one act.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import CertificateSignature, Registration, User
from accounts.services import codes, throttle
from portal.lib.signatures import Reason, SignatureRefused, Signed, Trust, check_cms, check_pdf, read_trust
from portal.lib.vietnamese import fold

CHECKS = (20, timedelta(minutes=10))  # of one person: judging a file costs the server more than a code
MOST_BYTES = 6 * 1024 * 1024  # of a signed PDF

_WORDS = {
    Reason.UNREADABLE: gettext_lazy(
        "Tệp này không phải là chữ ký số mà cổng đọc được. Xin tải lên tệp .p7s (chữ ký rời) hoặc tệp PDF đã ký."
    ),
    Reason.OTHER_CONTENT: gettext_lazy(
        "Chữ ký này là của nội dung khác. Xin tải lại nội dung cần ký ở trang này, ký đúng tệp đó và không sửa gì."
    ),
    Reason.BROKEN: gettext_lazy("Chữ ký không đúng với chứng thư số đi kèm. Xin ký lại."),
    Reason.WEAK: gettext_lazy(
        "Chữ ký dùng thuật toán không còn an toàn (ví dụ SHA-1). Xin chọn SHA-256 trong phần mềm ký rồi ký lại."
    ),
    Reason.UNKNOWN_ISSUER: gettext_lazy(
        "Chứng thư số này do một tổ chức không có trong danh sách cổng tin cậy cấp."
    ),
    Reason.EXPIRED: gettext_lazy("Chứng thư số này đã hết hạn. Xin gia hạn, hoặc ký bằng mã."),
    Reason.NOT_YET_VALID: gettext_lazy(
        "Chứng thư số này chưa có hiệu lực. Xin chờ đến ngày ghi trên chứng thư."
    ),
    Reason.REVOKED: gettext_lazy("Chứng thư số này đã bị thu hồi nên không ký được nữa."),
    Reason.STATUS_UNKNOWN: gettext_lazy(
        "Lúc này cổng không biết chắc chứng thư số này có bị thu hồi hay không nên chưa nhận. Xin thử lại sau, "
        "hoặc ký bằng mã."
    ),
    Reason.WRONG_USE: gettext_lazy("Chứng thư số này không phải loại dùng để ký."),
}


class CertificateRefused(Exception):
    """The file doesn't sign this. ``reason``: a Reason, or "person", "used" or "often"; the message is ready
    to be shown."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason, self.message = reason, message


@dataclass(frozen=True, slots=True)
class Checked:
    """A signature that may be used for the content it was checked against."""

    user: User
    digest: str
    kind: CertificateSignature.Kind
    container: bytes
    identity_number: str
    signed: Signed


def is_offered() -> bool:
    """Whether any certificate could be accepted here."""
    return bool(trust().roots)


def trust() -> Trust:
    """The trust list as its folder has it now."""
    folder = Path(settings.CERTIFICATE_TRUST_DIR)
    return _read(folder, _state_of(folder))


def check(user: User, content: bytes, container: bytes, make_pdf: Callable[[], bytes]) -> Checked:
    """Judge what somebody uploaded: a signature of ``content``, or the PDF of ``make_pdf`` signed, by a
    certificate of this very person that is valid now.

    Raises:
        CertificateRefused: with its own words for each reason.
        codes.CodeNotSent: nobody has vouched for the account yet.
        RuntimeError: called inside a transaction, which could take the count back.
    """
    codes.require_vouched(user)
    if not throttle.hit(f"certificate:{user.pk}", *CHECKS):
        raise CertificateRefused("often", _("Đã thử quá nhiều lần. Ông/bà vui lòng thử lại sau mười phút."))
    is_pdf = container.startswith(b"%PDF")
    at = timezone.now()
    try:
        signed = (
            check_pdf(container, make_pdf(), trust(), at)
            if is_pdf
            else check_cms(container, content, trust(), at)
        )
    except SignatureRefused as refusal:
        raise CertificateRefused(refusal.reason, str(_WORDS[refusal.reason])) from refusal
    kind = CertificateSignature.Kind.PDF if is_pdf else CertificateSignature.Kind.CMS
    return Checked(user, sha256(content).hexdigest(), kind, container, _number_of(user, signed), signed)


def keep(checked: Checked) -> CertificateSignature:
    """Write the signature down, in the transaction of the act it signs. Raises CertificateRefused for one that
    has signed something before."""
    signed = checked.signed
    try:
        with transaction.atomic():
            return CertificateSignature.objects.create(
                user=checked.user,
                digest=checked.digest,
                kind=checked.kind,
                container=checked.container,
                mark=signed.mark,
                holder=signed.name[:200],
                identity_number=checked.identity_number,
                issuer=signed.issuer[:200],
                serial=signed.serial[:64],
                fingerprint=signed.fingerprint,
                valid_to=signed.valid_to,
                claimed_at=signed.claimed_at,
                chain=[base64.b64encode(der).decode() for der in signed.chain],
                status_proofs=[base64.b64encode(der).decode() for der in signed.status_proofs],
            )
    except IntegrityError as error:
        words = _("Chữ ký này đã dùng rồi. Mỗi lần nộp cần một chữ ký mới: xin ký lại.")
        raise CertificateRefused("used", words) from error


def _number_of(user: User, signed: Signed) -> str:
    """The number of the paper by which the certificate is this person's. Raises CertificateRefused."""
    try:
        declared = user.registration
    except ObjectDoesNotExist:
        declared = Registration()
    if declared.identity_number in signed.numbers and fold(signed.name) == fold(declared.full_name):
        return declared.identity_number
    raise CertificateRefused(
        "person",
        _(
            "Chứng thư số này không phải của ông/bà: họ tên hoặc số CMND/CCCD trên chứng thư khác với tờ khai "
            "đăng ký. Người khác không ký thay được."
        ),
    )


def _state_of(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes when any file of the trust list does."""
    files = (
        file for place in (folder, folder / "intermediate") if place.is_dir() for file in place.iterdir()
    )
    return tuple(
        sorted((file.name, stat.st_mtime_ns, stat.st_size) for file in files for stat in [file.stat()])
    )


@lru_cache(maxsize=2)
def _read(folder: Path, state: tuple[tuple[str, int, int], ...]) -> Trust:
    return read_trust(folder)
