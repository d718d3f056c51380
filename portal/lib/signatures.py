"""Chữ ký số: whether a file signs exactly these bytes, and whose certificate did it.

A detached CMS signature (RFC 5652: a ``.p7s``, DER or PEM, as ``openssl cms -sign`` makes) or a PDF signed on
top of the one that was handed out (PAdES). The chain, its revocation and the algorithms are pyHanko's to judge,
against the anchors, CRLs and OCSP answers of a folder: nothing is fetched, and what nothing is known about is
refused.
"""

import asyncio
import hashlib
import io
import logging
import re
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from asn1crypto import cms, core, crl, ocsp, pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESSubIndic
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import (
    SignatureCoverageLevel,
    async_validate_detached_cms,
    async_validate_pdf_signature,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator import ValidationContext

logger = logging.getLogger(__name__)
# What it says of every refused certificate names the person on it.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

MOST_BYTES_OF_CMS = 128 * 1024
MOST_BYTES_ADDED = 1024 * 1024  # to a PDF by its signature
# Individuals' certificates of the public authorities name the paper in UID: "CMND:001185000018" (unsure: seen
# in use, no text read). serialNumber is where others have it.
_NUMBER = re.compile(r"(?:CMND|CCCD|CC)\s*:\s*([0-9]{12}|[0-9]{9})(?![0-9])")
_USES = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False, extd_key_usage=None
)

Answer = TypeVar("Answer")


class Reason(StrEnum):
    """Why a signature doesn't count."""

    UNREADABLE = "unreadable"  # no CMS signature, no signed PDF
    OTHER_CONTENT = "other_content"  # not these bytes
    BROKEN = "broken"  # the mathematics don't hold
    WEAK = "weak"  # SHA-1, short keys
    UNKNOWN_ISSUER = "unknown_issuer"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    STATUS_UNKNOWN = "status_unknown"  # no fresh CRL or OCSP answer
    WRONG_USE = "wrong_use"  # not a certificate for signing, or otherwise against the rules of its chain


