"""The complete time line of a dossier: what the filer did, what officers did, what the portal did by itself,
and every message with its state."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procedures.casework.desk import Desk
from procedures.casework.history import Entry, entry_of, moment_words
from procedures.models import CheckMark, ClockPause, EstimateRevision, HandOver, Notice
from procedures.selectors.colleagues import hand_overs_of
from procedures.selectors.history import Happening
from procedures.selectors.revisions import revisions_of


class Kind(StrEnum):
    CITIZEN = "citizen"
    OFFICER = "officer"
    SYSTEM = "system"
    MESSAGE = "message"


KIND_NAMES = {
    Kind.CITIZEN: gettext_lazy("Người nộp"),
    Kind.OFFICER: gettext_lazy("Cán bộ"),
    Kind.SYSTEM: gettext_lazy("Cổng"),
    Kind.MESSAGE: gettext_lazy("Tin nhắn"),
}
_STATES = {
    Notice.State.WAITING: gettext_lazy("đang gửi"),
    Notice.State.DONE: gettext_lazy("đã gửi"),
    Notice.State.QUARANTINED: gettext_lazy("chưa gửi được, cần người xem"),
}
_CHANNELS = {"sms": gettext_lazy("tin nhắn"), "email": gettext_lazy("thư điện tử")}


def time_line(desk: Desk, kind: str = "") -> list[Entry]:
    """Newest first; of one ``kind`` only when it is named. Five queries besides the history's own."""
    found = sorted(_entries(desk), key=lambda entry: entry.at)
    found.reverse()
    return [entry for entry in found if entry.kind == kind] if kind in list(Kind) else found


def _entries(desk: Desk) -> Iterator[Entry]:
    for happening in desk.happenings:
        kind = _kind_of(happening)
        yield entry_of(happening, desk.procedure, kind, KIND_NAMES[kind])
        yield from (_message(notice) for notice in happening.notices)
    yield from (_handed(one) for one in hand_overs_of(desk.dossier))
    for pause in desk.dossier.pauses.all():
        yield from _paused(pause)
    yield from _checked(desk.dossier.check_marks.select_related("by").order_by("pk"))
    yield from (_revised(one) for one in revisions_of(desk.dossier))


def _kind_of(happening: Happening) -> Kind:
    actor = happening.event.actor
    if actor is None:
        return Kind.SYSTEM
    return Kind.CITIZEN if actor.is_citizen else Kind.OFFICER


def _message(notice: Notice) -> Entry:
    words = [f"{_CHANNELS.get(notice.channel, notice.channel)}: {_STATES[Notice.State(notice.state)]}"]
    if notice.done_at:
        words.append(moment_words(notice.done_at))
    if notice.delivered_at:
        words.append(_("đã nhận %s") % moment_words(notice.delivered_at))
    title = _("Thông báo: %s") % notice.get_kind_display()
    return Entry(title, notice.created_at, "", ", ".join(words) + ".", Kind.MESSAGE, KIND_NAMES[Kind.MESSAGE])


def _handed(one: HandOver) -> Entry:
    to = one.to_officer.full_name if one.to_officer else ""
    before = one.from_officer.full_name if one.from_officer and one.from_officer != one.by else ""
    parts = [
        _("Giao cho: %s.") % to if to and one.to_officer != one.by else "",
        _("Người giữ trước: %s.") % before if before else "",
        one.reason,
    ]
    text = "\n".join(part for part in parts if part)
    return Entry(
        one.get_kind_display(), one.at, one.by.full_name, text, Kind.OFFICER, KIND_NAMES[Kind.OFFICER]
    )


def _paused(pause: ClockPause) -> Iterator[Entry]:
    why = _("%(reason)s, đến lượt %(owner)s.") % {
        "reason": pause.get_reason_display(),
        "owner": pause.get_owner_display(),
    }
    name = KIND_NAMES[Kind.SYSTEM]
    yield Entry(_("Đồng hồ giải quyết tạm dừng"), pause.began_at, "", why, Kind.SYSTEM, name)
    if pause.ended_at:
        yield Entry(
            _("Đồng hồ giải quyết chạy tiếp"),
            pause.ended_at,
            "",
            pause.get_reason_display(),
            Kind.SYSTEM,
            name,
        )


def _checked(marks: Iterable[CheckMark]) -> Iterator[Entry]:
    """One entry a saving: marks written together have one time."""
    for (at, by), together in groupby(marks, key=lambda mark: (mark.at, mark.by)):
        verdicts = [mark.verdict for mark in together]
        words = _("%(fine)d mục đạt, %(defect)d mục chưa đạt.") % {
            "fine": verdicts.count(CheckMark.Verdict.FINE),
            "defect": verdicts.count(CheckMark.Verdict.DEFECT),
        }
        yield Entry(_("Kiểm tra hồ sơ"), at, by.full_name, words, Kind.OFFICER, KIND_NAMES[Kind.OFFICER])


def _revised(revision: EstimateRevision) -> Entry:
    lines: Sequence[dict[str, str]] = revision.lines
    words = [f"{line['label']}: {line['before']} → {line['after']} ({line['reason']})" for line in lines]
    text = "\n".join(words) or _("Trở lại ước tính khi nộp.")
    return Entry(
        _("Tính lại"), revision.at, revision.by.full_name, text, Kind.OFFICER, KIND_NAMES[Kind.OFFICER]
    )
