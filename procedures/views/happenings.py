"""The history of a dossier in the words of its filer."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.services.codes import masked
from portal.lib.vietnamese import format_date
from procedures.domain.lifecycle import ACT_NAMES, Act
from procedures.models import Decision, Dossier, DossierEvent, Notice, SupplementRequest
from procedures.selectors.decisions import decisions_of
from procedures.selectors.definitions import procedure_of
from procedures.selectors.dossiers import notices_by_event
from procedures.selectors.supplements import Asked, asked_in, reason_in_words
from procedures.services import apologies, clock, complaints, cosigning
from procedures.services.originals import MISSING, RECEIVED
from procedures.services.succession import MOVED
from procedures.views import journey

Story = list[tuple[DossierEvent, SupplementRequest | None]]
DECIDING = (Act.APPROVE, Act.REFUSE)

# What happens to a dossier without changing its status.
_TITLES = {
    apologies.APOLOGISED: gettext_lazy("Cơ quan BHXH xin lỗi và hẹn lại ngày trả"),
    clock.EXTENDED: gettext_lazy("Ngày hẹn lùi lại vì sự cố hệ thống"),
    clock.BREACHED: gettext_lazy("Đã quá ngày hẹn; lãnh đạo cơ quan BHXH được báo"),
    RECEIVED: gettext_lazy("Cơ quan BHXH đã nhận bản giấy"),
    MISSING: gettext_lazy("Cơ quan BHXH chưa nhận được bản giấy và sẽ báo ông/bà việc cần làm"),
    MOVED: gettext_lazy("Cơ quan BHXH được sáp nhập; cơ quan kế thừa giải quyết tiếp hồ sơ"),
    complaints.MADE: gettext_lazy("Ông/bà đã khiếu nại quyết định"),
    complaints.ANSWERED: gettext_lazy("Khiếu nại của ông/bà được trả lời"),
    complaints.TAKEN_BACK: gettext_lazy("Ông/bà đã rút khiếu nại"),
    cosigning.ASKED: gettext_lazy("Đã mời người cùng ký"),
    cosigning.SIGNED: gettext_lazy("Một người đã cùng ký"),
    cosigning.VOIDED: gettext_lazy("Hồ sơ được sửa nên phải cùng ký lại"),
}


def decisions_in(dossier: Dossier, story: Story) -> list[Decision]:
    """Oldest first; asks for none where the story tells of none."""
    return decisions_of(dossier) if any(event.act in DECIDING for event, _ in story) else []


def shown(dossier: Dossier, story: Story, decisions: list[Decision]) -> list[dict[str, Any]]:
    """Newest first, as components/event_list.html shows them, each with how the filer was told."""
    told, made = notices_by_event(dossier), _decisions_by_event(story, decisions)
    return [
        _with_notices(
            {"title": _title(event), "at": event.at, **_more(dossier, event, request, made.get(event.pk))},
            told.get(event.pk, []),
        )
        for event, request in reversed(story)
    ]


def _decisions_by_event(story: Story, decisions: list[Decision]) -> dict[int, tuple[int, Decision]]:
    """Each decision and its number, by the event that made it."""
    events = [event.pk for event, _ in story if event.act in DECIDING]
    return dict(zip(events, enumerate(decisions, start=1), strict=False))


def _with_notices(entry: dict[str, Any], notices: list[Notice]) -> dict[str, Any]:
    if not notices:
        return entry
    words = _("Báo cho ông/bà: %s.") % "; ".join(_told_by(notice) for notice in notices)
    return {**entry, "text": "\n".join(part for part in (entry["text"], words) if part)}


def _told_by(notice: Notice) -> str:
    """Which way, and how far it came."""
    way = _("tin nhắn %s") if notice.channel == "sms" else _("thư %s")
    if notice.delivered_at:
        state = _("đã đến lúc %s") % _moment(notice.delivered_at)
    elif notice.state == Notice.State.DONE and notice.done_at:
        state = _("đã gửi lúc %s") % _moment(notice.done_at)
    elif notice.state == Notice.State.QUARANTINED:
        state = _("chưa gửi được, cơ quan BHXH đang xem")
    else:
        state = _("đang gửi")
    return f"{way % masked(notice.channel, notice.destination)}, {state}"


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%H:%M} {format_date(local)}"


def open_request(story: Story) -> SupplementRequest | None:
    """The request the filer has to answer now."""
    return next((request for _, request in story if request and request.answered_at is None), None)


def asked_now(story: Story) -> list[Asked]:
    request = open_request(story)
    return asked_in(request) if request else []


def awaited_originals(dossier: Dossier) -> list[str]:
    """Names of the paper originals the office still waits for."""
    if not dossier.follows_on_paper:
        return []
    awaited = dossier.paper_originals.expected()
    return [_paper_name(dossier, original.document) for original in awaited]


# A paper dossier: the office typed in what lay on its table.
_ON_PAPER = {
    Act.FILE: gettext_lazy("Cơ quan BHXH đã nhận hồ sơ giấy của ông/bà"),
    Act.SUPPLEMENT: gettext_lazy("Cơ quan BHXH đã nhận giấy tờ bổ sung"),
    complaints.TAKEN_BACK: gettext_lazy("Cơ quan BHXH ghi nhận ông/bà rút khiếu nại"),
}


def _title(event: DossierEvent) -> str:
    act = event.act
    if "channel" in event.detail and act in _ON_PAPER:
        return str(_ON_PAPER[act])
    return ACT_NAMES[Act(act)] if act in list(Act) else str(_TITLES.get(act, _("Hồ sơ được cập nhật")))


def _more(
    dossier: Dossier,
    event: DossierEvent,
    request: SupplementRequest | None,
    made: tuple[int, Decision] | None,
) -> dict[str, Any]:
    office = str(dossier.office)
    if request:
        url = journey.url_of(dossier, "supplement_pdf", request_id=request.pk)
        return _told(office, reason_in_words(request), url, _("Tải phiếu yêu cầu bổ sung (PDF)"))
    if made:
        number, decision = made
        url = f"{journey.url_of(dossier, 'decision_pdf')}?lan={number}"
        return _told(office, decision.reason, url, _("Tải thông báo kết quả (PDF)"))
    if event.act == Act.FILE:
        return _told("", "", journey.url_of(dossier, "receipt"), _("Xem biên nhận"))
    if event.act in (RECEIVED, MISSING):
        return _told(office, _paper_name(dossier, event.detail.get("document", "")))
    if signed_on := event.detail.get("signed_on"):
        return _told(office, _("Theo đơn ông/bà ký ngày %s.") % format_date(date.fromisoformat(signed_on)))
    day = event.detail.get("new_due_on") or event.detail.get("due_on")
    if day and event.act in (apologies.APOLOGISED, clock.EXTENDED, Act.REOPEN):
        return _told(office, _("Ngày hẹn mới: %s.") % format_date(date.fromisoformat(day)))
    return _told(office if event.act == Act.DELIVER else "")


def _told(by: str, text: str = "", url: str = "", url_label: str = "") -> dict[str, Any]:
    return {"by": by, "text": text, "url": url, "url_label": url_label}


def _paper_name(dossier: Dossier, code: str) -> str:
    try:
        return procedure_of(dossier).document(code).name
    except KeyError:
        return code
