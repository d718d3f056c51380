"""Kết quả giải quyết: one officer proposes, another person signs. Nobody decides alone.

The head of the office signs; where the setting SECOND_OFFICER_UP_TO names an amount for the procedure,
a second officer may sign an approval up to it.
"""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Role, User
from accounts.services import outbox
from portal.lib.money import format_vnd
from procedures.domain.definition import Refusal
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import Act
from procedures.models import Decision, Dossier, EstimateRevision, Notice, Proposal
from procedures.selectors.decisions import may_propose, signers_anew
from procedures.selectors.definitions import procedure_of
from procedures.selectors.queue import with_signed_answers
from procedures.selectors.revisions import current_revision, reckoned_amount
from procedures.services import assignment, checklist, clock, notices, transfers
from procedures.services.lifecycle import advance, locked, require_unchanged

MAX_AMOUNT = 10**12  # đồng; more is a slip of the keyboard
ANY_PROCEDURE = "*"


def propose_approval(
    dossier: Dossier,
    officer: User,
    *,
    amount_vnd: int | None,
    remark: str = "",
    last_month: date | None = None,
    seen: int | None = None,
) -> Proposal:
    """Propose to approve; ``amount_vnd`` in đồng where the procedure pays an amount. ``seen``: see
    require_unchanged.

    Raises DomainError for an absurd amount, another one than the portal reckoned from changed lines, or while
    something asked for earlier isn't confirmed as cured, NotHeld without the lease, NotAllowed when the dossier
    isn't in the queue.
    """
    if amount_vnd is not None and not 0 < amount_vnd <= MAX_AMOUNT:
        raise DomainError("Số tiền không hợp lệ.", question="amount_vnd")
    if last_month is None and transfers.is_move(dossier) and transfers.pays_monthly(dossier):
        raise DomainError("Xin ghi tháng cuối cùng trả ở nơi đi.", question="last_month")
    reckoned = reckoned_amount(current_revision(dossier))
    if reckoned is not None and amount_vnd != reckoned:
        raise DomainError(
            f"Số tiền phải là {format_vnd(reckoned)}, cổng tính từ các dòng đã sửa. Muốn khác thì sửa dòng.",
            question="amount_vnd",
        )
    checklist.require_cured(with_signed_answers(Dossier.objects.get(pk=dossier.pk)))
    proposal = Proposal(
        dossier=dossier,
        outcome=Decision.Outcome.APPROVE,
        amount_vnd=amount_vnd,
        reason=remark,
        last_month=last_month.replace(day=1) if last_month else None,
        revision=_revision(dossier),
        proposed_by=officer,
    )
    return _propose(proposal, Act.PROPOSE, seen)


def propose_refusal(
    dossier: Dossier, officer: User, *, reason_code: str, reason: str, seen: int | None = None
) -> Proposal:
    """Propose to refuse in writing with the reason, as the law asks for every procedure.

    Raises DomainError for an unknown reason code or an empty reason.
    """
    ground = _ground(dossier, reason_code)
    if not reason.strip():
        raise DomainError("Xin ghi rõ lý do từ chối để người dân hiểu.", question="reason")
    proposal = Proposal(
        dossier=dossier,
        outcome=Decision.Outcome.REFUSE,
        reason_code=reason_code,
        reason=reason.strip(),
        legal_basis=str(ground.basis),
        proposed_by=officer,
    )
    return _propose(proposal, Act.PROPOSE_REFUSAL, seen)


def may_sign(officer: User, proposal: Proposal) -> bool:
    """Whether this person may be the second one."""
    is_of_office = officer.is_officer and officer.office_id == proposal.dossier.office_id
    if not is_of_office or officer.pk == proposal.proposed_by_id:
        return False
    if anew := signers_anew(proposal):
        return officer.pk in anew
    return officer.role == Role.HEAD or _is_small(proposal)


def open_proposal(dossier: Dossier) -> Proposal | None:
    """What waits for a signature."""
    waiting = dossier.proposals.filter(state=Proposal.State.OPEN)
    return waiting.select_related("proposed_by", "dossier", "revision").first()


def sign(dossier: Dossier, officer: User, *, seen: int | None = None) -> Decision | None:
    """Sign what was proposed: from now on it is the office's decision. A move to another office is sent
    there instead, and decided when that office accepts: then None. Raises NotAllowed."""
    with transaction.atomic():
        fresh = locked(dossier)
        require_unchanged(fresh, seen)
        proposal = _to_answer(fresh, officer)
        is_approval = proposal.outcome == Decision.Outcome.APPROVE
        if is_approval and transfers.is_move(fresh):
            _answer(proposal, Proposal.State.SIGNED, officer)
            transfers.send(fresh, proposal, officer)
            outbox.wake_sweeper()
            return None
        decision = _decision(proposal, fresh, officer)
        act = Act.APPROVE if is_approval else Act.REFUSE
        event = advance(fresh, act, actor=officer, subject=decision)
        decision.save()
        _answer(proposal, Proposal.State.SIGNED, officer)
        Dossier.objects.filter(pk=fresh.pk).update(decided_at=Now())
        notices.notify(fresh, event, Notice.Kind.APPROVED if is_approval else Notice.Kind.REFUSED)
        outbox.wake_sweeper()
    return decision


