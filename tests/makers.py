"""Dossiers in any state, each made by the services that make it in real life; no status is ever set.

    draft(filer, "dinh_cu")              complete, with every paper, ready to be signed
    filed(filer)                         signed with a real transaction code, not yet delivered
    queued(filer)                        in its office's queue
    supplement_requested(filer, officer) the filer has to act
    supplemented(filer, officer)         … and has: back in the queue, signed a second time
    approved(filer, officer), refused(filer, officer), withdrawn(filer)
    on_paper(officer), paper_asked(officer)  a paper dossier typed in at the counter
    complained_on_paper(officer)         … refused, and complained about without an account

All take the branch of "BHXH một lần", ``on_paper`` (codes of papers sent by post) and any answer by
name. The office follows from the answers: a filer of Hà Nội files to Hà Nội.
"""

import io
import time
import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import Role, Throttle, User
from accounts.services import codes
from procedures import catalogue
from procedures.domain.answers import broken_rules
from procedures.domain.completeness import missing_documents
from procedures.domain.lifecycle import Status
from procedures.models import Channel, Decision, Dispatch, Dossier, FileCheck
from procedures.selectors.checklist import check_list_of
from procedures.selectors.definitions import legal_day_of, procedure_of
from procedures.selectors.queue import with_signed_answers
from procedures.services import (
    assignment,
    calendar,
    checklist,
    complaints,
    decisions,
    dispatch,
    drafts,
    files,
    filing,
    intake,
    originals,
    supplements,
    withdrawal,
)

ANSWERS: dict[str, Any] = {
    "identity_issued_on": "2015-06-01",
    "identity_issued_by": "Công an Hà Nội",
    "army_regional_allowance": False,
    "history": [
        {
            "from_month": "2012-01",
            "to_month": "2013-12",
            "wage_kind": "employer",
            "monthly_wage": 4_000_000,
        },
        {
            "from_month": "2014-01",
            "to_month": "2016-08",
            "wage_kind": "employer",
            "monthly_wage": 5_000_000,
        },
    ],
    "payment_method": "cash",
    "result_delivery": "office",
    "representative": False,
}
# What each branch asks besides.
BRANCHES: dict[str, dict[str, Any]] = {
    "du_tuoi": {"contributes_again": False, "lower_age": False, "commune_woman": False},
    "sau_mot_nam": {"left_on": "2016-08-31", "contributes_again": False},
    "dinh_cu": {"settlement_paper": "thi_thuc_dinh_cu"},
    "benh_hiem_ngheo": {"disease": "ung_thu"},
    "phuc_vien": {"left_on": "2016-08-31"},
}
WHAT_IS_MISSING = "Sổ BHXH thiếu trang 3 và trang 4, xin chụp lại đủ các trang."


def draft(
    filer: User,
    branch: str = "sau_mot_nam",
    *,
    procedure: str = "bhxh_mot_lan",
    on_paper: Iterable[str] = (),
    **answers: Any,
) -> Dossier:
    """A draft that could be filed at once."""
    definition = catalogue.procedure_on(procedure, calendar.legal_date())
    dossier = drafts.start_draft(filer, definition)
    typed = {**ANSWERS, "reason": branch, **BRANCHES.get(branch, {}), **answers}
    dossier = drafts.save_answers(dossier, typed, dossier.revision)
    if codes_on_paper := list(on_paper):
        dossier = drafts.follow_on_paper(dossier, codes_on_paper, dossier.revision)
    for missing in missing_documents(
        definition, dossier.answers, (), dossier.follows_on_paper, legal_day_of(dossier)
    ):
        attach(dossier, missing.documents[0].code)
    return _with_warnings_confirmed(fresh(dossier))


def filed(filer: User, branch: str = "sau_mot_nam", **options: Any) -> Dossier:
    return sign(draft(filer, branch, **options))


def queued(filer: User, branch: str = "sau_mot_nam", **options: Any) -> Dossier:
    return deliver(filed(filer, branch, **options))


def supplement_requested(
    filer: User,
    officer: User,
    branch: str = "sau_mot_nam",
    *,
    documents: Iterable[str] = ("so_bhxh",),
    questions: Iterable[str] = (),
    reason: str = WHAT_IS_MISSING,
    **options: Any,
) -> Dossier:
    documents, questions = list(documents), list(questions)
    dossier = held(queued(filer, branch, **options), officer)
    supplements.request_supplement(
        dossier,
        officer,
        documents=documents,
        questions=questions,
        reasons=reasons(documents, questions, reason),
        answer_by=supplements.usual_answer_by(),
    )
    return fresh(dossier)


def reasons(documents: Iterable[str], questions: Iterable[str], words: str) -> dict[str, str]:
    """The same words for everything that is asked for."""
    codes = [*(f"paper:{code}" for code in documents), *(f"question:{name}" for name in questions)]
    return dict.fromkeys(codes, words)


