"""Cùng ký: everybody who has to sign signs the same digest, each with an own code, at their own time.

A change of the dossier voids every signature given to the old content; each signer is told why and
asked anew. The filer signs last, and only then is the dossier filed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.models import Role, TransactionCode, User
from accounts.services import certificates, codes, outbox
from procedures.domain.answers import relevant_answers
from procedures.domain.errors import DomainError, NotAllowed, UnknownOffice
from procedures.domain.lifecycle import Status
from procedures.domain.reading import rows
from procedures.models import CoSignature, Dossier, DossierEvent, Notice
from procedures.selectors.definitions import procedure_of
from procedures.services import content, notices, papers
from procedures.services.lifecycle import locked, note

ASKED, SIGNED, VOIDED = "co_sign_asked", "co_signed", "co_signature_voided"  # entries of the history
CHANGED = "Nội dung hồ sơ đã được sửa sau khi ông/bà ký."
LEFT_OUT = "Ông/bà không còn trong danh sách người cùng ký."


@dataclass(frozen=True, slots=True)
class CoSigner:
    """A person of the dossier who has to sign, and how far that is."""

    full_name: str
    bhxh_number: str
    signature: CoSignature | None
    has_account: bool

    @property
    def has_signed(self) -> bool:
        return self.signature is not None and self.signature.signed_at is not None


def co_signers(dossier: Dossier) -> list[CoSigner]:
    """Who has to sign with the filer, in the order of the form; none for most procedures."""
    people = _people(dossier)
    live = {row.bhxh_number: row for row in dossier.co_signatures.filter(voided_at__isnull=True)}
    known = set(_accounts(people.keys()).values_list("login", flat=True))
    return [CoSigner(name, number, live.get(number), number in known) for number, name in people.items()]


def are_missing(dossier: Dossier) -> bool:
    """Whether somebody's signature is still awaited."""
    return any(not person.has_signed for person in co_signers(dossier))


def ask(dossier: Dossier) -> None:
    """Ask everybody who hasn't been asked yet; those with an account are told.

    Raises DomainError while the dossier isn't complete: they would sign something unfinished.
    """
    if not content.readiness(dossier).is_ready:
        raise DomainError("Xin hoàn thành hồ sơ trước khi mời người khác cùng ký.")
    with transaction.atomic():
        fresh = locked(dossier)
        if fresh.status != Status.DRAFT:
            raise NotAllowed("Hồ sơ này đã nộp.")
        for person in co_signers(fresh):
            if person.signature is None:
                _ask(fresh, person.bhxh_number, person.full_name)
        outbox.wake_sweeper()


def ask_for_code(signature: CoSignature, signer: User, channel: str) -> TransactionCode:
    """Have a code sent to a co-signer for exactly the content as it is now. Raises as codes.ask_code."""
    dossier = _open(signature, signer).dossier
    return codes.ask_code(
        user=signer,
        purpose=TransactionCode.Purpose.SIGN,
        digest=content.digest_of(dossier),
        subject=procedure_of(dossier).plain_name,
        channel=channel,
    )


def sign(signature: CoSignature, signer: User, typed_code: str) -> None:
    """Sign with the typed code. Signing twice changes nothing.

    Raises:
        CodeRefused: one calm answer for every wrong code; the try is counted.
        DomainError: the signature is no longer asked for.
    """
    dossier = _open(signature, signer).dossier
    digest = content.digest_of(dossier)
    code = codes.verify(signer, TransactionCode.Purpose.SIGN, digest, typed_code)
    with transaction.atomic():
        fresh = _locked_for(dossier, digest)
        if not codes.spend(code):
            raise codes.CodeRefused()
        _write(fresh, signature, signer, digest=digest, code=code)


def sign_with_certificate(signature: CoSignature, signer: User, container: bytes) -> None:
    """Sign with a digital certificate. Raises as filing.file_with_certificate."""
    dossier = _open(signature, signer).dossier
    signed = content.signed_content(dossier)
    checked = certificates.check(signer, signed, container, lambda: papers.signing_pdf_for(dossier))
    with transaction.atomic():
        fresh = _locked_for(dossier, checked.digest)
        certificate = certificates.keep(checked)
        _write(fresh, signature, signer, digest=checked.digest, certificate=certificate)


