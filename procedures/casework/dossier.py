"""The work page: everything about one dossier, answers beside papers."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.access import officer_required
from portal.lib.digests import short_digest
from procedures.casework.choices import still_asked, waiting_proposal
from procedures.casework.desk import Desk
from procedures.casework.history import entries_of
from procedures.casework.notices import notes_of
from procedures.casework.papers import lines_of, other_files
from procedures.casework.queue import due_of, rows_of
from procedures.domain.lifecycle import OPEN, Act
from procedures.models import CoSignature, Filing
from procedures.selectors.definitions import needs_of
from procedures.selectors.queue import co_signatures_of, earlier_dossiers
from procedures.selectors.summaries import answers_in_words
from procedures.services import apologies, calendar, decisions


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
    found, asked = desk.dossier, still_asked(desk)
    proposal = waiting_proposal(desk)
    context = {
        "desk": desk,
        "dossier": found,
        "procedure": desk.procedure,
        "due": due_of(found, calendar.overrides()),
        "asked": asked,
        "steps": answers_in_words(found),
        "papers": lines_of(found, desk.procedure),
        "other_files": other_files(found, needs_of(found)),
        "notes": notes_of(desk, asked),
        "signings": signings_of(desk),
        "entries": entries_of(desk.happenings, desk.procedure),
        "earlier": rows_of(earlier_dossiers(desk.officer, found)),
        "is_open": found.status in OPEN,
        "may_ask": desk.may(Act.REQUEST_SUPPLEMENT),
        "may_approve": desk.may(Act.PROPOSE),
        "may_refuse": desk.may(Act.PROPOSE_REFUSAL),
        "may_apologise": apologies.may_apologise(found, desk.officer),
        "may_refer": desk.may(Act.REFER),
        "may_sign": proposal is not None and decisions.may_sign(desk.officer, proposal),
        "proposal": proposal,
    }
    return render(request, "casework/dossier.html", context)


def signings_of(desk: Desk) -> list[Signing]:
    together = co_signatures_of(desk.dossier)
    return [signing_of(happening.filing, together) for happening in desk.happenings if happening.filing]


def signing_of(filing: Filing, together: list[CoSignature]) -> Signing:
    is_intact = hashlib.sha256(bytes(filing.signed_content)).hexdigest() == filing.digest
    others = tuple(signature for signature in together if signature.digest == filing.digest)
    return Signing(filing, short_digest(filing.digest), is_intact, others)
