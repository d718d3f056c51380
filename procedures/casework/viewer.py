"""The viewer of papers: one page at a time as a picture, zoomed and turned."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.views.access import officer_required, user_of
from portal.lib.pictures import TURNS, WIDTHS, Unreadable, Wanted
from procedures.casework.papers import names_of_papers
from procedures.casework.viewed import one_of, viewed_of
from procedures.models import Attachment
from procedures.selectors.definitions import procedure_of
from procedures.selectors.queue import attachment_in_office
from procedures.services import access, page_pictures

HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@officer_required
@require_safe
def view(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One file on a page of its own: what the viewer's links lead to without scripts."""
    file = _file_or_404(user_of(request), public_id)
    access.record(file.dossier, user_of(request), file)
    viewed = viewed_of(file, request.GET)
    context: dict[str, Any] = {
        "viewed": viewed,
        "dossier": file.dossier,
        "paper": names_of_papers(procedure_of(file.dossier), [file.document])[0],
    }
    return render(request, "casework/viewer.html", context)


@officer_required
@require_safe
def page(request: HttpRequest, public_id: UUID, page: int) -> HttpResponse:
    """One page of a file as a picture."""
    officer = user_of(request)
    file = _file_or_404(officer, public_id)
    access.record_once(file.dossier, officer, file)  # before a byte leaves
    try:
        wanted = Wanted(page, one_of(request.GET.get("xoay"), TURNS), one_of(request.GET.get("rong"), WIDTHS))
        picture = page_pictures.picture_of(file, wanted)
    except (Unreadable, FileNotFoundError) as error:
        raise Http404(_("Không hiện được trang này.")) from error
    return HttpResponse(picture, content_type="image/jpeg", headers=HEADERS)


def _file_or_404(officer: User, public_id: UUID) -> Attachment:
    try:
        return attachment_in_office(officer, public_id)
    except ObjectDoesNotExist as error:
        raise Http404(_("Không có tệp này.")) from error
