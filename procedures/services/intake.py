"""Tiếp nhận hồ sơ giấy at the counter or from the post: an officer types what the paper says, and the
dossier goes the way of any other: reference, history, log, tally, clock, receipt, queue.

Nobody signs on the portal: the signature is on the paper, which the office keeps. The content is what the
officer typed, with a digest like any filing, so that a later change shows.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.services import outbox
from accounts.services.paper_people import NameDiffers, filer_of_paper
from portal.lib.vietnamese import fold
from procedures.domain.answers import relevant_answers
from procedures.domain.definition import Procedure
from procedures.domain.digest import canonical
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import Act, Status
from procedures.models import Channel, Clock, Dispatch, Dossier, Filing, PaperOriginal
from procedures.selectors.definitions import procedure_of
from procedures.services import calendar, dispatch, supplements
from procedures.services.lifecycle import advance, locked
from procedures.services.references import next_reference

PAPER = frozenset({Channel.COUNTER, Channel.POST})
OLDEST = timedelta(days=30)  # a paper that came longer ago is asked about before it is typed in
SEARCHED = ("full_name", "bhxh_number", "identity_number", "phone")


@dataclass(frozen=True, slots=True)
class Paper:
    """What the officer typed from the paper. ``answers`` by question name, in stored form."""

    procedure: Procedure
    channel: str
    answers: dict[str, Any]
    received_on: date
    documents: Collection[str] = field(default_factory=tuple)  # codes of the papers that came
    onward: Office | None = None  # of a move: where to


def receive(officer: User, paper: Paper, public_id: UUID) -> Dossier:
    """Take a paper dossier in: it stands in the officer's office's queue when this returns.

    ``public_id`` comes with the page, so that a page sent twice makes one dossier. Raises DomainError,
    naming the question; NotAllowed for anybody who isn't an officer.
    """
    if not officer.is_officer or officer.office is None:
        raise NotAllowed(_("Chỉ cán bộ xử lý tiếp nhận hồ sơ giấy."))
    _require_sound(paper, officer.office)
    try:
        return _received(officer, officer.office, paper, public_id)
    except IntegrityError:  # the other click of a double click was first
        there = Dossier.objects.filter(public_id=public_id).first()
        if there is None:  # another office's: behind the second wall it isn't there
            raise NotAllowed(_("Hồ sơ này không thuộc cơ quan của ông/bà.")) from None
        return _own(there, officer)


def _received(officer: User, office: Office, paper: Paper, public_id: UUID) -> Dossier:
    with transaction.atomic():
        if there := Dossier.objects.filter(public_id=public_id).first():
            return _own(there, officer)
        dossier = _begun(officer, office, paper, public_id)
        filing = _filing(dossier, number=1)
        _keep_papers(dossier, paper.documents)
        detail = {"digest": filing.digest, "filing": 1, "channel": str(paper.channel)}
        advance(dossier, Act.FILE, actor=officer, detail=detail, subject=filing)
        _deliver(dossier, filing, complete_on=paper.received_on)
    return dossier


def receive_supplement(
    dossier: Dossier, officer: User, *, documents: Collection[str], answers: dict[str, Any]
) -> None:
    """What a filer of a paper dossier brings after a request: papers, and answers to what was asked again.

    Raises DomainError when a paper asked for isn't there, NotAllowed when nothing was asked or the dossier
    came electronically: then its filer signs on the portal.
    """
    with transaction.atomic():
        fresh = _own(locked(dossier), officer)
        request = supplements.open_request(fresh)
        if request is None or fresh.channel not in PAPER:
            raise NotAllowed(_("Hồ sơ giấy này không chờ bổ sung."))
        if set(request.documents) - set(documents):
            raise DomainError(
                _("Còn giấy tờ chưa có. Chỉ ghi nhận khi đã đủ các giấy tờ yêu cầu."), question="documents"
            )
        supplements.answer_questions(fresh, answers)
        fresh.refresh_from_db(fields=["answers"])
        filing = _filing(fresh, number=fresh.filings.latest("number").number + 1)
        _keep_papers(fresh, documents)
        supplements.close_request(fresh)
        detail = {"digest": filing.digest, "filing": filing.number, "channel": fresh.channel}
        advance(fresh, Act.SUPPLEMENT, actor=officer, detail=detail, subject=filing)
        _deliver(fresh, filing, complete_on=timezone.localdate())


def _require_sound(paper: Paper, office: Office) -> None:
    today = timezone.localdate()
    if paper.channel not in PAPER:
        raise DomainError(_("Xin chọn trực tiếp hoặc bưu chính."), question="channel")
    if not today - OLDEST <= paper.received_on <= today:
        raise DomainError(
            _("Ngày nhận từ %(days)d ngày trước đến hôm nay.") % {"days": OLDEST.days}, question="received_on"
        )
    if paper.procedure.onward and (paper.onward is None or paper.onward == office):
        raise DomainError(_("Xin chọn nơi chuyển đến, một cơ quan khác."), question="onward")
    if set(paper.documents) - {document.code for document in paper.procedure.documents}:
        raise DomainError(_("Có giấy tờ không thuộc thủ tục này."), question="documents")


def _begun(officer: User, office: Office, paper: Paper, public_id: UUID) -> Dossier:
    answers = dict(relevant_answers(paper.procedure, paper.answers))
    dossier = Dossier(
        public_id=public_id,
        reference=next_reference(office, timezone.localdate()),
        procedure=paper.procedure.code,
        edition=paper.procedure.edition,
        filer=_filer(paper, officer),
        channel=paper.channel,
        answers=answers,
        office=office,
        routing={
            "words": "Hồ sơ giấy, cơ quan đã nhận",
            "basis": str(paper.procedure.agency_basis),
            "onward_office": paper.onward.key if paper.onward else None,
            "legal_day": calendar.legal_date().isoformat(),
        },
        is_test=officer.is_test,
    )
    words = (dossier.reference, *(answers.get(name, "") for name in SEARCHED))
    dossier.search_text = fold(" ".join(str(word) for word in dict.fromkeys(words) if word))
    dossier.save(force_insert=True)
    Dossier.objects.filter(pk=dossier.pk).update(filed_at=Now())
    dossier.refresh_from_db()
    return dossier


def _filer(paper: Paper, officer: User) -> User:
    known = {name: str(paper.answers.get(name) or "") for name in ("phone", "email")}
    try:
        return filer_of_paper(
            str(paper.answers["bhxh_number"]),
            str(paper.answers["full_name"]),
            **known,
            is_present=paper.channel == Channel.COUNTER,
            is_test=officer.is_test,
        )
    except NameDiffers:
        raise DomainError(
            _("Mã số BHXH này là của một tài khoản mang tên khác. Xin xem lại mã số và họ tên trên giấy."),
            question="bhxh_number",
        ) from None


def _filing(dossier: Dossier, *, number: int) -> Filing:
    content = canonical(
        procedure_code=dossier.procedure,
        edition=dossier.edition,
        answers=relevant_answers(procedure_of(dossier), dossier.answers),
        office_key=str(dossier.office_id),
        filer_id=str(dossier.filer.public_id),
        attachments=[],
        to_follow=[],
    )
    digest = hashlib.sha256(content).hexdigest()
    filing = Filing.objects.create(dossier=dossier, number=number, digest=digest, signed_content=content)
    filing.refresh_from_db(fields=["filed_at"])
    return filing


def _keep_papers(dossier: Dossier, documents: Collection[str]) -> None:
    """Papers that lie on the officer's table."""
    for code in sorted(documents):
        PaperOriginal.objects.update_or_create(
            dossier=dossier,
            document=code,
            defaults={"received_at": timezone.now(), "received_on": timezone.localdate()},
        )


def _deliver(dossier: Dossier, filing: Filing, *, complete_on: date) -> None:
    """Into the queue at once: there is no file to check and nothing to wait for."""
    if filing.number == 1:
        limit = calendar.limit_of(procedure_of(dossier), dossier)
        Clock.objects.create(dossier=dossier, counted_from=complete_on, days=limit.value, unit=limit.unit)
    row = Dispatch.objects.create(filing=filing, office_id=str(dossier.office_id))
    outbox.finish(row)
    dispatch.enqueue(dossier, row)
    outbox.wake_sweeper()


def _own(dossier: Dossier, officer: User) -> Dossier:
    """Raises NotAllowed for another office's."""
    if not officer.is_officer or dossier.office_id != officer.office_id or dossier.status == Status.DRAFT:
        raise NotAllowed(_("Hồ sơ này không thuộc cơ quan của ông/bà."))
    return dossier
