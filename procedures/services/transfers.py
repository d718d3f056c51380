"""Chuyển nơi hưởng và chuyển đến đúng cơ quan: a handshake between two offices.

The origin keeps the dossier until the destination accepts; a return or a time-out brings it back with
a reason. Who pays in between: domain.transfers.
"""

from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Office, User
from accounts.services import outbox
from portal.lib.working_days import add_working_days
from procedures.domain import transfers as rules
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import Act
from procedures.domain.transfers import Move, State, first_day, month_number
from procedures.models import Decision, Dossier, Notice, Proposal, Transfer
from procedures.selectors.decisions import was_decided
from procedures.selectors.definitions import procedure_of
from procedures.services import assignment, calendar, clock, notices
from procedures.services.lifecycle import advance, locked, require_unchanged

ANSWER_DAYS = 5  # working days; no limit was found in the law


def is_move(dossier: Dossier) -> bool:
    """Whether an approval hands the dossier to another office instead of ending it here."""
    onward = (dossier.routing or {}).get("onward_office")
    return bool(procedure_of(dossier).onward and onward and onward != dossier.office_id)


def pays_monthly(dossier: Dossier) -> bool:
    return bool(dossier.answers.get("holder_status") == "dang_huong")


def send(dossier: Dossier, proposal: Proposal, signer: User) -> Transfer:
    """Send a signed move to its destination, in the transaction of the signature."""
    to_office = Office.objects.get(key=(dossier.routing or {})["onward_office"])
    transfer = _open(dossier, Transfer.Kind.MOVE, to_office, signer)
    transfer.last_month = proposal.last_month
    transfer.save()
    event = advance(dossier, Act.SEND_TRANSFER, actor=signer, detail=_detail(transfer))
    _after(dossier)
    notices.notify(dossier, event, Notice.Kind.TRANSFER_SENT)
    return transfer


def refer(
    dossier: Dossier, officer: User, *, to_office: Office, reason: str, seen: int | None = None
) -> Transfer:
    """Hand a dossier filed in the wrong province to the right office, which may return it.

    Raises DomainError without a reason or for the own office, NotHeld, NotAllowed.
    """
    if not reason.strip():
        raise DomainError("Xin ghi vì sao hồ sơ thuộc cơ quan kia để người nộp hiểu.", question="reason")
    if to_office.pk == dossier.office_id:
        raise DomainError("Xin chọn một cơ quan khác.", question="to_office")
    with transaction.atomic():
        fresh = locked(dossier)
        require_unchanged(fresh, seen)
        assignment.require_lease(fresh, officer)
        if was_decided(fresh):
            raise DomainError("Hồ sơ được giải quyết lại tại cơ quan đã ra quyết định, không chuyển đi.")
        transfer = _open(fresh, Transfer.Kind.REFERRAL, to_office, officer)
        transfer.reason = reason.strip()
        transfer.save()
        event = advance(fresh, Act.REFER, actor=officer, detail=_detail(transfer))
        _after(fresh)
        notices.notify(fresh, event, Notice.Kind.REFERRED)
        outbox.wake_sweeper()
    return transfer


def accept(
    transfer: Transfer, officer: User, *, first_month: date | None = None, exception: str = ""
) -> None:
    """The destination takes over: from now on, and only now, the origin is done with it.

    Raises DomainError for months that don't fit, NotAllowed once it is answered.
    """
    with transaction.atomic():
        fresh, dossier = _to_answer(transfer, officer)
        if fresh.kind == Transfer.Kind.REFERRAL:
            _accept_referral(fresh, dossier, officer)
        else:
            _accept_move(fresh, dossier, officer, first_month, exception)
        outbox.wake_sweeper()


def give_back(transfer: Transfer, officer: User, *, reason: str) -> None:
    """The destination returns it with a reason. Raises DomainError without one, NotAllowed."""
    if not reason.strip():
        raise DomainError("Xin ghi vì sao trả lại để nơi đi biết.", question="reason")
    with transaction.atomic():
        fresh, dossier = _to_answer(transfer, officer)
        _bring_back(fresh, dossier, State.RETURNED, officer, reason.strip())


def time_out() -> int:
    """Bring back what the destination left unanswered. Returns how many."""
    late = Transfer.objects.filter(state=State.SENT, answer_by__lt=timezone.localdate())
    returned = 0
    for pk in list(late.order_by("pk").values_list("pk", flat=True)[: clock.BATCH]):
        with transaction.atomic():
            dossier = locked(Transfer.objects.select_related("dossier").get(pk=pk).dossier)
            transfer = Transfer.objects.get(pk=pk)
            if transfer.state != State.SENT:
                continue
            words = f"{transfer.to_office} không trả lời trong {ANSWER_DAYS} ngày làm việc."
            _bring_back(transfer, dossier, State.TIMED_OUT, None, words)
            returned += 1
    return returned


