"""What an officer may choose from on the pages of the acts, all of it from the dossier at hand."""

from typing import Any

from django.utils.translation import gettext as _

from portal.lib.money import format_vnd, vnd_in_words
from procedures.casework.desk import Desk
from procedures.casework.papers import lines_of
from procedures.domain.checklist import PAPER, QUESTION, STEP
from procedures.models import Dossier, Proposal, SupplementRequest
from procedures.selectors.checklist import check_list_of
from procedures.selectors.revisions import amount_of
from procedures.selectors.summaries import AnswerInWords, answers_in_words

Choice = tuple[str, str, str]  # value, label, what there is now


def papers_to_ask_for(desk: Desk) -> list[Choice]:
    """The papers of the check-list, with their state. What the portal fills in is asked for as answers."""
    lines = lines_of(desk.dossier, desk.procedure)
    return [
        (line.document.code, line.document.name, _("Hiện nay: %s") % line.state_name)
        for line in lines
        if not line.document.filled_here
    ]


def questions_to_ask_again(dossier: Dossier) -> list[tuple[str, list[Choice]]]:
    """The questions this filer was asked, step by step, with what was answered."""
    return [
        (
            step.step.title,
            [(answer.question.name, answer.question.label, _now(answer)) for answer in step.answers],
        )
        for step in answers_in_words(dossier)
    ]


def amount_to_confirm(
    amount: int | None, estimated: int | None, *, is_revised: bool = False
) -> dict[str, Any]:
    """What is shown once more before an approval, against the estimate or its revision."""
    return {
        "is_confirming": True,
        "amount": amount,
        "amount_in_words": vnd_in_words(amount) if amount is not None else "",
        "difference": _difference(amount, estimated, is_revised),
    }


def proposal_in_words(proposal: Proposal, dossier: Dossier) -> dict[str, Any]:
    """What the second person reads before signing."""
    reckoned = amount_of(dossier, proposal.revision)
    confirmed = amount_to_confirm(proposal.amount_vnd, reckoned, is_revised=proposal.revision is not None)
    return {"proposal": proposal, "revision": proposal.revision, **confirmed}


def found_defects(dossier: Dossier) -> dict[str, Any]:
    """What the check-list found wrong: ticked beforehand in the request, its remarks as the reasons."""
    found = [(check.item, check.mark) for check in check_list_of(dossier).defects if check.mark]
    papers = {item.name: mark.remark for item, mark in found if item.kind == PAPER}
    questions = {
        name: mark.remark
        for item, mark in found
        if item.kind != PAPER
        for name in (mark.questions if item.kind == STEP else [item.name])
    }
    reasons = {f"{PAPER}:{name}": remark for name, remark in papers.items()}
    return {
        "documents": list(papers),
        "questions": list(questions),
        "reasons": {**reasons, **{f"{QUESTION}:{name}": remark for name, remark in questions.items()}},
    }


def waiting_proposal(desk: Desk) -> Proposal | None:
    """The proposal that waits for a signature."""
    proposals = (happening.proposal for happening in reversed(desk.happenings))
    return next((one for one in proposals if one and one.state == Proposal.State.OPEN), None)


def still_asked(desk: Desk) -> SupplementRequest | None:
    """The request the filer hasn't answered yet."""
    requests = (happening.request for happening in reversed(desk.happenings))
    return next((request for request in requests if request and request.answered_at is None), None)


def _now(answer: AnswerInWords) -> str:
    if answer.table is not None:
        return _("%d dòng") % len(answer.table.rows)
    return answer.text or _("(không ghi)")


def _difference(amount: int | None, estimated: int | None, is_revised: bool) -> str:
    if amount is None or estimated is None or amount == estimated:
        return ""
    if is_revised:
        return _("Khác số đã tính lại %s.") % format_vnd(abs(amount - estimated))
    if amount > estimated:
        return _("Cao hơn số ước tính khi nộp %s.") % format_vnd(amount - estimated)
    return _("Thấp hơn số ước tính khi nộp %s.") % format_vnd(estimated - amount)