def supplemented(filer: User, officer: User, branch: str = "sau_mot_nam", **options: Any) -> Dossier:
    return deliver(answered(supplement_requested(filer, officer, branch, **options)))


def approved(
    filer: User, officer: User, branch: str = "sau_mot_nam", *, amount_vnd: int = 44_980_714, **options: Any
) -> Dossier:
    return approve(queued(filer, branch, **options), officer, amount_vnd)


def refused(
    filer: User, officer: User, branch: str = "sau_mot_nam", *, reason_code: str = "", **options: Any
) -> Dossier:
    """Refused for the first ground of the procedure unless another is named, in its ready wording."""
    return refuse(queued(filer, branch, **options), officer, reason_code)


def proposed(
    filer: User, officer: User, branch: str = "sau_mot_nam", *, amount_vnd: int = 44_980_714, **options: Any
) -> Dossier:
    """An approval proposed by the officer, waiting for another person's signature."""
    return proposed_by(queued(filer, branch, **options), officer, amount_vnd)


def withdrawn(filer: User, branch: str = "sau_mot_nam", **options: Any) -> Dossier:
    dossier = queued(filer, branch, **options)
    withdrawal.withdraw(dossier, filer)
    return fresh(dossier)


def on_paper(officer: User, bhxh_number: str = "0119000888", full_name: str = "Lò Văn Pún") -> Dossier:
    """A paper dossier an officer typed in at the counter; its filer has no account."""
    definition = catalogue.procedure_on("bhxh_mot_lan", calendar.legal_date())
    answers = {
        "full_name": full_name,
        "birth_date": "1961-09-02",
        "bhxh_number": bhxh_number,
        "identity_number": "011234777",
        "phone": f"09{bhxh_number[-8:]}",
        "reason": "sau_mot_nam",
    }
    paper = intake.Paper(definition, Channel.COUNTER, answers, timezone.localdate(), ("don_14hsb",))
    return fresh(intake.receive(officer, paper, uuid.uuid4()))


def paper_asked(officer: User) -> Dossier:
    """… and asked to bring more to the counter."""
    dossier = held(on_paper(officer), officer)
    given: dict[str, Any] = {"documents": ["so_bhxh"], "questions": ["left_on"]}
    given["reasons"] = reasons(["so_bhxh"], ["left_on"], WHAT_IS_MISSING)
    supplements.request_supplement(dossier, officer, **given, answer_by=supplements.usual_answer_by())
    return fresh(dossier)


def complained_on_paper(officer: User, bhxh_number: str = "0119000890") -> Dossier:
    """… refused, and complained about by its filer, who has no account."""
    dossier = refuse(on_paper(officer, bhxh_number, "Giàng A Tủa"), officer)
    complaints.complain(dossier, dossier.filer, "Tôi đã nghỉ việc trên một năm, xin xem lại.")
    return fresh(dossier)


def decision_of(dossier: Dossier) -> Decision:
    """The latest one."""
    return Decision.objects.filter(dossier=dossier).latest("pk")


# --- single acts ----------------------------------------------------------------------------------


def sign(dossier: Dossier) -> Dossier:
    """Ask for a code, read it as the message would carry it, and file or supplement with it."""
    # The wait between two codes of one person is tested elsewhere; here many are filed in a second.
    Throttle.objects.all().delete()
    code = filing.ask_for_code(dossier, "email")
    filing.file_dossier(dossier, dossier.filer, codes.derive(code))
    return fresh(dossier)


def deliver(dossier: Dossier) -> Dossier:
    """What the worker does with the message about the last filing."""
    row = Dispatch.objects.filter(filing__dossier=dossier).latest("pk")
    dispatch.deliver(row.pk)
    for _ in range(100):  # on a whole portal its worker may be at it already
        row.refresh_from_db(fields=["state"])
        if row.state != Dispatch.State.WAITING:
            break
        time.sleep(0.1)
    return fresh(dossier)


def held(dossier: Dossier, officer: User) -> Dossier:
    """In the officer's hands, whoever had it before."""
    now = fresh(dossier)
    if now.assignee_id in (None, officer.pk):
        assignment.take(now, officer)
    else:
        assignment.take_over(now, officer, reason="Việc gấp.")
    return fresh(dossier)


def proposed_by(dossier: Dossier, officer: User, amount_vnd: int | None = 44_980_714) -> Dossier:
    decisions.propose_approval(held(dossier, officer), officer, amount_vnd=amount_vnd)
    return fresh(dossier)


def cured(dossier: Dossier, officer: User) -> Dossier:
    """Everything that was asked for earlier, confirmed as cured by the officer, who holds the dossier."""
    uncured = check_list_of(with_signed_answers(fresh(dossier))).uncured
    checklist.mark(dossier, officer, [checklist.Marked(item.code, "fine") for item in uncured])
    return fresh(dossier)


