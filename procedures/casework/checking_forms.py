"""What an officer types while looking a dossier over: marks, notes, other values of the estimate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lib.money import format_vnd
from procedures.casework.forms import REQUIRED, TOO_LONG, ActForm, lines_field
from procedures.domain.checklist import STEP
from procedures.models import CheckMark, Dossier, EstimateRevision, InternalNote
from procedures.selectors.checklist import Check, CheckList
from procedures.selectors.revisions import RevisedLine
from procedures.services.checklist import LONGEST_REMARK, Marked
from procedures.services.internal_notes import LONGEST
from procedures.services.revisions import LONGEST_REASON, LONGEST_VALUE, LineChange

Verdict = CheckMark.Verdict
UNREAD = {"invalid_choice": gettext_lazy("Xin chọn một giá trị trong danh sách.")}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One item with its fields."""

    check: Check
    verdict: BoundField
    remark: BoundField
    questions: BoundField | None


class CheckForm(ActForm):
    """A verdict and a remark an item; of a step also which answers are wrong."""

    def __init__(self, data: Any, found: CheckList, *, seen: int) -> None:
        super().__init__(data, initial={"seen": seen})
        self.asked = found.asked
        asked = {check.item.code for check in found.asked}
        self.others = [check for check in found.checks if check.item.code not in asked]
        for check in (*self.asked, *self.others):
            self._add(check)

    def _add(self, check: Check) -> None:
        name, mark = _name(check), check.counts
        self.fields[f"{name}_verdict"] = forms.ChoiceField(
            label=check.item.title,
            choices=[
                (Verdict.FINE, _("Đạt")),
                (Verdict.DEFECT, _("Chưa đạt")),
                (Verdict.OPEN, _("Chưa xem")),
            ],
            initial=mark.verdict if mark else Verdict.OPEN,
            widget=forms.RadioSelect,
            required=False,
            error_messages=UNREAD,
        )
        self.fields[f"{name}_remark"] = forms.CharField(
            label=_("Nhận xét"),
            initial=mark.remark if mark else "",
            required=False,
            max_length=LONGEST_REMARK,
            error_messages=TOO_LONG,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        if check.item.kind == STEP:
            self.fields[f"{name}_questions"] = forms.MultipleChoiceField(
                label=_("Mục khai chưa đạt"),
                choices=[(question.name, question.label) for question in check.item.questions],
                initial=mark.questions if mark else [],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages=UNREAD,
            )
        for field in self.fields.values():
            field.hide_optional = True  # type: ignore[attr-defined]

    @property
    def asked_rows(self) -> list[CheckRow]:
        return [self._row(check) for check in self.asked]

    @property
    def other_rows(self) -> list[CheckRow]:
        return [self._row(check) for check in self.others]

    def _row(self, check: Check) -> CheckRow:
        name = _name(check)
        questions = self[f"{name}_questions"] if f"{name}_questions" in self.fields else None
        return CheckRow(check, self[f"{name}_verdict"], self[f"{name}_remark"], questions)

    def clean(self) -> dict[str, Any]:
        # The service says so, too; here it is said at the field, together with everything else.
        for check in (*self.asked, *self.others):
            name = _name(check)
            if self.cleaned_data.get(f"{name}_verdict") != Verdict.DEFECT:
                continue
            if not self.cleaned_data.get(f"{name}_remark", "x").strip():
                self.add_error(
                    f"{name}_remark", _("Xin ghi thiếu hoặc sai ở đâu; lời này đưa vào yêu cầu bổ sung.")
                )
            if check.item.kind == STEP and not self.cleaned_data.get(f"{name}_questions", ["x"]):
                self.add_error(f"{name}_questions", _("Xin chọn ít nhất một mục chưa đạt."))
        return self.cleaned_data

    def marks(self) -> list[Marked]:
        return list(self._marks())

    def _marks(self) -> Iterator[Marked]:
        for check in (*self.asked, *self.others):
            name = _name(check)
            verdict = self.cleaned_data[f"{name}_verdict"] or Verdict.OPEN
            questions = self.cleaned_data.get(f"{name}_questions", []) if verdict == Verdict.DEFECT else []
            yield Marked(check.item.code, verdict, self.cleaned_data[f"{name}_remark"], questions)


class NoteForm(forms.Form):
    """A note to colleagues: what kind, and the words."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Loại ghi chú"),
        choices=InternalNote.Kind.choices,
        initial=InternalNote.Kind.FACT,
        widget=forms.RadioSelect,
        error_messages={**REQUIRED, **UNREAD},
    )
    text = lines_field(
        label=gettext_lazy("Nội dung"),
        help_text=gettext_lazy("Chỉ cán bộ của cơ quan đọc được; người nộp không bao giờ thấy."),
        max_length=LONGEST,
    )


class ReviseForm(ActForm):
    """A field and a reason for each line of the estimate. Empty ones stay as they were."""

    def __init__(
        self,
        data: Any,
        lines: Sequence[RevisedLine],
        dossier: Dossier,
        revision: EstimateRevision | None,
        *,
        is_reckoned: bool,
        seen: int,
    ) -> None:
        """``is_reckoned``: the amount follows from the lines, so there is no field for it."""
        super().__init__(data, initial={"seen": seen})
        self.lines = [*lines] if is_reckoned else [*lines, _total_line(dossier, revision)]
        for line in self.lines:
            self.fields[f"value_{_key(line)}"] = forms.CharField(
                label=_("Giá trị mới"),
                initial=line.after,
                required=False,
                max_length=LONGEST_VALUE,
                error_messages=TOO_LONG,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
            self.fields[f"reason_{_key(line)}"] = forms.CharField(
                label=_("Lý do"),
                initial=line.reason,
                required=False,
                max_length=LONGEST_REASON,
                error_messages=TOO_LONG,
            )
        for field in self.fields.values():
            field.hide_optional = True  # type: ignore[attr-defined]

    @property
    def rows(self) -> list[tuple[RevisedLine, BoundField, BoundField]]:
        return [(line, self[f"value_{_key(line)}"], self[f"reason_{_key(line)}"]) for line in self.lines]

    def clean(self) -> dict[str, Any]:
        for line in self.lines:
            value, reason = self._typed(line)
            if value and value != line.before and not reason:
                self.add_error(f"reason_{_key(line)}", _("Xin ghi lý do thay đổi dòng này."))
            if reason and not value:
                self.add_error(f"value_{_key(line)}", _("Xin ghi giá trị mới, hoặc bỏ lý do."))
        return self.cleaned_data

    def changes(self) -> list[LineChange]:
        typed = [(line, *self._typed(line)) for line in self.lines]
        return [
            LineChange(line.number, value, reason)
            for line, value, reason in typed
            if value and value != line.before
        ]

    def _typed(self, line: RevisedLine) -> tuple[str, str]:
        key = _key(line)
        value, reason = self.cleaned_data.get(f"value_{key}", ""), self.cleaned_data.get(f"reason_{key}", "")
        return value.strip(), reason.strip()


def _total_line(dossier: Dossier, revision: EstimateRevision | None) -> RevisedLine:
    total = (dossier.estimate or {}).get("total_vnd")
    change: dict[str, Any] = next(
        (one for one in (revision.lines if revision else []) if one["line"] is None), {}
    )
    before = format_vnd(total) if total is not None else ""
    return RevisedLine(None, _("Số tiền"), "", before, "", change.get("after", ""), change.get("reason", ""))


def _key(line: RevisedLine) -> str:
    return "total" if line.number is None else str(line.number)


def _name(check: Check) -> str:
    return check.item.code.replace(":", "_")
