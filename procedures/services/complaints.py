"""Khiếu nại: the filer objects to a decision, and somebody who had no part in it answers. Where the
complaint is right the dossier is settled anew (docs/decisions/0078, 0110)."""

import hashlib
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import outbox
from portal.lib import working_days
from portal.lib.vietnamese import format_date
from procedures.domain import complaints, deadlines
from procedures.domain.errors import DomainError, NotAllowed
from procedures.models import Complaint, Dossier, Notice
from procedures.selectors.complaints import complaint_of, may_answer, may_record_withdrawal
from procedures.selectors.decisions import decision_of
from procedures.services import calendar, notices, reopening
from procedures.services.lifecycle import locked, note, require_unchanged

MADE, ANSWERED, TAKEN_BACK = "complaint_made", "complaint_answered", "complaint_withdrawn"
LONGEST = 4_000  # characters


def may_complain(dossier: Dossier) -> bool:
    decision = decision_of(dossier)
    return decision is not None and not Complaint.objects.filter(decision=decision).exists()


def complain(dossier: Dossier, filer: User, text: str) -> Complaint:
    """Object to the decision that stands; the clock of the answer begins today. Sent twice it is one.

    Raises DomainError without words, NotAllowed where there is no decision, or it was objected to before.
    """
    words = text.strip()
    if not words:
        raise DomainError(_("Xin ghi điều ông/bà không đồng ý và vì sao."), question="text")
    with transaction.atomic():
        fresh = locked(dossier)
        decision = decision_of(fresh)
        there = Complaint.objects.filter(decision=decision).first() if decision else None
        if there is not None and there.text == words:
            return there
        if decision is None or there is not None:
            raise NotAllowed(_("Hồ sơ này không khiếu nại được ở đây nữa."))
        today = timezone.localdate()
        corrections = calendar.overrides()
        complaint = Complaint.objects.create(
            dossier=fresh,
            decision=decision,
            text=words,
            due_on=deadlines.due_date(
                today, complaints.ANSWER, lambda day: working_days.is_working_day(day, corrections)
            ),
            basis=str(complaints.ANSWER.basis),
        )
        event = note(fresh, MADE, actor=filer, detail=_detail(complaint, words))
        notices.notify(fresh, event, Notice.Kind.COMPLAINT_MADE)
        outbox.wake_sweeper()
    return complaint


def take_back(complaint: Complaint, filer: User) -> None:
    """The filer no longer objects. Raises NotAllowed once it is answered."""
    with transaction.atomic():
        dossier = locked(complaint.dossier)
        _withdraw(complaint)
        note(dossier, TAKEN_BACK, actor=filer, detail={"complaint": complaint.pk})


def record_withdrawal(
    dossier: Dossier, officer: User, *, signed_on: date, reason: str = "", seen: int | None = None
) -> None:
    """A filer without an account takes the complaint back on a signed paper, which the office keeps. Sent twice
    it is recorded once.

    Raises DomainError for a day on which it can't have been signed, NotAllowed for somebody who may not record
    it or when the complaint is finished, Stale.
    """
    with transaction.atomic():
        fresh = locked(dossier)
        complaint = complaint_of(fresh)
        if complaint is None or not may_record_withdrawal(officer, complaint):
            raise NotAllowed(_("Ông/bà không ghi nhận việc rút khiếu nại này được."))
        if complaint.withdrawn_by_id == officer.pk:
            return
        require_unchanged(fresh, seen)
        _require_day(complaint, signed_on)
        words = reason.strip()
        _withdraw(complaint, withdrawn_by=officer, withdrawal_signed_on=signed_on, withdrawal_reason=words)
        detail = {**_detail(complaint, words), "channel": fresh.channel, "signed_on": signed_on.isoformat()}
        event = note(fresh, TAKEN_BACK, actor=officer, detail=detail)
        notices.notify(fresh, event, Notice.Kind.COMPLAINT_WITHDRAWN)
        outbox.wake_sweeper()


def _withdraw(complaint: Complaint, **recorded: Any) -> None:
    """Raises NotAllowed once it is answered or withdrawn."""
    waiting = Complaint.objects.filter(pk=complaint.pk, answered_at=None, withdrawn_at=None)
    if not waiting.update(withdrawn_at=Now(), **recorded):
        raise NotAllowed(_("Khiếu nại này đã xong nên không rút được nữa."))


def _require_day(complaint: Complaint, signed_on: date) -> None:
    first, today = timezone.localdate(complaint.made_at), timezone.localdate()
    if signed_on > today:
        raise DomainError(_("Ngày này chưa tới. Xin ghi một ngày đã qua."), question="signed_on")
    if signed_on < first:
        words = _("Khiếu nại được gửi ngày %s; đơn rút không thể ký trước ngày đó.") % format_date(first)
        raise DomainError(words, question="signed_on")


def answer(complaint: Complaint, reviewer: User, *, outcome: str, text: str) -> None:
    """Answer in writing; where the complaint is right, even in part, the dossier is settled anew.

    Raises DomainError without words or for an unknown outcome, NotAllowed for somebody who had a part in the
    decision, or when it was answered before.
    """
    words = text.strip()
    if outcome not in Complaint.Outcome.values:
        raise DomainError(_("Xin chọn một kết luận."), question="outcome")
    if not words:
        raise DomainError(_("Xin ghi câu trả lời để người khiếu nại hiểu."), question="answer")
    if not may_answer(reviewer, complaint):
        raise NotAllowed(_("Người đã tham gia quyết định không trả lời khiếu nại về quyết định đó."))
    with transaction.atomic():
        dossier = locked(complaint.dossier)
        waiting = Complaint.objects.filter(pk=complaint.pk, answered_at=None, withdrawn_at=None)
        if not waiting.update(reviewer=reviewer, outcome=outcome, answer=words, answered_at=Now()):
            raise NotAllowed(_("Khiếu nại này đã được trả lời hoặc đã rút."))
        detail = {**_detail(complaint, words), "outcome": str(outcome)}
        event = note(dossier, ANSWERED, actor=reviewer, detail=detail)
        notices.notify(dossier, event, Notice.Kind.COMPLAINT_ANSWERED)
        if outcome in reopening.UPHELD and reopening.may_reopen(dossier):
            reopening.reopen(dossier, complaint, reviewer)
        outbox.wake_sweeper()


def _detail(complaint: Complaint, words: str) -> dict[str, object]:
    """What the log keeps for ever: which words they were, not the words."""
    return {"complaint": complaint.pk, "sha256": hashlib.sha256(words.encode()).hexdigest()}
