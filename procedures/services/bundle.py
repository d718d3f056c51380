"""Bộ bằng chứng: everything about a dossier in one ZIP that verifies without the portal and without a
network."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from accounts.models import CertificateSignature
from portal.lib.uploads import CONTENT_TYPES
from procedures.domain import leaves
from procedures.models import Attachment, Dossier, Filing, Leaf
from procedures.selectors.access import looks_at
from procedures.selectors.decisions import decisions_of
from procedures.services import checkpoints, evidence, files, papers

SCRIPT = "verify_receipt.py"
INDEX = "muc-luc.json"
MOST_LOOKS = 10_000
EXTENSIONS = {content_type: kind.value for kind, content_type in CONTENT_TYPES.items()}


def bundle_of(dossier: Dossier) -> bytes:
    """The ZIP of a filed dossier. The same rows give the same bytes."""
    files = dict(_files(dossier))
    listed = _index(dossier, files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in [*sorted(files.items()), (INDEX, _json(listed))]:
            is_packed_already = name.endswith((".jpeg", ".png", ".pdf"))
            packed.writestr(
                zipfile.ZipInfo(name),  # without the clock: 1980-01-01
                content,
                zipfile.ZIP_STORED if is_packed_already else zipfile.ZIP_DEFLATED,
            )
    return out.getvalue()


def _files(dossier: Dossier) -> Iterator[tuple[str, bytes]]:
    yield SCRIPT, Path(settings.BASE_DIR, SCRIPT).read_bytes()
    yield "keys.json", checkpoints.keys_text().encode()
    yield "DOC-TRUOC.txt", render_to_string("procedures/evidence_readme.txt", {"dossier": dossier}).encode()
    for filing in dossier.filings.select_related("certificate"):
        yield _content_name(filing), bytes(filing.signed_content)
        yield from _signature(filing)
    for leaf in _leaves(dossier):
        yield _proof_name(leaf), _json(evidence.document_of(dossier, leaf))
    for attachment in _signed(dossier):
        yield _attachment_name(attachment), files.original_of(attachment)
    yield "giay-to-cua-cong/giay-tiep-nhan.pdf", papers.receipt_pdf_for(dossier)
    yield "giay-to-cua-cong/don.pdf", papers.form_pdf_for(dossier)
    for request in dossier.supplement_requests.all():
        yield f"giay-to-cua-cong/yeu-cau-bo-sung-{request.pk}.pdf", papers.supplement_pdf_for(request)
    for number, decision in enumerate(decisions_of(dossier), start=1):
        name = "ket-qua" if number == 1 else f"ket-qua-lan-{number}"
        yield f"giay-to-cua-cong/{name}.pdf", papers.decision_pdf_for(decision)
    yield "tin-nhan.json", _json(list(_messages(dossier)))
    yield "nguoi-xem.json", _json(list(_looks(dossier)))


def _index(dossier: Dossier, files: dict[str, bytes]) -> dict[str, Any]:
    """What is in the bundle, and what verify_receipt.py has to put together."""
    proofs = {leaf.event_id: _proof_name(leaf) for leaf in _leaves(dossier)}
    acts = {
        event.detail.get("filing"): proofs.get(event.pk)
        for event in dossier.events.filter(act__in=["file", "supplement"])
    }
    return {
        "reference": dossier.reference,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        "proofs": sorted(proofs.values()),
        "filings": [
            {"content": _content_name(filing), "proof": acts[filing.number], **_signature_entry(filing)}
            for filing in dossier.filings.select_related("certificate")
            if acts.get(filing.number)
        ],
        "attachments": {one.sha256: _attachment_name(one) for one in _signed(dossier)},
    }


def _leaves(dossier: Dossier) -> list[Leaf]:
    """Of every act since the first filing."""
    found = Leaf.objects.filter(event__dossier=dossier).exclude(event__status="draft")
    return list(found.select_related("event__actor", "event__dossier").order_by("event_id"))


def _signed(dossier: Dossier) -> list[Attachment]:
    return list(dossier.attachments.filter(filing_number__isnull=False).order_by("pk"))


def _messages(dossier: Dossier) -> Iterator[dict[str, Any]]:
    for notice in dossier.notices.filter(recipient=dossier.filer).order_by("pk"):
        yield {
            "kind": notice.get_kind_display(),
            "channel": notice.channel,
            "destination": notice.destination,
            "state": notice.get_state_display(),
            "made_at": leaves.moment(notice.created_at),
            "sent_at": leaves.moment(notice.done_at) if notice.done_at else None,
            "delivered_at": leaves.moment(notice.delivered_at) if notice.delivered_at else None,
        }


def _looks(dossier: Dossier) -> Iterator[dict[str, Any]]:
    for look in looks_at(dossier, limit=MOST_LOOKS).looks:
        yield {"at": leaves.moment(look.at), "who": look.who, "what": look.what, "purpose": look.purpose}


def _signature(filing: Filing) -> Iterator[tuple[str, bytes]]:
    """The certificate's signature, the chain behind it, and what showed that nothing of it was revoked."""
    signed = filing.certificate
    if signed is None:
        return
    name = f"chu-ky-so/lan-{filing.number}"
    yield _signature_name(filing), bytes(signed.container)
    yield f"{name}-chung-thu.pem", "".join(map(_pem, signed.chain)).encode()
    for number, der in enumerate(signed.status_proofs, start=1):
        yield f"{name}-thu-hoi-{number}.der", base64.b64decode(der)


def _signature_entry(filing: Filing) -> dict[str, str]:
    """Where the certificate's signature is, for verify_receipt.py to hold against the log."""
    return {"signature": _signature_name(filing)} if filing.certificate else {}


def _signature_name(filing: Filing) -> str:
    is_pdf = filing.certificate is not None and filing.certificate.kind == CertificateSignature.Kind.PDF
    return f"chu-ky-so/lan-{filing.number}.{'pdf' if is_pdf else 'p7s'}"


def _pem(der: str) -> str:
    lines = "\n".join(der[at : at + 64] for at in range(0, len(der), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def _content_name(filing: Filing) -> str:
    return f"noi-dung-da-ky/lan-{filing.number}.json"


def _proof_name(leaf: Leaf) -> str:
    return f"bang-chung/{leaf.event_id:08d}-{leaf.event.act}.json"


def _attachment_name(attachment: Attachment) -> str:
    """A name of our own: the client's may lie."""
    extension = EXTENSIONS.get(attachment.content_type, "bin")
    return f"giay-to/{attachment.document}-{attachment.pk}.{extension}"


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
