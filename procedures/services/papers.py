"""The portal's papers about a dossier as PDF. Made from the rows whenever they are asked for: the same
rows always give the same bytes, so nothing has to be kept."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.gateways import Attached
from portal.lib.digests import short_digest
from portal.lib.identifiers import mask_account, mask_email, mask_phone
from portal.lib.vietnamese import format_date
from procedures.documents import (
    ApologySheet,
    Change,
    Column,
    DecisionSheet,
    Defect,
    Field,
    FormSheet,
    Letterhead,
    Limit,
    Outcome,
    Payment,
    Person,
    Proof,
    ReceiptSheet,
    Section,
    Signing,
    SupplementSheet,
    Table,
    apology_pdf,
    decision_pdf,
    form_pdf,
    receipt_pdf,
    supplement_request_pdf,
)
from procedures.domain.checklist import PAPER, QUESTION
from procedures.domain.definition import Deadline, Kind, Unit
from procedures.domain.lifecycle import Act, Status
from procedures.models import (
    Apology,
    Channel,
    Decision,
    Dossier,
    Filing,
    Notice,
    SupplementRequest,
)
from procedures.selectors.definitions import procedure_of
from procedures.selectors.summaries import AnswerInWords, answers_in_words, in_words
from procedures.selectors.supplements import asked_in
from procedures.services import content, evidence
from procedures.services.received_papers import received_papers

_CARRIED = {
    "sms": "gửi tới số",
    "email": "gửi tới",
    "app": "của ứng dụng xác thực",
    "card": "trên thẻ mã in sẵn",
}
COMMITMENT = (
    "Tôi cam đoan những nội dung khai trên là đúng và chịu trách nhiệm trước pháp luật về nội dung đã khai."
)


def receipt_pdf_for(dossier: Dossier) -> bytes:
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả. Raises Filing.DoesNotExist for a draft."""
    filing = dossier.filings.get(number=1)
    procedure, data = procedure_of(dossier), evidence.receipt_of(dossier)
    sheet = ReceiptSheet(
        letterhead=_letterhead(dossier, filing.filed_at),
        filer=_person(dossier),
        procedure=procedure.name,
        papers=tuple(received_papers(dossier)),
        received_at=filing.filed_at,
        due=dossier.due_on,
        due_note=_due_note(dossier),
        limits=tuple(_limit(deadline) for deadline in procedure.deadlines if _is_printed(deadline, dossier)),
        return_method=_answer_in_words(dossier, "result_delivery"),
        receiver=_receiver(dossier),
        proof=replace(_proof(dossier, filing), verify_url=verify_url(dossier, filing), log=_log_lines(data)),
        attached=json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) if data else "",
    )
    return receipt_pdf(sheet)


def _receiver(dossier: Dossier) -> str:
    """Who took a paper dossier in; the portal itself where nobody had to."""
    if dossier.channel == Channel.ELECTRONIC:
        return "Cổng hồ sơ BHXH tiếp nhận tự động"
    event = dossier.events.filter(act=Act.FILE).select_related("actor").first()
    return event.actor.full_name if event and event.actor else ""


def _due_note(dossier: Dossier) -> str:
    if dossier.due_on:
        return ""
    if dossier.status == Status.SUPPLEMENT_REQUESTED:
        return "Thời hạn đang tạm dừng để chờ ông/bà bổ sung; những ngày còn lại tính tiếp sau đó."
    return "Ngày hẹn trả được tính từ ngày cơ quan BHXH nhận đủ bản giấy gửi sau."


def apology_pdf_for(apology: Apology) -> bytes:
    """Phiếu xin lỗi và hẹn lại ngày trả kết quả."""
    dossier = apology.dossier
    sheet = ApologySheet(
        letterhead=_letterhead(dossier, apology.made_at),
        filer=_person(dossier),
        procedure=procedure_of(dossier).name,
        received_at=dossier.filings.get(number=1).filed_at,
        old_due=apology.old_due_on,
        new_due=apology.new_due_on,
        reason=apology.reason,
        signed_by=apology.made_by.full_name,
        signed_as=apology.made_by.get_role_display(),
        proof=_proof(dossier, _last_filing(dossier)),
    )
    return apology_pdf(sheet)


def decision_pdf_for(decision: Decision) -> bytes:
    """Thông báo kết quả."""
    dossier = decision.dossier
    procedure = procedure_of(dossier)
    is_approved = decision.outcome == Decision.Outcome.APPROVE
    payment = (
        Payment(amount_vnd=decision.amount_vnd, method=_payment_method(dossier))
        if is_approved and decision.amount_vnd
        else None
    )
    basis = tuple(str(item) for item in procedure.legal_basis) if is_approved else (decision.legal_basis,)
    sheet = DecisionSheet(
        letterhead=_letterhead(dossier, decision.decided_at),
        outcome=Outcome.APPROVE if is_approved else Outcome.REFUSE,
        addressee=_person(dossier),
        procedure=procedure.name,
        received_on=timezone.localdate(dossier.filed_at),
        legal_basis=basis,
        result=procedure.results[0].name if is_approved else "",
        payment=payment,
        changes=_changes(decision),
        reason=decision.reason,
        reason_code=decision.reason_code,
        next_step=_answer_in_words(dossier, "result_delivery") if is_approved else "",
        signed_by=decision.decided_by.full_name,
        signed_as=decision.decided_by.get_role_display(),
        proof=_proof(dossier, _last_filing(dossier, decision.decided_at)),
    )
    return decision_pdf(sheet)


