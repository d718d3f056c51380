"""What an officer types to ask for a supplement: papers and questions, and of each why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lib.vietnamese import format_date, parse_date
from procedures.casework.forms import REQUIRED, ActForm, lines_field
from procedures.domain.checklist import PAPER, QUESTION
from procedures.forms.fields import TypedField

Choice = tuple[str, str, str]  # value, label, what there is now
KINDS = {"documents": PAPER, "questions": QUESTION}


@dataclass(frozen=True, slots=True)
class DefectRow:
    """One thing that can be asked for, with its box and why."""

    box_id: str
    value: str
    label: str
    now: str
    is_ticked: bool
    reason: BoundField


class SupplementForm(ActForm):
    """Everything that is missing or wrong, in one list, each with its own reason."""

    documents = forms.MultipleChoiceField(
        label=gettext_lazy("Giấy tờ cần nộp lại hoặc nộp thêm"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    questions = forms.MultipleChoiceField(
        label=gettext_lazy("Mục cần khai lại"), required=False, widget=forms.CheckboxSelectMultiple
    )
    answer_by = TypedField(
        parse_date,
        label=gettext_lazy("Hạn bổ sung"),
        help_text=gettext_lazy("Ngày/tháng/năm."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "in-10"}),
        error_messages=REQUIRED,
    )

    def __init__(
        self,
        data: Any,
        *,
        papers: Sequence[Choice],
        steps: Sequence[tuple[str, Sequence[Choice]]],
        seen: int,
        answer_by: date,
        found: Mapping[str, Any],
    ) -> None:
        """``found``: what the check-list found wrong, and why."""
        super().__init__(data, initial={"seen": seen, "answer_by": format_date(answer_by), **found})
        self.papers, self.steps = papers, steps
        self._offer("documents", papers)
        self._offer("questions", [question for _title, asked in steps for question in asked])

    def _offer(self, name: str, offered: Sequence[Choice]) -> None:
        choices = [(value, label) for value, label, _now in offered]
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        for value, label in choices:
            field = lines_field(
                label=label,
                required=False,
                initial=self.initial.get("reasons", {}).get(f"{KINDS[name]}:{value}", ""),
            )
            field.widget.attrs["rows"] = 2
            self.fields[_reason_of(name, value)] = field

    @property
    def paper_rows(self) -> list[DefectRow]:
        return list(self._rows("documents", self.papers))

    @property
    def question_groups(self) -> list[tuple[str, list[DefectRow]]]:
        """By the steps of the form."""
        rows = self._rows("questions", [question for _title, asked in self.steps for question in asked])
        return [(title, [next(rows) for _ in asked]) for title, asked in self.steps]

    def _rows(self, name: str, offered: Sequence[Choice]) -> Iterator[DefectRow]:
        ticked = self[name].value() or []
        for number, (value, label, now) in enumerate(offered):
            box_id = f"{self[name].auto_id}_{number}"
            yield DefectRow(box_id, value, label, now, value in ticked, self[_reason_of(name, value)])

    def clean(self) -> dict[str, Any]:
        # The service says so, too; here it is said together with everything else.
        asked = [(name, value) for name in KINDS for value in self.cleaned_data.get(name, ())]
        if not asked and not self.errors.keys() & KINDS:
            self.add_error("documents", _("Xin chọn ít nhất một giấy tờ hoặc một mục cần bổ sung."))
        for name, value in asked:
            reason = _reason_of(name, value)
            if reason not in self.errors and not (self.cleaned_data.get(reason) or "").strip():
                self.add_error(reason, _("Xin ghi thiếu hoặc sai ở đâu và phải sửa thế nào."))
        return self.cleaned_data

    def typed(self) -> dict[str, Any]:
        kept = self.cleaned_data
        reasons = {
            f"{KINDS[name]}:{value}": kept[_reason_of(name, value)] for name in KINDS for value in kept[name]
        }
        return {**{name: kept[name] for name in (*KINDS, "answer_by")}, "reasons": reasons}


def _reason_of(name: str, value: str) -> str:
    """The field of a reason, as the service names it."""
    return f"reason_{KINDS[name]}_{value}"
