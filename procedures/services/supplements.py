"""Yêu cầu bổ sung: the officer asks once for everything, the filer answers and signs again."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Role, User
from accounts.services import outbox
from portal.lib.vietnamese import format_date
from portal.lib.working_days import add_working_days
from procedures.domain.checklist import asked_items
from procedures.domain.conditions import Answers
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import Act, Status
from procedures.models import Dossier, Notice, SupplementRequest
from procedures.selectors.definitions import needs_of, procedure_of
from procedures.services import assignment, calendar, clock, notices
from procedures.services.lifecycle import advance, locked, require_unchanged

USUAL_WORKING_DAYS = 10  # to answer; no limit was found in the law, the officer may give more or less
LONGEST_DAYS = 90


def request_supplement(
    dossier: Dossier,
    officer: User,
    *,
    documents: list[str],
    questions: list[str],
    reasons: Mapping[str, str],
    answer_by: date,
    seen: int | None = None,
) -> SupplementRequest:
    """Ask the filer for papers and answers; the office's clock stands still until they come. ``reasons``: to
    the filer, by the code of the item (paper:so_bhxh, question:left_on). ``seen``: see require_unchanged.

    Raises:
        DomainError: nothing is asked for, or something the dossier doesn't have; something without a reason
            (at the field reason_paper_so_bhxh); an absurd day.
        NotAllowed: the dossier isn't in the queue.
    """
    _require_known(dossier, documents, questions)
    why = _reasons(dossier, documents, questions, reasons)
    _require_in_time(answer_by)
    with transaction.atomic():
        fresh = locked(dossier)
        require_unchanged(fresh, seen)
        assignment.require_lease(fresh, officer)
        _require_head_for_what_was_visible(fresh, officer, documents, questions)
        request = SupplementRequest(
            dossier=fresh,
            requested_by=officer,
            documents=documents,
            questions=questions,
            reasons=why,
            answer_by=answer_by,
        )
        detail = {"documents": documents, "questions": questions}
        event = advance(fresh, Act.REQUEST_SUPPLEMENT, actor=officer, detail=detail, subject=request)
        request.save()
        clock.keep(fresh)
        assignment.let_go(fresh)
        notices.notify(fresh, event, Notice.Kind.SUPPLEMENT_REQUESTED)
        outbox.wake_sweeper()
    return request


def usual_answer_by() -> date:
    """The day a filer is usually given to answer by."""
    return add_working_days(timezone.localdate(), USUAL_WORKING_DAYS, calendar.overrides())


def open_request(dossier: Dossier) -> SupplementRequest | None:
    """The request the filer has to answer now."""
    if dossier.status != Status.SUPPLEMENT_REQUESTED:
        return None
    return dossier.supplement_requests.filter(answered_at__isnull=True).first()


def answer_questions(dossier: Dossier, answers: Answers) -> None:
    """Keep new answers to the questions that were reopened; others are refused."""
    with transaction.atomic():
        fresh = locked(dossier)
        request = open_request(fresh)
        if request is None:
            raise NotAllowed("Cơ quan BHXH không yêu cầu bổ sung hồ sơ này.")
        if set(answers) - set(request.questions):
            raise DomainError("Chỉ sửa được những mục cơ quan BHXH yêu cầu.")
        fresh.answers = {**fresh.answers, **answers}
        fresh.save(update_fields=["answers"])


def close_request(dossier: Dossier) -> None:
    """Mark the open request answered, in the transaction of the filing that answers it."""
    dossier.supplement_requests.filter(answered_at__isnull=True).update(answered_at=Now())


def unanswered(dossier: Dossier) -> list[str]:
    """Codes of requested papers with no new file and no promise by post yet."""
    request = open_request(dossier)
    if request is None:
        return []
    given = set(dossier.attachments.filter(filing_number__isnull=True).values_list("document", flat=True))
    return [code for code in request.documents if code not in given]


def _reasons(
    dossier: Dossier, documents: list[str], questions: list[str], reasons: Mapping[str, str]
) -> dict[str, str]:
    """Why each thing is asked for; what isn't asked for is left out."""
    items = asked_items(procedure_of(dossier), documents, questions)
    why = {item.code: reasons.get(item.code, "").strip() for item in items}
    for item in items:
        if not why[item.code]:
            field = f"reason_{item.kind}_{item.name}"
            raise DomainError(
                f"Xin ghi “{item.title}” thiếu hoặc sai ở đâu và phải sửa thế nào.", question=field
            )
    return why


def _require_in_time(answer_by: date) -> None:
    today = timezone.localdate()
    if answer_by <= today:
        raise DomainError("Hạn bổ sung phải sau hôm nay.", question="answer_by")
    if answer_by > today + timedelta(days=LONGEST_DAYS):
        last = format_date(today + timedelta(days=LONGEST_DAYS))
        raise DomainError(f"Hạn bổ sung nhiều nhất là {LONGEST_DAYS} ngày, đến {last}.", question="answer_by")


def needs_head(dossier: Dossier, documents: list[str], questions: list[str]) -> bool:
    """Whether something is asked for that could be seen when the filer was asked before. What came with
    the answer is new: that may be asked about by anybody."""
    earlier = list(dossier.supplement_requests.all())
    came = {name for request in earlier for name in (*request.documents, *request.questions)}
    return bool(earlier) and bool({*documents, *questions} - came)


def _require_head_for_what_was_visible(
    dossier: Dossier, officer: User, documents: list[str], questions: list[str]
) -> None:
    if officer.role != Role.HEAD and needs_head(dossier, documents, questions):
        raise DomainError(
            "Đã yêu cầu bổ sung một lần. Điều thấy được từ lần đầu chỉ lãnh đạo cơ quan mới hỏi thêm: "
            "xin bàn giao hồ sơ cho lãnh đạo."
        )


def _require_known(dossier: Dossier, documents: list[str], questions: list[str]) -> None:
    if not documents and not questions:
        raise DomainError("Xin chọn ít nhất một giấy tờ hoặc một mục cần bổ sung.", question="documents")
    if set(documents) - {need.document.code for need in needs_of(dossier) if not need.document.filled_here}:
        raise DomainError("Có giấy tờ không thuộc thủ tục này.", question="documents")
    if set(questions) - {question.name for question in procedure_of(dossier).questions}:
        raise DomainError("Có mục không thuộc thủ tục này.", question="questions")
