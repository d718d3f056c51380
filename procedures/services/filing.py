"""Nộp hồ sơ: asking for the transaction code and filing with it, or with a digital certificate.

One transaction spends the code or keeps the certificate's signature, writes the Filing, advances the dossier and
writes the outbox row. A double click, a second tab or a replayed request finds the first filing and gets the
same receipt.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Office, TransactionCode, User
from accounts.services import certificates, codes, outbox
from portal.lib import chaos
from portal.lib.vietnamese import fold
from procedures.domain.errors import DomainError, NotAllowed
from procedures.domain.lifecycle import Act, Status
from procedures.domain.routing import Routing
from procedures.models import Dispatch, Dossier, Filing
from procedures.selectors.definitions import legal_day_of, procedure_of
from procedures.services import content, cosigning, estimates, files, originals, papers, supplements
from procedures.services.lifecycle import advance, locked
from procedures.services.references import next_reference

logger = logging.getLogger(__name__)

SIGNABLE = (Status.DRAFT, Status.SUPPLEMENT_REQUESTED)
# Uses up what was verified, and gives the field of the Filing that says what it was.
Sign = Callable[[], dict[str, Any]]


def ask_for_code(dossier: Dossier, channel: str) -> TransactionCode:
    """Have a transaction code sent for exactly this content.

    Raises:
        DomainError: the dossier isn't ready to be filed, or isn't open for signing.
        CodeRefused: the person must wait before the next code, or the channel isn't confirmed.
    """
    if dossier.status not in SIGNABLE:
        raise NotAllowed("Hồ sơ này đã nộp nên không cần ký nữa.")
    _require_ready(dossier)
    procedure = procedure_of(dossier)
    return codes.ask_code(
        user=dossier.filer,
        purpose=TransactionCode.Purpose.SIGN,
        digest=content.digest_of(dossier),
        subject=procedure.plain_name,
        channel=channel,
        account_tail=str(dossier.answers.get("account_number", ""))[-4:],
    )


def file_dossier(dossier: Dossier, filer: User, typed_code: str) -> Filing:
    """Sign the dossier with the typed code and file it; or give back the filing there is already.

    Raises:
        CodeRefused: one calm answer for a wrong, old, used or foreign code. The try is counted.
        DomainError: the dossier can't be filed as it is.
    """
    already = _last_filing(dossier)
    if already and dossier.status not in SIGNABLE:
        return already
    _require_ready(dossier)
    _require_whole(dossier)
    digest = content.digest_of(dossier)
    try:
        # Outside the transaction: a try must stay counted whatever happens after it.
        code = codes.verify(filer, TransactionCode.Purpose.SIGN, digest, typed_code)
    except codes.CodeRefused:
        # The other click of a double click may have spent the code just now.
        dossier.refresh_from_db(fields=["status"])
        if dossier.status in SIGNABLE:
            raise
        return _filed_meanwhile(dossier)

    def spend() -> dict[str, Any]:
        if not codes.spend(code):
            raise codes.CodeRefused()
        return {"code": code}

    return _file(dossier, filer, digest, spend)


def file_with_certificate(dossier: Dossier, filer: User, container: bytes) -> Filing:
    """Sign the dossier with a digital certificate and file it; or give back the filing there is already.

    ``container``: a detached CMS signature of content.signed_content, or papers.signing_pdf_for signed.

    Raises:
        CertificateRefused: with its own words for each reason.
        CodeNotSent: nobody has vouched for the account yet.
        DomainError: the dossier can't be filed as it is.
    """
    already = _last_filing(dossier)
    if already and dossier.status not in SIGNABLE:
        return already
    _require_ready(dossier)
    _require_whole(dossier)
    signed = content.signed_content(dossier)
    checked = certificates.check(filer, signed, container, lambda: papers.signing_pdf_for(dossier))
    return _file(dossier, filer, checked.digest, lambda: {"certificate": certificates.keep(checked)})


def _file(dossier: Dossier, filer: User, digest: str, sign: Sign) -> Filing:
    """The act itself, in one transaction, whatever it is signed with."""
    with transaction.atomic():
        fresh = locked(dossier)
        if fresh.status not in SIGNABLE:
            return _filed_meanwhile(fresh)
        prefetch_related_objects([fresh], "attachments")
        routing = None if fresh.office_id else content.routing_of(fresh)
        signed = content.signed_content(fresh, routing)
        if content.digest(signed) != digest:
            raise DomainError("Hồ sơ vừa được sửa ở cửa sổ khác. Xin xem lại nội dung và ký lại.")
        filing = _write_filing(fresh, digest, signed, sign())
        is_first = filing.number == 1
        if is_first:
            _route(fresh, routing or content.routing_of(fresh))
        _sign_papers(fresh, filing)
        supplements.close_request(fresh)
        act = Act.FILE if is_first else Act.SUPPLEMENT
        detail = {"digest": digest, "filing": filing.number}
        advance(fresh, act, actor=filer, detail=detail, subject=filing)
        Dispatch.objects.create(filing=filing, office_id=str(fresh.office_id))
        outbox.wake_sweeper()
        chaos.step("before_commit", fresh.pk)
    chaos.step("after_commit", fresh.pk)
    return filing


def is_ready(dossier: Dossier) -> bool:
    """Whether nothing stands between the dossier and its signature."""
    if dossier.status == Status.SUPPLEMENT_REQUESTED:
        return not supplements.unanswered(dossier) and not content.held_account(dossier)
    return content.readiness(dossier).is_ready


def _require_ready(dossier: Dossier) -> None:
    if not is_ready(dossier):
        raise DomainError(
            "Hồ sơ còn thiếu thông tin hoặc giấy tờ nên chưa nộp được. Xin xem danh sách bên dưới."
        )
    if dossier.status == Status.DRAFT and cosigning.are_missing(dossier):
        raise DomainError("Còn người chưa cùng ký. Ông/bà ký và nộp sau cùng, khi mọi người đã ký.")


def _require_whole(dossier: Dossier) -> None:
    """That the new files still are the bytes that are signed. Raises DomainError."""
    for attachment in content.wanted_attachments(dossier):
        if attachment.filing_number is not None:
            continue
        try:
            files.original_of(attachment)
        except files.DamagedFile as error:
            logger.exception("dossier %s can't be signed", dossier.public_id)
            raise DomainError(
                f"Tệp “{attachment.name}” không còn nguyên vẹn nên chưa ký được. Xin xóa tệp đó và tải lại."
            ) from error


def _last_filing(dossier: Dossier) -> Filing | None:
    return dossier.filings.order_by("-number").first()


def _filed_meanwhile(dossier: Dossier) -> Filing:
    """The filing somebody made since this request began. Raises CodeRefused when there is none."""
    filing = _last_filing(dossier)
    if filing is None or dossier.status in SIGNABLE:
        raise codes.CodeRefused
    return filing


def _write_filing(dossier: Dossier, digest: str, signed: bytes, signature: dict[str, Any]) -> Filing:
    last = _last_filing(dossier)
    return Filing.objects.create(
        dossier=dossier,
        number=last.number + 1 if last else 1,
        digest=digest,
        signed_content=signed,
        **signature,
    )


def _route(dossier: Dossier, routing: Routing) -> None:
    """Give a first filing its office, its reference and its estimate, as they are at this moment."""
    dossier.office = Office.objects.get(key=routing.office_key)
    dossier.routing = {
        "words": routing.words,
        "basis": str(routing.basis),
        "onward_office": routing.onward_office_key,
        "legal_day": legal_day_of(dossier).isoformat(),
    }
    dossier.reference = next_reference(dossier.office, timezone.localdate())
    dossier.estimate = estimates.stored_estimate(dossier)
    dossier.search_text = _search_text(dossier)
    Dossier.objects.filter(pk=dossier.pk).update(
        office=dossier.office,
        routing=dossier.routing,
        reference=dossier.reference,
        estimate=dossier.estimate,
        search_text=dossier.search_text,
        filed_at=Now(),
    )


def _search_text(dossier: Dossier) -> str:
    words = [
        dossier.reference or "",
        dossier.filer.full_name,
        *(
            str(dossier.answers.get(name, ""))
            for name in ("full_name", "bhxh_number", "identity_number", "phone")
        ),
    ]
    return fold(" ".join(dict.fromkeys(words)))


def _sign_papers(dossier: Dossier, filing: Filing) -> None:
    procedure = procedure_of(dossier)
    attachments = content.wanted_attachments(dossier)
    new = [attachment.pk for attachment in attachments if attachment.filing_number is None]
    dossier.attachments.filter(pk__in=new).update(filing_number=filing.number)
    promised = content.to_follow(dossier, procedure, {attachment.document for attachment in attachments})
    originals.promise(dossier, promised)
