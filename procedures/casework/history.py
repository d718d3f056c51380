"""The history of a dossier in the words of the office."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from portal.lib.digests import short_digest
from portal.lib.money import format_vnd
from portal.lib.vietnamese import format_date, format_month
from procedures.casework.papers import names_of_papers, names_of_questions
from procedures.domain.definition import Procedure
from procedures.domain.lifecycle import Act
from procedures.models import Decision, DossierEvent, Proposal, SupplementRequest, Transfer
from procedures.selectors.history import Happening
from procedures.selectors.supplements import reason_in_words
from procedures.services import apologies, clock, complaints, cosigning
from procedures.services.originals import MISSING, RECEIVED
from procedures.services.succession import MOVED

_TITLES = {
    Act.FILE: gettext_lazy("Người nộp ký và nộp hồ sơ"),
    Act.DELIVER: gettext_lazy("Hồ sơ vào hàng chờ của cơ quan"),
    Act.REQUEST_SUPPLEMENT: gettext_lazy("Yêu cầu bổ sung"),
    Act.SUPPLEMENT: gettext_lazy("Người nộp ký và nộp bổ sung"),
    Act.PROPOSE: gettext_lazy("Đề nghị duyệt"),
    Act.PROPOSE_REFUSAL: gettext_lazy("Đề nghị từ chối"),
    Act.RETURN_PROPOSAL: gettext_lazy("Trả lại người đề nghị"),
    Act.SEND_TRANSFER: gettext_lazy("Ký và gửi nơi đến"),
    Act.REFER: gettext_lazy("Chuyển đến cơ quan có thẩm quyền"),
    Act.ACCEPT_REFERRAL: gettext_lazy("Cơ quan có thẩm quyền nhận hồ sơ"),
    Act.RETURN_TRANSFER: gettext_lazy("Nơi đến trả lại"),
    Act.APPROVE: gettext_lazy("Ký duyệt hồ sơ"),
    Act.REFUSE: gettext_lazy("Ký từ chối giải quyết"),
    Act.WITHDRAW: gettext_lazy("Người nộp rút hồ sơ"),
    Act.REOPEN: gettext_lazy("Mở lại để giải quyết lại theo khiếu nại"),
    apologies.APOLOGISED: gettext_lazy("Xin lỗi và hẹn lại ngày trả"),
    clock.EXTENDED: gettext_lazy("Ngày hẹn lùi lại vì sự cố hệ thống"),
    clock.BREACHED: gettext_lazy("Quá ngày hẹn, đã báo lãnh đạo"),
    RECEIVED: gettext_lazy("Nhận bản giấy"),
    MISSING: gettext_lazy("Ghi chưa nhận được bản giấy"),
    MOVED: gettext_lazy("Hồ sơ chuyển sang cơ quan kế thừa"),
    complaints.MADE: gettext_lazy("Người nộp khiếu nại quyết định"),
    complaints.ANSWERED: gettext_lazy("Trả lời khiếu nại"),
    complaints.TAKEN_BACK: gettext_lazy("Người nộp rút khiếu nại"),
    cosigning.ASKED: gettext_lazy("Mời người cùng ký"),
    cosigning.SIGNED: gettext_lazy("Người cùng ký đã ký"),
    cosigning.VOIDED: gettext_lazy("Chữ ký chung không còn hiệu lực vì hồ sơ được sửa"),
}
_ON_PAPER = {
    Act.FILE: gettext_lazy("Tiếp nhận hồ sơ giấy"),
    Act.SUPPLEMENT: gettext_lazy("Nhận giấy tờ bổ sung"),
    complaints.TAKEN_BACK: gettext_lazy("Ghi nhận người nộp rút khiếu nại bằng đơn giấy"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the time line, as components/event_list.html takes it."""

    title: str
    at: datetime
    by: str
    text: str
    kind: str = ""  # a timeline.Kind
    kind_name: str | Promise = ""


