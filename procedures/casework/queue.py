"""The queue of an office: what to do next, soonest due first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from accounts.views.access import officer_required, user_of
from portal.lib import working_days
from procedures.casework.forms import FilterForm
from procedures.casework.papers import names_of_papers
from procedures.domain.definition import Procedure
from procedures.domain.lifecycle import OPEN, PAUSED, Status
from procedures.models import Dossier
from procedures.selectors.colleagues import holders_of, saved_filters_of, unread_of
from procedures.selectors.definitions import procedure_of
from procedures.selectors.queue import (
    ANY_STATUS,
    Age,
    Cursor,
    Page,
    Total,
    Wanted,
    queue_with_total,
    total_of,
)
from procedures.selectors.transfers import incoming_of
from procedures.services import calendar


@dataclass(frozen=True, slots=True)
class Due:
    """The due date as components/deadline.html takes it."""

    on: date | None
    is_settled: bool
    is_overdue: bool
    days_left: int | None  # working days


@dataclass(frozen=True, slots=True)
class Row:
    dossier: Dossier
    procedure: Procedure
    person: str
    due: Due
    answer_by: date | None  # while the filer is to supplement
    awaited: Sequence[str]  # names of papers to come by post
    holder: str
    is_held: bool  # else it is nobody's, or given to somebody who hasn't begun
    is_doubled: bool = False  # the same person has the same procedure open twice here


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved filter with how many dossiers it finds now."""

    name: str
    url: str
    count: str
    is_fixed: bool = False


@officer_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    officer = user_of(request)
    form = FilterForm(request.GET, holders_of(officer.office))
    wanted = form.wanted()
    page, total = queue_with_total(
        officer, wanted, after=_cursor(request, "sau"), before=_cursor(request, "truoc")
    )
    context = {
        "form": form,
        "wanted": wanted,
        "is_filtered": wanted != Wanted(),
        "office": officer.office,
        "rows": rows_of(page.dossiers),
        "total": total_in_words(total),
        "told": unread_of(officer),
        "incoming_count": len(incoming_of(officer)),
        "saved": views_of(officer, form),
        "query": _link(request.GET).partition("?")[2],
        **_links(request.GET, page, wanted),
    }
    return render(request, "casework/queue.html", context)


def rows_of(dossiers: Sequence[Dossier]) -> list[Row]:
    corrections = calendar.overrides()
    return [_row(dossier, corrections) for dossier in dossiers]


def views_of(officer: User, form: FilterForm) -> list[SavedView]:
    """The officer's saved views, each with its live count; a view nobody understands any more shows all."""
    officers = form.officers
    return [
        *_to_sign(officer),
        *(
            SavedView(
                kept.name,
                f"{reverse('casework:queue')}?{kept.query}",
                _count(total_of(officer, FilterForm(QueryDict(kept.query), officers).wanted())),
            )
            for kept in saved_filters_of(officer)
        ),
    ]


def _to_sign(officer: User) -> list[SavedView]:
    """A head of office always sees how many dossiers wait for a signature, and how many are late: those were
    escalated to the head."""
    if officer.role != Role.HEAD:
        return []
    queue_url = reverse("casework:queue")
    waiting = _count(total_of(officer, Wanted(status=Status.PROPOSED)))
    late = _count(total_of(officer, Wanted(age=Age.OVERDUE)))
    return [
        SavedView(_("Chờ ký"), f"{queue_url}?trang_thai={Status.PROPOSED}", waiting, is_fixed=True),
        SavedView(_("Quá hạn"), f"{queue_url}?han={Age.OVERDUE}", late, is_fixed=True),
    ]


def _count(total: Total) -> str:
    return f"{total.limit}+" if total.is_more else str(total.number)


def due_of(dossier: Dossier, corrections: Mapping[date, bool]) -> Due:
    today = timezone.localdate()
    due_on = dossier.due_on
    is_settled = dossier.status not in OPEN
    if due_on is None or is_settled:
        return Due(due_on, is_settled, is_overdue=False, days_left=None)
    # A day that was made a day off since is still ahead.
    ahead = max(1, working_days.count_working_days(today, due_on, corrections))
    return Due(due_on, is_settled, due_on < today, 0 if due_on == today else ahead)


def total_in_words(total: Total) -> str:
    """ "12 hồ sơ, 3 quá hạn"; beyond what is counted, "hơn 100 hồ sơ"."""
    if total.is_more:
        words = _("hơn %d hồ sơ") % total.limit
    else:
        words = ngettext("%d hồ sơ", "%d hồ sơ", total.number) % total.number
    if not total.overdue:
        return words
    if total.overdue > total.limit:
        return _("%(all)s, hơn %(late)d quá hạn") % {"all": words, "late": total.limit}
    return _("%(all)s, %(late)d quá hạn") % {"all": words, "late": total.overdue}


def _row(dossier: Dossier, corrections: Mapping[date, bool]) -> Row:
    procedure = procedure_of(dossier)
    facts: Any = dossier  # with what procedures.selectors.queue adds to a row
    person = facts.person or dossier.filer.full_name
    awaited = names_of_papers(procedure, facts.awaited)
    answer_by = facts.answer_by if dossier.status in PAUSED else None
    due = due_of(dossier, corrections)
    is_doubled = bool(getattr(dossier, "is_doubled", False))
    return Row(dossier, procedure, person, due, answer_by, awaited, *_holder(dossier), is_doubled)


def _holder(dossier: Dossier) -> tuple[str, bool]:
    is_held = bool(getattr(dossier, "is_held", False))
    if dossier.assignee is None or (dossier.held_until is not None and not is_held):
        return "", False
    return dossier.assignee.full_name, is_held


def _cursor(request: HttpRequest, name: str) -> Cursor | None:
    return Cursor.parse(request.GET.get(name, "")[:60])


def _links(query: QueryDict, page: Page, wanted: Wanted) -> dict[str, str]:
    return {
        "previous_url": _link(query, truoc=page.previous) if page.previous else "",
        "next_url": _link(query, sau=page.next) if page.next else "",
        "everywhere_url": _link(query, trang_thai=ANY_STATUS) if wanted.words and wanted.is_work else "",
    }


def _link(query: QueryDict, **changed: object) -> str:
    """The same list elsewhere: filters stay, the place in it is given anew."""
    kept = {name: query.get(name, "") for name in FilterForm.base_fields}
    parts = {**kept, **{name: str(value) for name, value in changed.items()}}
    address = QueryDict(mutable=True)
    address.update({name: value for name, value in parts.items() if value})
    return f"{reverse('casework:queue')}?{address.urlencode()}"
