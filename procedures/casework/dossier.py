"""The work page: everything about one dossier, answers beside papers; and the same on paper."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Role
from accounts.views.access import officer_required
from portal.lib.digests import short_digest
from procedures.casework.checking_forms import NoteForm
from procedures.casework.choices import still_asked, waiting_proposal
from procedures.casework.desk import Desk
from procedures.casework.notices import notes_of
from procedures.casework.papers import lines_of, other_files
from procedures.casework.queue import due_of, rows_of
from procedures.casework.timeline import KIND_NAMES, time_line
from procedures.domain.lifecycle import OPEN, Act
from procedures.models import CoSignature, Filing
from procedures.selectors.checklist import check_list_of
from procedures.selectors.complaints import withdrawn_at_counter
from procedures.selectors.definitions import needs_of
from procedures.selectors.differences import difference_of
from procedures.selectors.queue import co_signatures_of, earlier_dossiers, notes_between_officers
from procedures.selectors.revisions import current_revision
from procedures.selectors.summaries import answers_in_words
from procedures.services import apologies, calendar, decisions
from procedures.services.control_slip import control_slip_for


@dataclass(frozen=True, slots=True)
class Signing:
    """How one filing was signed."""

    filing: Filing
    short_digest: str
    is_intact: bool  # what is kept is still what was signed
    others: tuple[CoSignature, ...]  # who signed the same content with the filer


@officer_required
@require_safe
def dossier(request: HttpRequest, public_id: UUID) -> HttpResponse:
    desk = Desk(request, public_id)
    found = desk.dossier
    proposal = waiting_proposal(desk)
    may_apologise = apologies.may_apologise(found, desk.officer)
    context = {
        **everything_of(desk),
        "entries": time_line(desk, request.GET.get("loai", "")),
        "kinds": KIND_NAMES.items(),
        "kind": request.GET.get("loai", ""),
        "note_form": NoteForm(),
        "is_open": found.status in OPEN,
        "complaint": None if found.status in OPEN else withdrawn_at_counter(found),
        "may_ask": desk.may(Act.REQUEST_SUPPLEMENT),
        "may_approve": desk.may(Act.PROPOSE),
        "may_refuse": desk.may(Act.PROPOSE_REFUSAL),
        "may_apologise": may_apologise and (desk.is_mine or desk.officer.role == Role.HEAD),
        "may_refer": desk.may(Act.REFER) and not any(one.decision for one in desk.happenings),
        "may_sign": proposal is not None and decisions.may_sign(desk.officer, proposal),
        "proposal": proposal,
    }
    return render(request, "casework/dossier.html", context)


@officer_required
@require_safe
def printed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The work page for paper: everything but the files and the notes between officers."""
    desk = Desk(request, public_id)
    return render(request, "casework/print.html", {**everything_of(desk), "entries": time_line(desk)})


@officer_required
@require_safe
def control_slip_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Phiếu kiểm soát quá trình giải quyết hồ sơ: who handed it to whom, in time or late."""
    desk = Desk(request, public_id)
    headers = {
        "Content-Disposition": f'inline; filename="phieu-kiem-soat-{desk.dossier.reference}.pdf"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(control_slip_for(desk.dossier), content_type="application/pdf", headers=headers)


def everything_of(desk: Desk) -> dict[str, Any]:
    """What there is to read about a dossier, on the screen and on paper."""
    found, asked, listed = desk.dossier, still_asked(desk), check_list_of(desk.dossier)
    earlier = earlier_dossiers(desk.officer, found)
    return {
        "desk": desk,
        "dossier": found,
        "procedure": desk.procedure,
        "due": due_of(found, calendar.overrides()),
        "asked": asked,
        "steps": answers_in_words(found),
        "checks": listed.by_code,
        "difference": difference_of(found, listed.answered),
        "papers": lines_of(found, desk.procedure),
        "other_files": other_files(found, needs_of(found)),
        "revision": current_revision(found),
        "internal_notes": notes_between_officers(found),
        "notes": notes_of(desk, asked, earlier),
        "signings": signings_of(desk),
        "earlier": rows_of(earlier),
    }


def signings_of(desk: Desk) -> list[Signing]:
    together = co_signatures_of(desk.dossier)
    return [signing_of(happening.filing, together) for happening in desk.happenings if happening.filing]


def signing_of(filing: Filing, together: list[CoSignature]) -> Signing:
    is_intact = hashlib.sha256(bytes(filing.signed_content)).hexdigest() == filing.digest
    others = tuple(signature for signature in together if signature.digest == filing.digest)
    return Signing(filing, short_digest(filing.digest), is_intact, others)
