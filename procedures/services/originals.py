"""Bản giấy gửi sau: each promised paper is expected, received on a day, or recorded as missing.

While one is expected the clock stands. The last one that comes starts it, with the day it came. One that is
recorded as missing stops nobody any more: from then on it is the office's turn, to ask for it in a supplement
request (which stops the clock again) or to decide (docs/decisions/0071).
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from portal.lib.vietnamese import format_date
from portal.lib.working_days import add_working_days
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import OPEN
from procedures.models import Dossier, PaperOriginal
from procedures.services import calendar, clock
from procedures.services.lifecycle import locked, note, require_unchanged

RECEIVED = "paper_received"  # kinds of history entries; the status doesn't change
MISSING = "paper_missing"
USUAL_WORKING_DAYS = 10  # for the post; no limit was found in the law


def promise(dossier: Dossier, documents: Iterable[str]) -> None:
    """Expect these papers, in the transaction of the filing that promises them."""
    expected_on = add_working_days(timezone.localdate(), USUAL_WORKING_DAYS, calendar.overrides())
    rows = [PaperOriginal(dossier=dossier, document=code, expected_on=expected_on) for code in documents]
    PaperOriginal.objects.bulk_create(rows, ignore_conflicts=True)


def receive_original(
    dossier: Dossier,
    document: str,
    officer: User,
    *,
    received_on: date | None = None,
    seen: int | None = None,
) -> None:
    """Record the arrival, also while a supplement is awaited, and also of what was missing. ``received_on``:
    the day it came, today if not given. ``seen``: see require_unchanged.

    Raises NotAllowed when no such paper is to come, DomainError for a day that can't be.
    """
    today = timezone.localdate()
    came_on = received_on or today
    with transaction.atomic():
        fresh = locked(dossier)
        require_unchanged(fresh, seen)
        paper = _paper_to_come(fresh, document)
        promised_on = timezone.localdate(paper.promised_at)
        if not promised_on <= came_on <= today:
            days = {"first": format_date(promised_on), "last": format_date(today)}
            raise DomainError(
                "Ngày nhận phải từ ngày {first} đến ngày {last}.".format(**days), question="received_on"
            )
        PaperOriginal.objects.filter(pk=paper.pk).update(received_at=Now(), received_on=came_on)
        note(
            fresh, RECEIVED, actor=officer, detail={"document": document, "received_on": came_on.isoformat()}
        )
        clock.keep(fresh, complete_on=_complete_on(fresh))


def record_missing(dossier: Dossier, document: str, officer: User, *, seen: int | None = None) -> None:
    """Record that an expected paper didn't come: nobody waits for it any more. ``seen``: see
    require_unchanged. Raises NotAllowed when it isn't expected."""
    with transaction.atomic():
        fresh = locked(dossier)
        require_unchanged(fresh, seen)
        paper = _paper_to_come(fresh, document)
        if paper.missing_at is not None:
            raise NotAllowed("Bản giấy này đã được ghi là chưa nhận được.")
        PaperOriginal.objects.filter(pk=paper.pk).update(missing_at=Now())
        note(fresh, MISSING, actor=officer, detail={"document": document})
        clock.keep(fresh)


def _paper_to_come(dossier: Dossier, document: str) -> PaperOriginal:
    paper = PaperOriginal.objects.filter(dossier=dossier, document=document, received_at__isnull=True).first()
    if paper is None or dossier.status not in OPEN:
        raise NotAllowed("Hồ sơ này không chờ bản giấy đó.")
    return paper


def _complete_on(dossier: Dossier) -> date | None:
    """The day the last paper came: the dossier was complete with it, whichever was recorded last."""
    days = dossier.paper_originals.filter(received_on__isnull=False).values_list("received_on", flat=True)
    return max((day for day in days if day is not None), default=None)
