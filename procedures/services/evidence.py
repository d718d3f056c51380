"""What a citizen can show others: the proof of an act as JSON, and everything about a dossier as one
bundle that verifies without the portal."""

import base64
from typing import Any

from django.conf import settings

from portal.lib.digests import short_digest
from procedures.domain import leaves
from procedures.domain.digest import normal
from procedures.models import Dossier, Leaf
from procedures.selectors import log as tree
from procedures.selectors.definitions import procedure_of

FORMAT = "bhxh-proof/1"


def receipt_of(dossier: Dossier) -> dict[str, Any] | None:
    """The receipt of the first filing as data; None for a draft, and for filings older than the log."""
    filing = dossier.filings.select_related("code", "certificate").filter(number=1).first()
    leaf = tree.filing_leaf(filing) if filing else None
    return document_of(dossier, leaf) if leaf else None


def document_of(dossier: Dossier, leaf: Leaf) -> dict[str, Any]:
    """One act of a dossier with its proof, as verify_receipt.py reads it."""
    event, salt = leaf.event, bytes(leaf.salt)
    record = normal(tree.record_of(event, event.actor, tree.subject_of(event)))
    said = leaves.read_leaf(bytes(leaf.content))
    procedure = procedure_of(dossier)
    return {
        "format": FORMAT,
        "portal": settings.PUBLIC_URL,
        "keys": f"{settings.PUBLIC_URL}/so-nhat-ky/",
        "reference": dossier.reference or "",
        "public_id": str(dossier.public_id),
        "procedure": {"code": procedure.code, "edition": procedure.edition, "name": procedure.name},
        "office": said["office"],
        "at": said["at"],
        "digest": said["digest"],
        "short_digest": short_digest(said["digest"]) if said["digest"] else "",
        "signature": record.get("signature", {}) if isinstance(record, dict) else {},
        "proof": {
            "salt": salt.hex(),
            "record": record,
            "leaf": bytes(leaf.content).decode(),
            "leaf_hash": bytes(leaf.hash).hex(),
            **_place_of(leaf),
        },
    }


def _place_of(leaf: Leaf) -> dict[str, Any]:
    """Where the leaf stands; nothing yet in the minute before the next checkpoint."""
    proof = tree.proof_of(leaf)
    if proof is None:
        return {"index": None, "inclusion": None, "checkpoint": None, "key": None}
    key = proof.checkpoint.key
    return {
        "index": proof.index,
        "inclusion": [step.hex() for step in proof.path],
        "checkpoint": proof.checkpoint.note,
        "key": {"id": key.key_id, "public_key": base64.b64encode(bytes(key.public_key)).decode()},
    }
