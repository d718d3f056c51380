"""What an officer must know of a dossier before the first line, as components/notice.html takes it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from portal.lib.money import format_vnd
from portal.lib.vietnamese import format_date
from procedures.casework.choices import waiting_proposal
from procedures.casework.desk import Desk
from procedures.casework.history import moment_words
from procedures.casework.papers import State, lines_of
from procedures.domain.definition import Rule
from procedures.domain.lifecycle import DECIDED, NAMES, OPEN, Status
from procedures.domain.transfers import State as TransferState
from procedures.domain.transfers import month_number
from procedures.models import Decision, Dossier, Proposal, SupplementRequest
from procedures.selectors.complaints import complaint_of
from procedures.selectors.decisions import earlier_deciders
from procedures.selectors.supplements import asked_in, reason_in_words
from procedures.services import transfers


@dataclass(frozen=True, slots=True)
class Note:
    kind: str  # info, success, warning, danger
    title: str
    text: str = ""
    items: tuple[str, ...] = ()


def notes_of(desk: Desk, asked: SupplementRequest | None, earlier: Iterable[Dossier] = ()) -> list[Note]:
    return [
        *_standing(desk, asked),
        *_anew(desk),
        *_returned(desk),
        *_brought_back(desk),
        *_breached(desk),
        *_duplicates(desk, earlier),
        *_overdue_papers(desk),
        *_warnings(desk),
    ]


def earlier_requests(desk: Desk) -> Note | None:
    """That the filer was asked before: the rules allow it once."""
    requests = [happening.request for happening in desk.happenings if happening.request]
    if not requests:
        return None
    return Note(
        "warning",
        _("Hồ sơ này đã được yêu cầu bổ sung"),
        _("Quy định chỉ cho yêu cầu bổ sung một lần; lần này chỉ nên hỏi điều lần trước chưa thể thấy."),
        tuple(f"{moment_words(one.requested_at)}, {one.requested_by}: {_in_a_line(one)}" for one in requests),
    )


def _in_a_line(request: SupplementRequest) -> str:
    return reason_in_words(request).replace("\n", "; ")


def unfinished_papers(desk: Desk) -> Note | None:
    """That a paper the law asks for isn't there yet: the officer may go on, knowing it."""
    lines = lines_of(desk.dossier, desk.procedure)
    open_lines = [line for line in lines if line.state in (State.AWAITED, State.NOT_COME, State.MISSING)]
    if not open_lines:
        return None
    items = tuple(f"{line.document.name}: {line.state_name}" for line in open_lines)
    return Note("warning", _("Hồ sơ chưa đủ giấy tờ"), items=items)


def confirmed_warnings(desk: Desk) -> list[Rule]:
    """What the portal warned of and the filer stayed with."""
    return [rule for rule in desk.procedure.rules if rule.name in desk.dossier.confirmed_warnings]


def _standing(desk: Desk, asked: SupplementRequest | None) -> Iterator[Note]:
    decided = [one.decision for one in desk.happenings if one.decision]
    if decided and desk.dossier.status in DECIDED:
        yield _decided(decided[-1])
    elif desk.dossier.status == Status.WITHDRAWN:
        yield Note("info", _("Người nộp đã rút hồ sơ này"))
    elif desk.dossier.status == Status.FILED:
        text = _("Hồ sơ đang trở lại hàng chờ, thường mất vài giây.")
        yield Note("info", _("Người nộp đã nộp bổ sung"), text)
    elif desk.dossier.status == Status.TRANSFERRING:
        yield from _in_flight(desk)
    elif proposal := waiting_proposal(desk):
        yield _waiting(proposal)
    elif asked:
        by = _by(asked.requested_by, moment_words(asked.requested_at))
        items = () if asked.reason else tuple(str(one) for one in asked_in(asked))
        yield Note("info", _("Đang chờ người nộp bổ sung – %s") % by, asked.reason, items)


def _anew(desk: Desk) -> Iterator[Note]:
    """That a complaint was upheld: what was decided before, and who may decide now."""
    decided = [one.decision for one in desk.happenings if one.decision]
    if not decided or desk.dossier.status not in OPEN:
        return
    before, complaint = decided[-1], complaint_of(desk.dossier)
    by = _by(before.decided_by, moment_words(before.decided_at))
    items = [
        _("Quyết định trước: %(outcome)s – %(by)s") % {"outcome": before.get_outcome_display(), "by": by}
    ]
    if desk.officer.pk in earlier_deciders(desk.dossier):
        items.append(_("Ông/bà đã tham gia quyết định trước: xin để người khác đề nghị và ký."))
    text = _("Trả lời khiếu nại: %s") % complaint.answer if complaint else ""
    yield Note("warning", _("Giải quyết lại, vì khiếu nại đúng"), text, tuple(items))


