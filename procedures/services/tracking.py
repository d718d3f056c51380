"""Tra cứu bằng mã: who holds a reference and the phone (or mailbox) registered with the dossier may read its
time line without an account, and complain about the decision on a paper dossier.

Nobody learns whether a reference exists: the answers are the same words, and take the same time.
"""

import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils.translation import gettext as _

from accounts import wall
from accounts.models import TransactionCode
from accounts.services import codes
from accounts.services.paper_people import is_paper_person
from procedures.domain.errors import DomainError, NotAllowed
from procedures.models import Complaint, Dossier
from procedures.selectors.dossiers import dossier_of_reference
from procedures.services import complaints

EQUAL_TIME = timedelta(milliseconds=200)  # longer than writing a code takes
OPEN_FOR = timedelta(minutes=30)  # after the code was typed
_PURPOSE = TransactionCode.Purpose.TRACK


def ask_for_code(reference: str) -> None:
    """Have a code sent to the filer's confirmed phone, or mailbox where there is no phone. Says nothing: not
    for a reference there isn't, nor where nobody can be reached, nor when too many were sent."""
    with _same_time(), wall.door(wall.FOLLOW, reference):
        dossier = dossier_of_reference(reference)
        if dossier is None or not dossier.filer.contacts:
            return
        channel = "sms" if "sms" in dossier.filer.contacts else "email"
        try:
            codes.ask_code(
                dossier.filer,
                _PURPOSE,
                _digest(dossier),
                subject=f"tra cứu hồ sơ {reference}",
                channel=channel,
            )
        except codes.CodeNotSent:
            return


def open_with_code(reference: str, typed: str) -> Dossier:
    """The dossier, for the code that was sent for it. Raises CodeRefused, in the same words whatever is wrong."""
    with _same_time(), wall.door(wall.FOLLOW, reference):
        dossier = dossier_of_reference(reference)
        if dossier is None:
            raise codes.CodeRefused(_wrong())
        try:
            code = codes.verify(dossier.filer, _PURPOSE, _digest(dossier), typed)
        except codes.CodeRefused:
            raise codes.CodeRefused(_wrong()) from None
        if not codes.spend(code):
            raise codes.CodeRefused(_wrong())
        return dossier


def may_complain(dossier: Dossier) -> bool:
    """Whether its filer, who has no account, may complain here: who has one logs in."""
    return (
        is_paper_person(dossier.filer)
        and bool(dossier.answers.get("identity_number"))
        and complaints.may_complain(dossier)
    )


def complain(reference: str, identity_number: str, text: str) -> Complaint:
    """Complain after the code was typed. The code shows the phone, the number of the identity paper that the
    person is the one of the dossier.

    Raises DomainError for another number than the dossier's, without words, or where nobody may complain.
    """
    with wall.door(wall.COMPLAIN, reference):
        dossier = dossier_of_reference(reference)
        if dossier is None or not may_complain(dossier):
            raise NotAllowed(_("Hồ sơ này không khiếu nại được ở đây."))
        if not secrets.compare_digest(str(dossier.answers["identity_number"]), identity_number):
            raise DomainError(
                _("Số giấy tờ không khớp với hồ sơ. Ông/bà xem lại, hoặc khiếu nại tại cơ quan BHXH."),
                question="identity_number",
            )
        return complaints.complain(dossier, dossier.filer, text)


def _wrong() -> str:
    return _(
        "Mã không đúng hoặc không còn dùng được. Ông/bà xem lại mã hồ sơ và mã mới nhất đã nhận; "
        "nếu vẫn không được, xin yêu cầu mã mới."
    )


def _digest(dossier: Dossier) -> str:
    return hashlib.sha256(f"track:{dossier.public_id}".encode()).hexdigest()


@contextmanager
def _same_time() -> Iterator[None]:
    """Whatever happens inside takes at least EQUAL_TIME."""
    ends = time.monotonic() + EQUAL_TIME.total_seconds()
    try:
        yield
    finally:
        time.sleep(max(0.0, ends - time.monotonic()))