def _locked_for(dossier: Dossier, digest: str) -> Dossier:
    """The draft, locked, if it still is what was signed. Raises DomainError."""
    fresh = locked(dossier)
    if fresh.status != Status.DRAFT or content.digest_of(fresh) != digest:
        raise DomainError("Hồ sơ vừa được sửa. Xin xem lại nội dung và ký lại.")
    return fresh


def _write(dossier: Dossier, signature: CoSignature, signer: User, **signed: Any) -> None:
    """Mark one open request signed and tell the filer, in the caller's transaction."""
    unsigned = CoSignature.objects.filter(pk=signature.pk, voided_at__isnull=True, signed_at__isnull=True)
    if not unsigned.update(signer=signer, signed_at=Now(), **signed):
        raise NotAllowed("Hồ sơ này không còn chờ ông/bà ký.")
    event = _event(dossier, SIGNED, signer)
    notices.notify(dossier, event, Notice.Kind.CO_SIGNED)
    outbox.wake_sweeper()


def void_stale(dossier: Dossier) -> None:
    """Void signatures that were given to another content, in the transaction of the change."""
    signed = dossier.co_signatures.filter(voided_at__isnull=True)
    if not signed.exists():
        return
    people, digest = _people(dossier), _digest(dossier)
    for signature in signed.select_related("signer"):
        if signature.bhxh_number not in people:
            _void(signature, LEFT_OUT)
        elif signature.signed_at and signature.digest != digest:
            _void(signature, CHANGED)
            _ask(dossier, signature.bhxh_number, people[signature.bhxh_number])


def _people(dossier: Dossier) -> dict[str, str]:
    """Numbers and names of those who have to sign; the filer's own row isn't among them."""
    procedure = procedure_of(dossier)
    asked = procedure.co_signers
    if asked is None:
        return {}
    known = relevant_answers(procedure, dossier.answers)
    return {
        str(row[asked.bhxh_number_column]): str(row.get(asked.name_column, ""))
        for row in rows(known, asked.table)
        if asked.when.holds(row)
        and row.get(asked.bhxh_number_column)
        and row[asked.bhxh_number_column] != dossier.filer.login
    }


def _digest(dossier: Dossier) -> str:
    try:
        return content.digest_of(dossier)
    except UnknownOffice:
        return ""


def _accounts(numbers: Iterable[str]) -> QuerySet[User]:
    return User.objects.filter(login__in=list(numbers), role=Role.CITIZEN, is_active=True)


def _ask(dossier: Dossier, bhxh_number: str, full_name: str) -> None:
    CoSignature.objects.create(dossier=dossier, bhxh_number=bhxh_number, full_name=full_name)
    account = _accounts([bhxh_number]).first()
    if account:
        notices.notify(dossier, _event(dossier, ASKED, None), Notice.Kind.CO_SIGN_ASKED, account)


def _void(signature: CoSignature, reason: str) -> None:
    CoSignature.objects.filter(pk=signature.pk).update(voided_at=Now(), void_reason=reason)
    if signature.signer is None:
        return
    event = _event(signature.dossier, VOIDED, None)
    notices.notify(signature.dossier, event, Notice.Kind.CO_SIGNATURE_VOIDED, signature.signer)
    outbox.wake_sweeper()


def _event(dossier: Dossier, act: str, actor: User | None) -> DossierEvent:
    return note(dossier, act, actor=actor)


def _open(signature: CoSignature, signer: User) -> CoSignature:
    """The signature if this person may give it now. Raises NotAllowed."""
    is_open = signature.voided_at is None and signature.signed_at is None
    if not is_open or signature.bhxh_number != signer.login or signature.dossier.status != Status.DRAFT:
        raise NotAllowed("Hồ sơ này không còn chờ ông/bà ký.")
    return signature