def _in_flight(desk: Desk) -> Iterator[Note]:
    last = next((one.transfer for one in reversed(desk.happenings) if one.transfer), None)
    if last is None:
        return
    words = {"office": last.to_office, "day": format_date(last.answer_by)}
    title = _("Đang chờ %(office)s nhận, đến hết ngày %(day)s") % words
    yield Note("info", title, last.reason)
    if last.last_month and transfers.move_of(last).has_open_exception(month_number(timezone.localdate())):
        text = _("Nơi đi đã trả hết tháng đã ghi mà nơi đến chưa nhận. Liên hệ nơi đến ngay.")
        yield Note("danger", _("Có tháng chưa nơi nào trả"), text)


def _brought_back(desk: Desk) -> Iterator[Note]:
    last = next((one.transfer for one in reversed(desk.happenings) if one.transfer), None)
    if (
        last
        and desk.dossier.status == Status.QUEUED
        and last.state in (TransferState.RETURNED, TransferState.TIMED_OUT)
    ):
        kind = "danger" if last.state == TransferState.TIMED_OUT else "warning"
        yield Note(kind, _("%s trả lại hồ sơ") % last.to_office, last.answer)


def _breached(desk: Desk) -> Iterator[Note]:
    breach = desk.dossier.breaches.order_by("-pk").first() if desk.dossier.status in OPEN else None
    if breach is None or breach.due_on != desk.dossier.due_on:
        return
    words = {"day": format_date(breach.due_on), "role": breach.get_escalated_to_display()}
    title = _("Quá hạn từ ngày %(day)s, đã báo: %(role)s") % words
    yield Note("danger", title, _("Lời xin lỗi đã soạn sẵn ở “Hẹn lại ngày trả”."))


def _duplicates(desk: Desk, earlier: Iterable[Dossier]) -> Iterator[Note]:
    """That the same person has the same procedure open twice: one of them is probably a mistake."""
    doubled = [one for one in earlier if one.status in OPEN]
    if desk.dossier.status in OPEN and doubled:
        items = tuple(f"{one.reference}, {NAMES[Status(one.status)]}" for one in doubled)
        title = _("Có thể trùng: người này còn hồ sơ khác cùng thủ tục đang mở")
        yield Note("warning", title, items=items)


def _overdue_papers(desk: Desk) -> Iterator[Note]:
    """Expected papers whose day has passed: to be received, or recorded as missing."""
    today = timezone.localdate()
    late = [
        line
        for line in lines_of(desk.dossier, desk.procedure)
        if line.is_awaited
        and line.original
        and line.original.expected_on
        and line.original.expected_on < today
    ]
    if late and desk.dossier.status in OPEN:
        title = _("Bản giấy chưa đến đúng ngày dự kiến")
        text = _("Nếu không nhận được, ghi “Chưa nhận được”: đồng hồ chạy tiếp, rồi yêu cầu bổ sung.")
        yield Note("warning", title, text, tuple(line.document.name for line in late))


def _waiting(proposal: Proposal) -> Note:
    by = _by(proposal.proposed_by, moment_words(proposal.proposed_at))
    if proposal.outcome == Decision.Outcome.REFUSE:
        return Note("info", _("Đề nghị từ chối, chờ ký – %s") % by, proposal.reason)
    if proposal.amount_vnd is None:
        return Note("info", _("Đề nghị duyệt, chờ ký – %s") % by, proposal.reason)
    words = {"amount": format_vnd(proposal.amount_vnd), "by": by}
    return Note("info", _("Đề nghị duyệt %(amount)s, chờ ký – %(by)s") % words, proposal.reason)


def _returned(desk: Desk) -> Iterator[Note]:
    last = next((one.proposal for one in reversed(desk.happenings) if one.proposal), None)
    is_open = desk.dossier.status in (Status.QUEUED, Status.SUPPLEMENT_REQUESTED)
    if is_open and last and last.state == Proposal.State.RETURNED and last.answered_by and last.answered_at:
        by = _by(last.answered_by, moment_words(last.answered_at))
        yield Note("warning", _("Đề nghị bị trả lại – %s") % by, last.remarks)


def _decided(decision: Decision) -> Note:
    by = _by(decision.decided_by, moment_words(decision.decided_at))
    if decision.outcome == Decision.Outcome.REFUSE:
        basis = _("Căn cứ: %s.") % decision.legal_basis
        return Note("danger", _("Đã từ chối – %s") % by, f"{decision.reason} {basis}")
    if decision.amount_vnd is None:
        return Note("success", _("Đã duyệt – %s") % by, decision.reason)
    amount = format_vnd(decision.amount_vnd)
    title = _("Đã duyệt %(amount)s – %(by)s") % {"amount": amount, "by": by}
    return Note("success", title, decision.reason)


def _warnings(desk: Desk) -> Iterator[Note]:
    rules = confirmed_warnings(desk)
    if rules:
        title = _("Cổng đã nhắc, người nộp đọc và giữ nguyên")
        yield Note("warning", title, items=tuple(_warning_words(rules)))


def _warning_words(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        yield f"{rule.message} ({rule.basis})" if rule.basis else rule.message


def _by(officer: User, moment: str) -> str:
    return _("%(officer)s, lúc %(moment)s") % {"officer": officer.full_name, "moment": moment}