class SignatureRefused(Exception):
    """The file isn't a valid signature of these bytes."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.value)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose certificates count, and what is known about those taken back. All DER."""

    roots: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that holds, and the certificate behind it."""

    name: str  # CN of the subject
    numbers: tuple[str, ...]  # identity numbers the subject names
    issuer: str  # CN of the issuer
    serial: str  # hex
    valid_to: datetime
    fingerprint: str  # SHA-256 (hex) of the certificate
    mark: str  # SHA-256 (hex) of what the key really signed: the same for every copy of this signature
    claimed_at: datetime | None  # the signer's own clock
    chain: tuple[bytes, ...]  # DER, from the anchor to the signer
    status_proofs: tuple[bytes, ...]  # DER: CRLs and OCSP answers of this chain's issuers


def read_trust(folder: Path) -> Trust:
    """The trust list in a folder: ``*.pem, *.crt, *.cer`` are anchors (in ``intermediate/``: steps between),
    ``*.crl`` lists of revoked ones, ``*.ocsp`` answers. A damaged file is as good as none, and logged."""
    if not folder.is_dir():
        return Trust()
    return Trust(
        roots=_all(folder, (".pem", ".crt", ".cer"), x509.Certificate),
        intermediates=_all(folder / "intermediate", (".pem", ".crt", ".cer"), x509.Certificate),
        crls=_all(folder, (".crl",), crl.CertificateList),
        ocsps=_all(folder, (".ocsp",), ocsp.OCSPResponse),
    )


def check_cms(container: bytes, content: bytes, trust: Trust, at: datetime) -> Signed:
    """Judge a detached CMS signature over ``content``, at the moment ``at`` (aware). Raises SignatureRefused."""
    if len(container) > MOST_BYTES_OF_CMS:
        raise SignatureRefused(Reason.UNREADABLE)
    signed_data = _signed_data(container)

    def validate() -> Coroutine[Any, Any, StandardCMSSignatureStatus]:
        return async_validate_detached_cms(
            content, signed_data, _context(trust, at), key_usage_settings=_USES
        )

    status = _judged(validate)
    _require_good(status)
    return _signed(status, signed_data, trust)


def check_pdf(signed: bytes, original: bytes, trust: Trust, at: datetime) -> Signed:
    """Judge a PDF that was signed once on top of ``original``, byte for byte. Raises SignatureRefused."""
    if not signed.startswith(original.rstrip(b"\r\n")):
        raise SignatureRefused(Reason.OTHER_CONTENT)
    if len(signed) > len(original) + MOST_BYTES_ADDED:
        raise SignatureRefused(Reason.UNREADABLE)
    embedded = _only_signature(signed)

    def validate() -> Coroutine[Any, Any, Any]:
        return async_validate_pdf_signature(embedded, _context(trust, at), key_usage_settings=_USES)

    status = _judged(validate)
    _require_good(status)
    # After the signature only what proves its validity later (PAdES-LT) may have been added.
    is_whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not status.bottom_line or not (is_whole or status.modification_level == ModificationLevel.LTA_UPDATES):
        raise SignatureRefused(Reason.OTHER_CONTENT)
    return _signed(status, embedded.signed_data, trust)


# --- reading --------------------------------------------------------------------------------------


def _all(folder: Path, suffixes: tuple[str, ...], kind: type[core.Sequence]) -> tuple[bytes, ...]:
    if not folder.is_dir():
        return ()
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in suffixes)
    return tuple(der for file in files for der in _kept(file, kind))


def _ders(content: bytes, kind: type[core.Sequence]) -> list[bytes]:
    """One DER object, or all of a PEM file. Raises ValueError."""
    ders = [der for _, _, der in pem.unarmor(content, multiple=True)] if pem.detect(content) else [content]
    for der in ders:
        _ = kind.load(der, strict=True).native  # the whole of it, now rather than at somebody's signature
    return ders


def _kept(file: Path, kind: type[core.Sequence]) -> list[bytes]:
    try:
        return _ders(file.read_bytes(), kind)
    except (OSError, ValueError, TypeError):
        logger.exception("%s in the trust list can't be read", file.name)
        return []


def _signed_data(container: bytes) -> cms.SignedData:
    try:
        der = pem.unarmor(container)[2] if pem.detect(container) else container
        info = cms.ContentInfo.load(der, strict=True)
        is_signed = info["content_type"].native == "signed_data" and len(info["content"]["signer_infos"]) == 1
        # Void: detached. A copy of the content inside is nobody's proof of these bytes.
        is_detached = is_signed and info["content"]["encap_content_info"]["content"].native is None
    except (ValueError, TypeError, KeyError) as error:
        raise SignatureRefused(Reason.UNREADABLE) from error
    if not is_detached:
        raise SignatureRefused(Reason.UNREADABLE)
    return info["content"]


def _only_signature(signed: bytes) -> EmbeddedPdfSignature:
    try:
        found = PdfFileReader(io.BytesIO(signed)).embedded_regular_signatures
    except (PdfError, SigningError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise SignatureRefused(Reason.UNREADABLE) from error
    if len(found) != 1:
        raise SignatureRefused(Reason.UNREADABLE)
    signature: EmbeddedPdfSignature = found[0]
    return signature


# --- judging --------------------------------------------------------------------------------------


def _context(trust: Trust, at: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in trust.roots],
        other_certs=[x509.Certificate.load(der) for der in trust.intermediates],
        crls=list(trust.crls),
        ocsps=list(trust.ocsps),
        moment=at,
        allow_fetching=False,
        revocation_mode="require",
    )


def _judged(validate: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
    """pyHanko's verdict. It is asynchronous only for fetching, which is off; a thread of its own has no other
    event loop."""
    try:
        with ThreadPoolExecutor(1) as apart:
            return apart.submit(lambda: asyncio.run(validate())).result()
    except (SignatureValidationError, PdfError, SigningError) as error:
        raise SignatureRefused(Reason.UNREADABLE) from error
    except (ValueError, TypeError, KeyError, RecursionError, NotImplementedError) as error:
        raise SignatureRefused(Reason.UNREADABLE) from error


_REASONS: dict[AdESSubIndic, Reason] = {
    AdESIndeterminate.REVOKED_NO_POE: Reason.REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: Reason.REVOKED,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Reason.EXPIRED,
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: Reason.UNKNOWN_ISSUER,
    AdESIndeterminate.TRY_LATER: Reason.STATUS_UNKNOWN,
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE: Reason.STATUS_UNKNOWN,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: Reason.WEAK,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: Reason.WEAK,
}


def _require_good(status: Any) -> None:
    if not status.intact:
        raise SignatureRefused(Reason.OTHER_CONTENT)
    if not status.valid:
        raise SignatureRefused(Reason.BROKEN)
    problem = status.trust_problem_indic
    if problem is None:
        return
    if problem is not AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND and (
        status.signing_cert.not_valid_before > status.validation_time
    ):
        raise SignatureRefused(Reason.NOT_YET_VALID)
    raise SignatureRefused(_REASONS.get(problem, Reason.WRONG_USE))


def _signed(status: Any, signed_data: cms.SignedData, trust: Trust) -> Signed:
    certificate: x509.Certificate = status.signing_cert
    signer = signed_data["signer_infos"][0]
    chain = [it.dump() for it in status.validation_path.iter_certs(include_root=True)]
    subject = certificate.subject.native
    return Signed(
        name=_text(subject.get("common_name")),
        numbers=_numbers(subject),
        issuer=_text(certificate.issuer.native.get("common_name")) or certificate.issuer.human_friendly,
        serial=f"{certificate.serial_number:x}",
        valid_to=certificate.not_valid_after,
        fingerprint=certificate.sha256.hex(),
        mark=_mark(signer),
        claimed_at=status.signer_reported_dt,
        chain=tuple(chain),
        status_proofs=_proofs(trust, chain),
    )


def _mark(signer: cms.SignerInfo) -> str:
    """What the key signed, apart from the signature itself, which anybody may spell in another way."""
    attributes = signer["signed_attrs"]
    signed = (
        attributes.dump() if attributes is not core.VOID and len(attributes) else signer["signature"].native
    )
    return hashlib.sha256(signed).hexdigest()


def _text(value: object) -> str:
    """A name of a subject; of several the first."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value or "")


def _numbers(subject: dict[str, object]) -> tuple[str, ...]:
    found: list[str] = []
    for field in ("user_id", "serial_number"):
        value = subject.get(field) or []
        for text in value if isinstance(value, list) else [value]:
            found += _NUMBER.findall(str(text).upper())
    return tuple(dict.fromkeys(found))


def _proofs(trust: Trust, chain: list[bytes]) -> tuple[bytes, ...]:
    """The lists and answers that the issuers of this chain gave."""
    subjects = {x509.Certificate.load(der).subject.hashable for der in chain}
    lists = [der for der in trust.crls if crl.CertificateList.load(der).issuer.hashable in subjects]
    return (*lists, *(der for der in trust.ocsps if _is_about(der, chain)))


def _is_about(answer: bytes, chain: list[bytes]) -> bool:
    serials = {x509.Certificate.load(der).serial_number for der in chain}
    responses = ocsp.OCSPResponse.load(answer).response_data["responses"]
    return any(one["cert_id"]["serial_number"].native in serials for one in responses)