def _changes(decision: Decision) -> tuple[Change, ...]:
    """Where the amount departs from the estimate the filer saw."""
    lines = decision.revision.lines if decision.revision else []
    return tuple(Change(line["label"], line["before"], line["after"], line["reason"]) for line in lines)


_TO_DO = {PAPER: "Nộp bản đầy đủ, rõ nét", QUESTION: "Khai lại"}


def supplement_pdf_for(request: SupplementRequest) -> bytes:
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ."""
    dossier = request.dossier
    defects = [
        Defect(subject=asked.item.title, action=_TO_DO[asked.item.kind], reason=asked.reason)
        for asked in asked_in(request)
    ]
    sheet = SupplementSheet(
        letterhead=_letterhead(dossier, request.requested_at),
        filer=_person(dossier),
        procedure=procedure_of(dossier).name,
        defects=tuple(defects),
        reason=request.reason,
        answer_by=request.answer_by,
        how=_how_to_supplement(dossier),
        officer=request.requested_by.full_name,
        proof=_proof(dossier, _last_filing(dossier)),
    )
    return supplement_request_pdf(sheet)


def _how_to_supplement(dossier: Dossier) -> str:
    if dossier.channel == Channel.ELECTRONIC:
        return f"Đăng nhập {settings.PUBLIC_URL}, mở hồ sơ {dossier.reference}, nộp bổ sung và ký lại."
    return f"Mang hoặc gửi giấy tờ đến {dossier.office}, ghi rõ mã hồ sơ {dossier.reference}."


def form_pdf_for(dossier: Dossier) -> bytes:
    """The completed form (14-HSB …), signed or, for a draft, marked as a preview."""
    procedure = procedure_of(dossier)
    filing = dossier.filings.order_by("-number").first()
    office = dossier.office
    sheet = FormSheet(
        form=procedure.form,
        title="ĐƠN ĐỀ NGHỊ",
        subtitle=procedure.name,
        addressed_to=office.official_name if office else procedure.agency,
        sections=tuple(
            Section(step.step.title, tuple(_item(answer) for answer in step.answers if _is_given(answer)))
            for step in answers_in_words(dossier)
        ),
        commitment=COMMITMENT,
        place=office.name if office else "……",
        written_at=filing.filed_at if filing else timezone.now(),
        proof=_proof(dossier, filing),
    )
    return form_pdf(sheet)


def signing_pdf_for(dossier: Dossier) -> bytes:
    """What somebody with a certificate signs instead of the bare content: the completed form with the digest of
    the whole content on it. The same content gives the same bytes. Raises UnknownOffice."""
    procedure, digest = procedure_of(dossier), content.digest_of(dossier)
    office = dossier.office
    sheet = FormSheet(
        form=procedure.form,
        title="ĐƠN ĐỀ NGHỊ",
        subtitle=procedure.name,
        addressed_to=office.official_name if office else procedure.agency,
        sections=tuple(
            Section(step.step.title, tuple(_item(answer) for answer in step.answers if _is_given(answer)))
            for step in answers_in_words(dossier)
        ),
        commitment=COMMITMENT,
        place=office.name if office else "……",
        written_at=dossier.updated_at,
        is_to_sign=True,
        proof=Proof(
            reference=dossier.reference or "",
            tracking_url=settings.PUBLIC_URL,
            short_digest=short_digest(digest),
            digest=digest,
        ),
    )
    return form_pdf(sheet)


def papers_of(notice: Notice) -> Sequence[Attached]:
    """The paper that goes with a notice by e-mail, if there is one."""
    dossier = notice.dossier
    match notice.kind:
        case Notice.Kind.RECEIPT | Notice.Kind.SUPPLEMENTED:
            return [_attached("giay-tiep-nhan", dossier, receipt_pdf_for(dossier))]
        case Notice.Kind.APPROVED | Notice.Kind.REFUSED:
            return [_attached("thong-bao-ket-qua", dossier, decision_pdf_for(dossier.decisions.latest("pk")))]
        case Notice.Kind.SUPPLEMENT_REQUESTED:
            request = dossier.supplement_requests.latest("id")
            return [_attached("phieu-yeu-cau-bo-sung", dossier, supplement_pdf_for(request))]
        case Notice.Kind.APOLOGISED:
            return [_attached("phieu-xin-loi", dossier, apology_pdf_for(dossier.apology))]
    return []


def _attached(name: str, dossier: Dossier, content: bytes) -> Attached:
    return Attached(f"{name}-{dossier.reference}.pdf", content, "application/pdf")


def tracking_url(dossier: Dossier) -> str:
    """Where anybody holding the receipt can follow the dossier."""
    return f"{settings.PUBLIC_URL}/tra-cuu/?ma={dossier.reference or ''}"


def verify_url(dossier: Dossier, filing: Filing) -> str:
    """Where anybody holding the receipt can have it checked."""
    code = short_digest(filing.digest)
    return f"{settings.PUBLIC_URL}/kiem-chung/?ma={dossier.reference or ''}&nd={code}"


def _log_lines(data: dict[str, Any] | None) -> tuple[str, ...]:
    """The proof in short: the whole of it is inside the PDF and in the file beside it."""
    if data is None:
        return ()
    proof = data["proof"]
    if proof["checkpoint"] is None:
        return ("Bằng chứng trong sổ nhật ký có sau một phút: tải lại giấy này ở trang hồ sơ.",)
    _, size, root, at = proof["checkpoint"].split("\n")[:4]
    closed = timezone.localtime(datetime.fromisoformat(at))
    return (
        f"Sổ nhật ký: dòng {proof['index']}, có trong điểm chốt {size} dòng lúc "
        f"{closed:%H:%M:%S} {format_date(closed)}, gốc {base64.b64decode(root).hex()[:16]}…, "
        f"khóa {proof['key']['id']}. Bằng chứng đầy đủ nằm trong tệp PDF này (giay-tiep-nhan.json).",
    )


def _last_filing(dossier: Dossier, by: datetime | None = None) -> Filing:
    """What was signed last, up to a moment."""
    filings = dossier.filings.filter(filed_at__lte=by) if by else dossier.filings.all()
    return filings.latest("number")


def _letterhead(dossier: Dossier, issued_at: datetime) -> Letterhead:
    if dossier.office is None:
        raise Filing.DoesNotExist("a draft has no office and no papers")
    return Letterhead(
        office=dossier.office.official_name,
        place=dossier.office.name,
        number=dossier.reference or "",
        issued_at=issued_at,
    )


def _person(dossier: Dossier) -> Person:
    known = {name: _answer_in_words(dossier, name) for name in PERSON_QUESTIONS}
    return Person(name=known.pop("full_name") or dossier.filer.full_name, **known)


PERSON_QUESTIONS = ("full_name", "bhxh_number", "birth_date", "identity_number", "address", "phone", "email")


def _answer_in_words(dossier: Dossier, name: str) -> str:
    try:
        question = procedure_of(dossier).question(name)
    except KeyError:
        return ""
    return in_words(question, dossier.answers.get(name))


def _payment_method(dossier: Dossier) -> str:
    method = _answer_in_words(dossier, "payment_method")
    account = str(dossier.answers.get("account_number", ""))
    return f"{method}: {mask_account(account)}, {_answer_in_words(dossier, 'bank')}" if account else method


def _is_printed(deadline: Deadline, dossier: Dossier) -> bool:
    return not deadline.is_later_rule and deadline.when.holds(dossier.answers)


def _limit(deadline: Deadline) -> Limit:
    unit = "ngày làm việc" if deadline.unit is Unit.WORKING_DAY else "ngày"
    return Limit(
        words=f"{deadline.value} {unit} kể từ ngày nhận đủ hồ sơ",
        basis=str(deadline.basis),
        is_unsure=deadline.basis.is_unsure,
    )


def _proof(dossier: Dossier, filing: Filing | None) -> Proof:
    if filing is None:
        return Proof(reference=dossier.reference or "", tracking_url=tracking_url(dossier))
    return Proof(
        reference=dossier.reference or "",
        tracking_url=tracking_url(dossier),
        short_digest=short_digest(filing.digest),
        digest=filing.digest,
        signing=_signing(dossier, filing),
    )


def _signing(dossier: Dossier, filing: Filing) -> Signing | None:
    signer, at = dossier.filer.full_name, filing.filed_at
    if certificate := filing.certificate:
        means = f"chứng thư số do {certificate.issuer} cấp"
        return Signing(signer=signer, means=means, signed_at=at, transaction=f"số {certificate.serial}")
    code = filing.code
    if code is None:
        return None
    means = f"mã xác thực giao dịch điện tử {_CARRIED[code.channel]}"
    if code.channel in ("sms", "email"):
        means += f" {mask_phone(code.destination) if code.channel == 'sms' else mask_email(code.destination)}"
    return Signing(
        signer=signer, means=means, signed_at=at, transaction=f"giao dịch {str(code.challenge)[:8]}"
    )


def _is_given(answer: AnswerInWords) -> bool:
    return bool(answer.text) or answer.table is not None


def _item(answer: AnswerInWords) -> Field | Table:
    if answer.table is None:
        return Field(answer.question.label, answer.text)
    numbers = (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL)
    return Table(
        answer.question.label,
        tuple(Column(column.label, is_number=column.kind in numbers) for column in answer.table.columns),
        answer.table.rows,
    )
