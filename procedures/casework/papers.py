"""The check-list of a dossier: the papers its answers ask for, and what came of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy

from procedures.casework.viewed import Viewed
from procedures.domain.completeness import DocumentNeed
from procedures.domain.definition import Document, Procedure
from procedures.models import Attachment, Dossier, PaperOriginal
from procedures.selectors.definitions import needs_of
from procedures.selectors.queue import signed_attachments


class State(StrEnum):
    GIVEN = "given"
    FILLED_HERE = "filled_here"
    RECEIVED = "received"
    AWAITED = "awaited"
    NOT_NEEDED = "not_needed"  # another paper of the group is there
    OPTIONAL = "optional"
    NOT_COME = "not_come"  # promised on paper, and recorded as missing
    MISSING = "missing"


STATE_NAMES = {
    State.GIVEN: gettext_lazy("Đã nộp"),
    State.FILLED_HERE: gettext_lazy("Khai trên cổng"),
    State.RECEIVED: gettext_lazy("Đã nhận bản giấy"),
    State.AWAITED: gettext_lazy("Chờ bản giấy"),
    State.NOT_NEEDED: gettext_lazy("Không cần thêm"),
    State.OPTIONAL: gettext_lazy("Nếu có"),
    State.NOT_COME: gettext_lazy("Chưa nhận được bản giấy"),
    State.MISSING: gettext_lazy("Thiếu"),
}
_COLOURS = {
    State.GIVEN: "success",
    State.FILLED_HERE: "success",
    State.RECEIVED: "success",
    State.AWAITED: "warning",
    State.NOT_COME: "danger",
    State.MISSING: "danger",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One paper of the check-list."""

    document: Document
    state: State
    attachments: tuple[Attachment, ...]
    original: PaperOriginal | None
    group_name: str  # "" when the paper stands for itself

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[self.state])

    @property
    def colour(self) -> str:
        return _COLOURS.get(self.state, "plain")

    @property
    def is_awaited(self) -> bool:
        return self.state is State.AWAITED

    @property
    def may_still_come(self) -> bool:
        return self.original is not None and self.original.received_at is None

    @property
    def views(self) -> list[Viewed]:
        return [Viewed(file) for file in self.attachments]


def check_list(
    procedure: Procedure,
    needs: Sequence[DocumentNeed],
    attachments: Sequence[Attachment],
    originals: Sequence[PaperOriginal],
) -> list[Line]:
    """In the order of the sheet."""
    files = {need.document.code: _files(attachments, need.document.code) for need in needs}
    promised = {original.document: original for original in originals}
    groups_with_one = {
        need.group
        for need in needs
        if need.group and (files[need.document.code] or need.document.code in promised)
    }
    return [
        Line(
            need.document,
            _state(need, files[need.document.code], promised.get(need.document.code), groups_with_one),
            files[need.document.code],
            promised.get(need.document.code),
            procedure.group_name(need.group) if need.group else "",
        )
        for need in needs
    ]


def lines_of(dossier: Dossier, procedure: Procedure) -> list[Line]:
    """The check-list of a dossier."""
    originals = list(dossier.paper_originals.all())
    return check_list(procedure, needs_of(dossier), signed_attachments(dossier), originals)


def other_files(dossier: Dossier, needs: Sequence[DocumentNeed]) -> list[Viewed]:
    """Signed files of papers the answers no longer ask for (the answers changed with a supplement)."""
    wanted = {need.document.code for need in needs}
    return [Viewed(file) for file in signed_attachments(dossier) if file.document not in wanted]


def names_of_papers(procedure: Procedure, codes: Iterable[str]) -> list[str]:
    """Their names; a code the edition doesn't know is shown as it is."""
    names = {document.code: document.name for document in procedure.documents}
    return [names.get(code, code) for code in codes]


def names_of_questions(procedure: Procedure, names: Iterable[str]) -> list[str]:
    labels = {question.name: question.label for question in procedure.questions}
    return [labels.get(name, name) for name in names]


def _files(attachments: Sequence[Attachment], code: str) -> tuple[Attachment, ...]:
    return tuple(attachment for attachment in attachments if attachment.document == code)


def _state(
    need: DocumentNeed,
    files: Sequence[Attachment],
    original: PaperOriginal | None,
    groups_with_one: set[str],
) -> State:
    if original is not None and original.received_at is None and original.missing_at is None:
        return State.AWAITED  # also when a scan came since: the clock waits for the paper
    if files:
        return State.GIVEN
    if need.document.filled_here:
        return State.FILLED_HERE
    if original is not None:
        return State.RECEIVED if original.received_at else State.NOT_COME
    if need.group in groups_with_one:
        return State.NOT_NEEDED
    return State.MISSING if need.required else State.OPTIONAL
