"""The head of office's board: open work by age, officer and procedure; every number leads to its list."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.views.access import head_required, user_of
from procedures import catalogue
from procedures.casework.forms import AGES
from procedures.domain.errors import DomainError, UnknownProcedure
from procedures.selectors.board import (
    late_results,
    on_time,
    open_complaints_of,
    open_work,
    ratings_of,
)
from procedures.selectors.colleagues import holders_of
from procedures.selectors.queue import NOBODY
from procedures.services import calendar, sharing

SHOWN = ("GET", "HEAD", "POST")


@dataclass(frozen=True, slots=True)
class Cell:
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: cells by age, and their sum."""

    name: str
    cells: tuple[Cell, ...]
    total: Cell
    key: str = ""  # of an officer: the value of the check boxes
    may_receive: bool = False
    is_absent: bool = False


class ShareForm(forms.Form):
    """Whose work goes to whom, and why."""

    use_required_attribute = False
    sources = forms.MultipleChoiceField(label=gettext_lazy("Lấy việc của"), required=False)
    targets = forms.MultipleChoiceField(label=gettext_lazy("Giao cho"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        help_text=gettext_lazy("Cán bộ giao và nhận đều đọc được."),
        max_length=300,
        required=False,
    )

    def __init__(self, data: Any, officers: Sequence[User]) -> None:
        super().__init__(data)
        self.officers = {str(one.pk): one for one in officers}
        choices = [(pk, one.full_name) for pk, one in self.officers.items()]
        self.fields["sources"].choices = [(NOBODY, ""), *choices]  # type: ignore[attr-defined]
        self.fields["targets"].choices = choices  # type: ignore[attr-defined]
        self.fields["reason"].hide_optional = True  # type: ignore[attr-defined]

    def typed(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "sources": [None if one == NOBODY else int(one) for one in given["sources"]],
            "targets": [self.officers[one] for one in given["targets"]],
            "reason": given["reason"],
        }


@head_required
@require_http_methods(SHOWN)
def board(request: HttpRequest) -> HttpResponse:
    head = user_of(request)
    officers = holders_of(head.office)
    form = ShareForm(request.POST if request.method == "POST" else None, officers)
    if request.method == "POST" and form.is_valid() and _shared(request, head, form):
        return redirect("casework:board")
    work = open_work(head)
    context = {
        "form": form,
        "office": head.office,
        "ages": list(AGES.values()),
        "officers": _officer_rows(work.by_holder, officers),
        "procedures": [
            _row(_name_of(code), work.by_procedure[code], thu_tuc=code) for code in sorted(work.by_procedure)
        ],
        "everything": _row(_("Cả cơ quan"), work.by_age),
        "on_time": on_time(head),
        "ratings": ratings_of(head),
        "complaints": open_complaints_of(head),
    }
    return render(request, "casework/board.html", context, status=422 if form.errors else 200)


@head_required
@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """The results behind the share that came in time: those that didn't."""
    found = late_results(user_of(request))
    rows = [(dossier, _name_of(dossier.procedure)) for dossier in found]
    return render(request, "casework/late.html", {"rows": rows})


def _shared(request: HttpRequest, head: User, form: ShareForm) -> bool:
    try:
        shared = sharing.share_out(head, **form.typed())
    except DomainError as refused:
        form.add_error(refused.question if refused.question in form.fields else None, refused.message)
        return False
    words = _("Đã chuyển %(moved)d hồ sơ.") % {"moved": shared.moved}
    if shared.in_use:
        words += " " + _("%(n)d hồ sơ đang có người mở được để nguyên.") % {"n": shared.in_use}
    messages.success(request, words)
    return True


def _officer_rows(by_holder: dict[int | None, Counter[str]], officers: Iterable[User]) -> list[Row]:
    nobodys = _row(_("Chưa ai giữ"), by_holder.get(None, Counter()), key=NOBODY, giu=NOBODY)
    theirs = [
        _row(
            one.full_name,
            by_holder.get(one.pk, Counter()),
            key=str(one.pk),
            may_receive=one.is_active,
            is_absent=not one.is_active,
            giu=str(one.pk),
        )
        for one in officers
    ]
    return [nobodys, *theirs]


def _row(
    name: str,
    counts: Counter[str],
    *,
    key: str = "",
    may_receive: bool = False,
    is_absent: bool = False,
    **narrowed: str,
) -> Row:
    cells = tuple(Cell(counts[age], _list_url(han=age.value, **narrowed)) for age in AGES)
    total = Cell(sum(counts.values()), _list_url(**narrowed))
    return Row(name, cells, total, key, may_receive, is_absent)


def _list_url(**filters: str) -> str:
    query = QueryDict(mutable=True)
    query.update(filters)
    return f"{reverse('casework:queue')}?{query.urlencode()}"


def _name_of(code: str) -> str:
    try:
        return catalogue.procedure_on(code, calendar.legal_date()).plain_name
    except UnknownProcedure:
        return code