def return_proposal(dossier: Dossier, officer: User, *, remarks: str, seen: int | None = None) -> None:
    """Give it back to who proposed it, with what is to be looked at again. Raises DomainError without
    remarks, NotAllowed."""
    if not remarks.strip():
        raise DomainError("Xin ghi điều cần xem lại để người đề nghị biết.", question="remarks")
    with transaction.atomic():
        fresh = locked(dossier)
        require_unchanged(fresh, seen)
        proposal = _to_answer(fresh, officer)
        advance(fresh, Act.RETURN_PROPOSAL, actor=officer, detail={"proposal": proposal.pk})
        _answer(proposal, Proposal.State.RETURNED, officer, remarks.strip())
        assignment.give_back(fresh, proposal.proposed_by, by=officer, reason=remarks)


def _propose(proposal: Proposal, act: Act, seen: int | None) -> Proposal:
    officer = proposal.proposed_by
    with transaction.atomic():
        fresh = locked(proposal.dossier)
        require_unchanged(fresh, seen)
        assignment.require_lease(fresh, officer)
        if not may_propose(officer, fresh):
            raise DomainError(
                "Hồ sơ được giải quyết lại theo khiếu nại: người đã tham gia quyết định trước không đề nghị "
                "nữa. Xin bàn giao cho người khác."
            )
        proposal.dossier = fresh
        proposal.save()
        advance(fresh, act, actor=officer, detail={"proposal": proposal.pk})
        fresh.supplement_requests.filter(answered_at__isnull=True).update(answered_at=Now())
        clock.keep(fresh)
        assignment.let_go(fresh)
    return proposal


def _revision(dossier: Dossier) -> EstimateRevision | None:
    """What the amount departs from the estimate by; None where it follows it."""
    latest = current_revision(dossier)
    return latest if latest and latest.lines else None


def _ground(dossier: Dossier, reason_code: str) -> Refusal:
    for ground in procedure_of(dossier).refusals:
        if ground.code == reason_code:
            return ground
    raise DomainError("Xin chọn một lý do trong danh sách.", question="reason_code")


def _is_small(proposal: Proposal) -> bool:
    limits = settings.SECOND_OFFICER_UP_TO
    limit = limits.get(proposal.dossier.procedure, limits.get(ANY_PROCEDURE, 0))
    is_approval = proposal.outcome == Decision.Outcome.APPROVE
    return is_approval and proposal.amount_vnd is not None and proposal.amount_vnd <= limit


def _to_answer(dossier: Dossier, officer: User) -> Proposal:
    """The open proposal of a locked dossier, if this person may answer it."""
    proposal = open_proposal(dossier)
    if proposal is None:
        raise NotAllowed("Hồ sơ này không có đề nghị nào chờ ký.")
    if officer.pk == proposal.proposed_by_id:
        raise DomainError("Người đề nghị không tự ký. Hồ sơ chờ người thứ hai ký.")
    if not may_sign(officer, proposal):
        if signers_anew(proposal):
            raise DomainError("Hồ sơ được giải quyết lại: người không tham gia quyết định trước mới ký.")
        raise DomainError("Đề nghị này cần lãnh đạo cơ quan ký.")
    return proposal


def _decision(proposal: Proposal, dossier: Dossier, signer: User) -> Decision:
    return Decision(
        dossier=dossier,
        outcome=proposal.outcome,
        amount_vnd=proposal.amount_vnd,
        revision=proposal.revision,
        reason_code=proposal.reason_code,
        reason=proposal.reason,
        legal_basis=proposal.legal_basis,
        decided_by=signer,
    )


def _answer(proposal: Proposal, state: Proposal.State, officer: User | None, remarks: str = "") -> None:
    Proposal.objects.filter(pk=proposal.pk).update(
        state=state, answered_by=officer, answered_at=Now(), remarks=remarks
    )


def drop_proposal(dossier: Dossier) -> None:
    """A proposal nobody has to sign any more, since the dossier was withdrawn."""
    open_ones = dossier.proposals.filter(state=Proposal.State.OPEN)
    open_ones.update(state=Proposal.State.DROPPED, answered_at=Now())