def drop(dossier: Dossier) -> None:
    """The filer withdrew."""
    open_ones = dossier.transfers.filter(state=State.SENT)
    open_ones.update(state=State.DROPPED, answered_at=Now())


def move_of(transfer: Transfer) -> Move:
    """The months of a transfer as the rules reckon them. Raises ValueError where nothing is paid."""
    if transfer.last_month is None:
        raise ValueError("nothing is paid yet")
    first = month_number(transfer.first_month) if transfer.first_month else None
    return Move(month_number(transfer.last_month), State(transfer.state), first, transfer.exception)


def _open(dossier: Dossier, kind: Transfer.Kind, to_office: Office, officer: User) -> Transfer:
    today = timezone.localdate()
    if dossier.office is None:
        raise NotAllowed("Hồ sơ chưa có cơ quan giải quyết.")
    return Transfer(
        dossier=dossier,
        kind=kind,
        from_office=dossier.office,
        to_office=to_office,
        sent_by=officer,
        answer_by=add_working_days(today, ANSWER_DAYS, calendar.overrides()),
    )


def _after(dossier: Dossier) -> None:
    clock.keep(dossier)
    assignment.let_go(dossier)


def _to_answer(transfer: Transfer, officer: User) -> tuple[Transfer, Dossier]:
    """The transfer and its dossier, locked, if this officer's office has to answer."""
    dossier = locked(transfer.dossier)
    fresh = Transfer.objects.select_related("to_office", "from_office").get(pk=transfer.pk)
    if not officer.is_officer or officer.office_id != fresh.to_office_id or fresh.state != State.SENT:
        raise NotAllowed("Lần chuyển này không còn chờ cơ quan ông/bà trả lời.")
    return fresh, dossier


def _accept_move(
    transfer: Transfer, dossier: Dossier, officer: User, first_month: date | None, exception: str
) -> None:
    if transfer.last_month is not None:
        if first_month is None:
            raise DomainError("Xin ghi tháng bắt đầu trả.", question="first_month")
        agreed = rules.accept(move_of(transfer), month_number(first_month), exception)
        transfer.first_month = first_day(month_number(first_month))
        transfer.exception = agreed.exception
    proposal = dossier.proposals.filter(state=Proposal.State.SIGNED).latest("pk")
    decision = Decision(
        dossier=dossier,
        outcome=Decision.Outcome.APPROVE,
        reason=proposal.reason,
        decided_by=transfer.sent_by,
    )
    event = advance(dossier, Act.APPROVE, actor=officer, detail=_detail(transfer), subject=decision)
    decision.save()
    _answer(transfer, State.ACCEPTED, officer)
    Dossier.objects.filter(pk=dossier.pk).update(decided_at=Now())
    clock.stop(dossier)
    notices.notify(dossier, event, Notice.Kind.TRANSFER_ACCEPTED)


def _accept_referral(transfer: Transfer, dossier: Dossier, officer: User) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(
        office=transfer.to_office, assignee=None, held_until=None, queued_at=Now()
    )
    dossier.office = transfer.to_office
    event = advance(dossier, Act.ACCEPT_REFERRAL, actor=officer, detail=_detail(transfer))
    _answer(transfer, State.ACCEPTED, officer)
    clock.keep(dossier)
    notices.notify(dossier, event, Notice.Kind.REFERRAL_ACCEPTED)


def _bring_back(
    transfer: Transfer, dossier: Dossier, state: State, officer: User | None, reason: str
) -> None:
    detail = {**_detail(transfer), "is_timed_out": state is State.TIMED_OUT}
    advance(dossier, Act.RETURN_TRANSFER, actor=officer, detail=detail)
    _answer(transfer, state, officer, reason)
    clock.keep(dossier)


def _answer(transfer: Transfer, state: State, officer: User | None, answer: str = "") -> None:
    Transfer.objects.filter(pk=transfer.pk).update(
        state=state,
        answered_by=officer,
        answered_at=Now(),
        answer=answer,
        first_month=transfer.first_month,
        exception=transfer.exception,
    )


def _detail(transfer: Transfer) -> dict[str, object]:
    return {"transfer": transfer.pk, "from": transfer.from_office_id, "to": transfer.to_office_id}
