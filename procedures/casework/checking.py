"""Looking a dossier over: the check-list, notes between officers, and the reckoning done anew."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.views.access import officer_required
from portal.lib.money import format_vnd
from procedures.casework.checking_forms import CheckForm, NoteForm, ReviseForm
from procedures.casework.desk import Desk
from procedures.casework.papers import lines_of
from procedures.domain.errors import DomainError
from procedures.domain.lifecycle import Act
from procedures.selectors.checklist import check_list_of
from procedures.selectors.differences import difference_of
from procedures.selectors.revisions import amount_of, current_revision, reckoned_amount, revised_lines
from procedures.services import checklist, internal_notes, revisions

SHOWN = ("GET", "HEAD", "POST")


@officer_required
@require_http_methods(SHOWN)
def check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The check-list beside the papers; what was asked for earlier is confirmed here."""
    desk = Desk(request, public_id)
    if answer := desk.closed(request, Act.PROPOSE):
        return answer
    found = check_list_of(desk.dossier)
    form = CheckForm(request.POST or None, found, seen=desk.seen)
    if desk.accepts(form) and desk.carry_out(form, checklist.mark, marks=form.marks()):
        defects = len(check_list_of(desk.dossier).defects)
        words = ngettext("%d mục chưa đạt.", "%d mục chưa đạt.", defects) % defects
        return desk.done(request, _("Đã ghi kết quả kiểm tra. %s") % words)
    context = {
        "title": _("Kiểm tra hồ sơ"),
        "papers": lines_of(desk.dossier, desk.procedure),
        "difference": difference_of(desk.dossier, found.answered),
    }
    return desk.page(request, "casework/check.html", Act.PROPOSE, form, **context)


@officer_required
@require_http_methods(SHOWN)
def note(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """An officer of the office writes a note; holding the dossier isn't asked for."""
    desk = Desk(request, public_id)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            internal_notes.write(desk.dossier, desk.officer, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.question if refused.question in form.fields else None, refused.message)
        else:
            return desk.done(request, _("Đã ghi chú. Chỉ cán bộ của cơ quan đọc được."))
    context = {"desk": desk, "dossier": desk.dossier, "form": form, "title": _("Ghi chú nội bộ")}
    return render(request, "casework/note.html", {**context, "is_possible": True})


@officer_required
@require_http_methods(SHOWN)
def revise(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The estimate line by line, with what stands for a line and why."""
    desk = Desk(request, public_id)
    if not desk.dossier.estimate or not desk.dossier.estimate.get("lines"):
        return desk.too_late(request)
    if answer := desk.closed(request, Act.PROPOSE):
        return answer
    revision = current_revision(desk.dossier)
    is_reckoned = revisions.is_reckoned(desk.dossier)
    lines = revised_lines(desk.dossier.estimate, revision.lines if revision else [])
    form = ReviseForm(
        request.POST or None, lines, desk.dossier, revision, is_reckoned=is_reckoned, seen=desk.seen
    )
    if desk.accepts(form) and desk.carry_out(form, revisions.revise, changes=form.changes()):
        amount = reckoned_amount(current_revision(desk.dossier))
        total = _("Cổng tính ra %s.") % format_vnd(amount) if amount is not None else ""
        words = _("Đã ghi cách tính. Ước tính khi nộp vẫn được giữ nguyên bên cạnh.")
        return desk.done(request, f"{words} {total}".strip())
    context = {
        "title": _("Tính lại"),
        "estimate": desk.dossier.estimate,
        "is_reckoned": is_reckoned,
        "amount": amount_of(desk.dossier, revision),
    }
    return desk.page(request, "casework/revise.html", Act.PROPOSE, form, **context)
