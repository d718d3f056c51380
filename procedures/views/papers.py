"""Giấy tờ: the papers the answers ask for, their files, and the promise to send originals by post."""

from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.access import citizen_required, user_of
from procedures.domain.definition import Document
from procedures.domain.errors import DomainError
from procedures.forms.builder import ACTION
from procedures.forms.uploads import ON_PAPER, REMOVE, keep_files, on_paper
from procedures.models import Attachment, Dossier
from procedures.selectors.definitions import needs_of, procedure_of
from procedures.selectors.dossiers import attachment_of
from procedures.services import content, drafts
from procedures.views import journey


@dataclass(frozen=True, slots=True)
class Place:
    """One paper on the page: what is there, what was refused."""

    document: Document
    files: list[Attachment]
    is_on_paper: bool = False
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """A paper, or several of which any one is enough."""

    name: str
    places: list[Place]


@require_http_methods(["GET", "POST"])
@citizen_required
def papers(request: HttpRequest, public_id: UUID) -> HttpResponse:
    dossier = journey.own_dossier(request, public_id)
    if elsewhere := journey.not_yet(request, dossier):
        return redirect(elsewhere)
    if request.method == "GET":
        return _page(request, dossier, {})
    refused = _promise(request, dossier)
    refused |= keep_files(dossier, request.FILES)
    remove_file(request, dossier)
    dossier = journey.own_dossier(request, public_id)
    if request.POST.get(ACTION) == "next" and not refused:
        refused = _missing(dossier)
    if refused:
        return _page(request, dossier, refused, status=422)
    return redirect(_after(request, dossier))


def remove_file(request: HttpRequest, dossier: Dossier) -> None:
    """Take out the file whose button was pressed; one that is gone already stays gone."""
    raw = str(request.POST.get(REMOVE, ""))
    if not raw:
        return
    try:
        attachment = attachment_of(user_of(request), UUID(raw))
    except (ValueError, Attachment.DoesNotExist):
        return
    if attachment.dossier_id != dossier.pk:
        raise Http404
    try:
        drafts.detach(dossier, attachment)
    except DomainError as error:
        messages.error(request, error.message)


def files_of(dossier: Dossier) -> dict[str, list[Attachment]]:
    """The files that are there, by code of their paper; each knows its address."""
    found: dict[str, list[Attachment]] = {}
    for attachment in dossier.attachments.all():
        attachment.url = journey.url_of(  # type: ignore[attr-defined]
            dossier, "attachment", file_id=attachment.public_id
        )
        found.setdefault(attachment.document, []).append(attachment)
    return found


def _promise(request: HttpRequest, dossier: Dossier) -> dict[str, list[str]]:
    """Keep which papers will follow by post. A page from another revision keeps nothing of it."""
    codes = on_paper(request.POST)
    if codes == sorted(dossier.follows_on_paper):
        return {}
    try:
        drafts.follow_on_paper(dossier, codes, journey.revision_of(request))
    except DomainError as error:
        messages.warning(request, error.message)
        return {"": [error.message]}
    return {}


def _missing(dossier: Dossier) -> dict[str, list[str]]:
    return {
        paper.documents[0].code: [_missing_words(paper.documents)]
        for paper in content.readiness(dossier).papers
    }


def _missing_words(documents: tuple[Document, ...]) -> str:
    if len(documents) > 1:
        return _("Xin tải lên một trong các giấy tờ này, hoặc chọn gửi bản giấy sau.")
    if documents[0].may_follow_on_paper:
        return _("Xin tải giấy tờ này lên, hoặc chọn gửi bản giấy sau.")
    return _("Xin tải giấy tờ này lên.")


def _after(request: HttpRequest, dossier: Dossier) -> str:
    action = request.POST.get(ACTION)
    if action == "next":
        return journey.url_of(dossier, journey.CHECK)
    if action == "later":
        messages.success(request, journey.SAVED)
        return reverse("procedures:my_dossiers")
    return journey.url_of(dossier, journey.PAPERS)


def _page(
    request: HttpRequest, dossier: Dossier, refused: dict[str, list[str]], status: int = 200
) -> HttpResponse:
    groups = _groups(dossier, refused)
    asked = {place.document.code for group in groups for place in group.places}
    context = {
        "dossier": dossier,
        "procedure": procedure_of(dossier),
        "groups": groups,
        "errors": [(place, error) for group in groups for place in group.places for error in place.errors],
        "filled_here": [need.document for need in needs_of(dossier) if need.document.filled_here],
        "left_over": [
            file for code, files in files_of(dossier).items() if code not in asked for file in files
        ],
        "stages": journey.stages(dossier, journey.PAPERS),
        "back": journey.last_step_url(dossier),
        "on_paper_name": ON_PAPER,
        "remove_name": REMOVE,
    }
    return render(request, "procedures/papers.html", context, status=status)


def _groups(dossier: Dossier, refused: dict[str, list[str]]) -> list[PlaceGroup]:
    files, procedure = files_of(dossier), procedure_of(dossier)
    groups: dict[str, PlaceGroup] = {}
    for need in needs_of(dossier):
        code = need.document.code
        if need.document.filled_here:
            continue
        place = Place(
            need.document, files.get(code, []), code in dossier.follows_on_paper, refused.get(code, [])
        )
        name = procedure.group_name(need.group) if need.group else ""
        groups.setdefault(need.group or f"={code}", PlaceGroup(name, [])).places.append(place)
    return list(groups.values())