def entry_of(happening: Happening, procedure: Procedure, kind: str, kind_name: str | Promise) -> Entry:
    """One act with the words that belong to it."""
    event = happening.event
    text = "\n".join(_what(happening, procedure))
    return Entry(title_of(event), event.at, _by(event), text, kind, kind_name)


def last_change(happenings: Sequence[Happening], officer: User) -> str:
    """Who did what and when, for somebody whose page is out of date."""
    event = happenings[-1].event
    who = _("ông/bà") if event.actor_id == officer.pk else _by(event)
    title = title_of(event)
    at = moment_words(event.at)
    return _("%(title)s – %(who)s, lúc %(at)s.") % {"title": title, "who": who, "at": at}


def title_of(event: DossierEvent) -> str:
    """What happened; a paper dossier was typed in, not signed on the portal."""
    if "channel" in event.detail and event.act in _ON_PAPER:
        return str(_ON_PAPER[event.act])
    return str(_TITLES.get(event.act, event.act))


def _by(event: DossierEvent) -> str:
    return event.actor.full_name if event.actor else _("tự động")


def moment_words(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%H:%M} {format_date(local)}"


def _what(happening: Happening, procedure: Procedure) -> Iterator[str]:
    if happening.filing:
        yield _("Mã nội dung đã ký: %s") % short_digest(happening.filing.digest)
    if happening.event.act in (RECEIVED, MISSING):
        yield names_of_papers(procedure, [happening.event.detail.get("document", "")])[0]
    if signed_on := happening.event.detail.get("signed_on"):
        yield _("Đơn ký ngày %s.") % format_date(date.fromisoformat(signed_on))
    yield from _new_day(happening.event)
    if happening.request:
        yield from _asked(happening.request, procedure)
    if happening.transfer:
        yield from _transferred(happening.transfer, happening.event)
    if happening.proposal:
        yield from _proposed(happening.proposal, is_return=happening.event.act == Act.RETURN_PROPOSAL)
    if happening.decision:
        yield from _decided(happening.decision)


def _new_day(event: DossierEvent) -> Iterator[str]:
    day = event.detail.get("new_due_on") or event.detail.get("due_on")
    if day and event.act != clock.BREACHED:
        yield _("Ngày hẹn mới: %s.") % format_date(date.fromisoformat(day))


def _asked(request: SupplementRequest, procedure: Procedure) -> Iterator[str]:
    wanted = names_of_papers(procedure, request.documents) + names_of_questions(procedure, request.questions)
    if request.reason:
        yield _("Cần bổ sung: %s.") % "; ".join(wanted)
        yield _("Lý do: %s") % request.reason
    else:
        yield _("Cần bổ sung:")
        yield reason_in_words(request)
    yield _("Hạn bổ sung: %s.") % format_date(request.answer_by)


def _transferred(transfer: Transfer, event: DossierEvent) -> Iterator[str]:
    if event.act in (Act.SEND_TRANSFER, Act.REFER):
        yield _("Gửi: %s.") % transfer.to_office
        if transfer.reason:
            yield transfer.reason
        if transfer.last_month:
            yield _("Nơi đi trả đến hết tháng %s.") % format_month(transfer.last_month)
    elif event.act == Act.RETURN_TRANSFER:
        yield transfer.answer
    elif transfer.first_month:
        yield _("Nơi đến trả từ tháng %s.") % format_month(transfer.first_month)
        if transfer.exception:
            yield transfer.exception


def _proposed(proposal: Proposal, *, is_return: bool) -> Iterator[str]:
    if is_return:
        yield proposal.remarks
        return
    if proposal.amount_vnd is not None:
        yield _("Số tiền đề nghị: %s.") % format_vnd(proposal.amount_vnd)
    if proposal.reason:
        yield proposal.reason


def _decided(decision: Decision) -> Iterator[str]:
    if decision.amount_vnd is not None:
        yield _("Số tiền: %s.") % format_vnd(decision.amount_vnd)
    if decision.reason:
        yield decision.reason
    if decision.legal_basis:
        yield _("Căn cứ: %s.") % decision.legal_basis