def approve(dossier: Dossier, officer: User, amount_vnd: int | None = 44_980_714) -> Dossier:
    """Proposed by the officer and signed by the head of the office."""
    dossier = cured(held(dossier, officer), officer)
    decisions.propose_approval(dossier, officer, amount_vnd=amount_vnd)
    return signed(dossier)


def refuse(dossier: Dossier, officer: User, reason_code: str = "") -> Dossier:
    """Proposed in the ready wording of a ground, and signed by the head of the office."""
    grounds = {ground.code: ground for ground in procedure_of(dossier).refusals}
    ground = grounds[reason_code or next(iter(grounds))]
    decisions.propose_refusal(held(dossier, officer), officer, reason_code=ground.code, reason=ground.words)
    return signed(dossier)


def signed(dossier: Dossier) -> Dossier:
    """What was proposed, signed by somebody else: the head of the office, made if there is none."""
    proposal = decisions.open_proposal(dossier)
    assert proposal is not None
    heads = User.objects.filter(role=Role.HEAD, office=proposal.dossier.office)
    signer = heads.exclude(pk=proposal.proposed_by_id).first() or User.objects.create_user(
        f"lanhdao.{dossier.office_id}.2",
        full_name="Đặng Thị Lãnh",
        role=Role.HEAD,
        office=proposal.dossier.office,
    )
    decisions.sign(dossier, signer)
    return fresh(dossier)


def lease_over(dossier: Dossier, minutes: int = 1) -> Dossier:
    """As if the holder had done nothing for half an hour, and some minutes more."""
    past = timezone.now() - timedelta(minutes=minutes)
    Dossier.objects.filter(pk=dossier.pk).update(held_until=past)
    return fresh(dossier)


def receive(dossier: Dossier, officer: User, document: str) -> Dossier:
    """Note that a paper promised by post came."""
    originals.receive_original(dossier, document, officer)
    return fresh(dossier)


def answered(dossier: Dossier, **answers: Any) -> Dossier:
    """Give every paper a supplement request asks for, answer its questions, and sign again."""
    request = supplements.open_request(dossier)
    assert request is not None
    kept = {name: dossier.answers.get(name) for name in request.questions}
    if request.questions:
        supplements.answer_questions(dossier, {**kept, **answers})
    for code in request.documents:
        attach(dossier, code, pdf())
    return sign(fresh(dossier))


def attach(dossier: Dossier, document: str, content: bytes | None = None) -> None:
    """Upload a file for a paper: a photograph, unless other bytes are given."""
    content = content or jpeg(document)
    kind = "pdf" if content.startswith(b"%PDF") else "jpg"
    drafts.attach(dossier, document, SimpleUploadedFile(f"Ảnh chụp {document}.{kind}", content))


def checked(dossier: Dossier) -> Dossier:
    """What the worker does with the messages about its files: they can be opened."""
    for row in FileCheck.objects.filter(attachment__dossier=dossier):
        files.check(row.pk)
    return fresh(dossier)


def due_on(dossier: Dossier, days: int) -> Dossier:
    """As if it had been delivered on another day: due so many days from today, or before it."""
    day: date = timezone.localdate() + timedelta(days=days)
    Dossier.objects.filter(pk=dossier.pk).update(due_on=day)
    return fresh(dossier)


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.select_related("filer", "office", "assignee").get(pk=dossier.pk)


def _with_warnings_confirmed(dossier: Dossier) -> Dossier:
    broken = broken_rules(procedure_of(dossier), dossier.answers, legal_day_of(dossier))
    names = [rule.name for rule in broken if rule.is_warning]
    if not names or dossier.status != Status.DRAFT:
        return dossier
    return drafts.confirm_warnings(dossier, names, dossier.revision)


# --- real small files -----------------------------------------------------------------------------


@cache
def jpeg(words: str = "", size: tuple[int, int] = (480, 640)) -> bytes:
    """A photograph of a sheet of paper with some words on it."""
    picture = Image.new("RGB", size, (236, 231, 219))
    pen = ImageDraw.Draw(picture)
    pen.rectangle(
        (24, 24, size[0] - 24, size[1] - 24), fill=(252, 251, 247), outline=(150, 140, 120), width=2
    )
    pen.text((48, 48), words.encode("ascii", "replace").decode() or "GIAY TO", fill=(40, 40, 60))
    for line in range(90, size[1] - 60, 22):
        pen.line((48, line, size[0] - 48 - line % 70, line), fill=(178, 174, 168), width=2)
    bytes_ = io.BytesIO()
    picture.save(bytes_, "JPEG", quality=70)
    return bytes_.getvalue()


def pdf(pages: int = 1) -> bytes:
    """A small PDF that opens."""
    made = pikepdf.new()
    for _page in range(pages):
        made.add_blank_page(page_size=(595, 842))
    bytes_ = io.BytesIO()
    made.save(bytes_)
    return bytes_.getvalue()
