"""Kết quả giải quyết: approve or refuse, once, by an officer of the dossier's office."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from accounts.services import outbox
from procedures.domain.definition import Refusal
from procedures.domain.errors import DomainError
from procedures.domain.lifecycle import Act
from procedures.models import Decision, Dossier, Notice
from procedures.selectors.definitions import procedure_of
from procedures.services import assignment, notices
from procedures.services.lifecycle import advance, locked, require_unchanged

MAX_AMOUNT = 10**12  # đồng; more is a slip of the keyboard


def approve(
    dossier: Dossier,
    officer: User,
    *,
    amount_vnd: int | None,
    remark: str = "",
    seen: int | None = None,
) -> Decision:
    """Approve; ``amount_vnd`` in đồng where the procedure pays an amount. ``seen``: see require_unchanged.

    Raises DomainError for an absurd amount, NotAllowed when the dossier isn't in the queue.
    """
    if amount_vnd is not None and not 0 < amount_vnd <= MAX_AMOUNT:
        raise DomainError("Số tiền không hợp lệ.", question="amount_vnd")
    decision = Decision(
        dossier=dossier,
        outcome=Decision.Outcome.APPROVE,
        amount_vnd=amount_vnd,
        reason=remark,
        decided_by=officer,
    )
    return _decide(decision, Act.APPROVE, Notice.Kind.APPROVED, seen)


def refuse(
    dossier: Dossier, officer: User, *, reason_code: str, reason: str, seen: int | None = None
) -> Decision:
    """Refuse in writing with the reason, as the law asks for every procedure.

    Raises DomainError for an unknown reason code or an empty reason.
    """
    ground = _ground(dossier, reason_code)
    if not reason.strip():
        raise DomainError("Xin ghi rõ lý do từ chối để người dân hiểu.", question="reason")
    decision = Decision(
        dossier=dossier,
        outcome=Decision.Outcome.REFUSE,
        reason_code=reason_code,
        reason=reason.strip(),
        legal_basis=str(ground.basis),
        decided_by=officer,
    )
    return _decide(decision, Act.REFUSE, Notice.Kind.REFUSED, seen)


def _ground(dossier: Dossier, reason_code: str) -> Refusal:
    for ground in procedure_of(dossier).refusals:
        if ground.code == reason_code:
            return ground
    raise DomainError("Xin chọn một lý do trong danh sách.", question="reason_code")


def _decide(decision: Decision, act: Act, kind: Notice.Kind, seen: int | None) -> Decision:
    with transaction.atomic():
        fresh = locked(decision.dossier)
        require_unchanged(fresh, seen)
        assignment.require_lease(fresh, decision.decided_by)
        event = advance(fresh, act, actor=decision.decided_by, subject=decision)
        decision.dossier = fresh
        decision.save()
        fresh.supplement_requests.filter(answered_at__isnull=True).update(answered_at=Now())
        Dossier.objects.filter(pk=fresh.pk).update(decided_at=Now())
        assignment.let_go(fresh)
        notices.notify(fresh, event, kind)
        outbox.wake_sweeper()
    return decision
