"""Reading the log: what an act's leaf says, the proof that it is there, and what is published."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Max, Q, QuerySet

from accounts.models import CertificateSignature, Office, TransactionCode, User
from portal.lib.identifiers import mask_email, mask_phone
from procedures.domain import leaves, merkle
from procedures.domain.lifecycle import Act
from procedures.models import (
    Checkpoint,
    Decision,
    Dossier,
    DossierEvent,
    Filing,
    Leaf,
    LogKey,
    SupplementRequest,
    TreeNode,
)

Subject = Filing | Decision | SupplementRequest | None
Answer = TypeVar("Answer")

PAGE = 30


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that a leaf is in the log: the way to the root of the first checkpoint that has it."""

    leaf: Leaf
    index: int
    path: list[bytes]
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Page:
    checkpoints: list[Checkpoint]
    following: int | None  # where the next page begins


# --- what a leaf says -------------------------------------------------------------------------------


def record_of(event: DossierEvent, actor: User | None, subject: Subject) -> dict[str, object]:
    """The act in full, as its leaf covers it: the entry of the history, and the row it made."""
    return {
        "event": event.pk,
        "act": str(event.act),
        "status": str(event.status),
        "actor": str(actor.public_id) if actor else None,
        "detail": event.detail,
        **_facts(subject),
    }


def _facts(subject: Subject) -> dict[str, object]:
    match subject:
        case Filing():
            return {
                "filing": subject.number,
                "filed_at": leaves.moment(subject.filed_at),
                "signature": signature_record(subject),
            }
        case Decision():
            return {
                "outcome": str(subject.outcome),
                "amount_vnd": subject.amount_vnd,
                "reason_code": subject.reason_code,
                "reason": subject.reason,
                "legal_basis": subject.legal_basis,
                **({"revision": subject.revision.lines} if subject.revision else {}),
            }
        case SupplementRequest():
            return {
                "documents": list(subject.documents),
                "questions": list(subject.questions),
                "reason": subject.reason,
                **({"reasons": subject.reasons} if subject.reasons else {}),
                "answer_by": subject.answer_by.isoformat(),
            }
    return {}


def signature_record(filing: Filing) -> dict[str, object]:
    """How it was signed: what was used, where the code went (masked) and when it was asked for."""
    if filing.certificate:
        return _certificate_record(filing.certificate)
    return _code_record(filing.code) if filing.code else {}


def _certificate_record(signed: CertificateSignature) -> dict[str, object]:
    """Which certificate, and the hashes of the signature and of what showed that it was valid."""
    shown = [
        *(signed.holder, signed.identity_number, str(signed.user_id), signed.mark),
        *(leaves.moment(at) if at else "" for at in (signed.valid_to, signed.claimed_at, signed.checked_at)),
        signed.chain,
        signed.status_proofs,
    ]
    return {
        "means": "certificate",
        "kind": str(signed.kind),
        "issuer": signed.issuer,
        "serial": signed.serial,
        "certificate_sha256": signed.fingerprint,
        "container_sha256": hashlib.sha256(bytes(signed.container)).hexdigest(),
        "evidence_sha256": hashlib.sha256(leaves.canonical_json(shown)).hexdigest(),
    }


def _code_record(code: TransactionCode) -> dict[str, object]:
    mask = mask_phone if code.channel == "sms" else mask_email
    return {
        "means": "transaction_code",
        "channel": code.channel,
        "destination": mask(code.destination),
        "asked_at": leaves.moment(code.created_at),
        "transaction": str(code.challenge),
    }


def subject_of(event: DossierEvent) -> Subject:
    """The row an act made. Raises ObjectDoesNotExist when it is gone."""
    dossier = event.dossier
    match event.act:
        case Act.FILE | Act.SUPPLEMENT:
            return dossier.filings.select_related("code", "certificate").get(number=event.detail["filing"])
        case Act.APPROVE | Act.REFUSE:
            return _decision_of(event)
        case Act.REQUEST_SUPPLEMENT:
            return _request_of(event)
    return None


def _request_of(event: DossierEvent) -> SupplementRequest:
    """Requests and their events are written in one transaction, so they are in the same order."""
    before = dossier_events(event.dossier).filter(act=Act.REQUEST_SUPPLEMENT, pk__lt=event.pk).count()
    found = event.dossier.supplement_requests.order_by("pk")[before : before + 1].first()
    if found is None:
        raise SupplementRequest.DoesNotExist
    return found


def _decision_of(event: DossierEvent) -> Decision:
    """As with requests; a dossier that was settled anew has more than one."""
    decided = dossier_events(event.dossier).filter(act__in=[Act.APPROVE, Act.REFUSE])
    before = decided.filter(pk__lt=event.pk).count()
    found = event.dossier.decisions.select_related("revision").order_by("pk")[before : before + 1].first()
    if found is None:
        raise Decision.DoesNotExist
    return found


def dossier_events(dossier: Dossier) -> QuerySet[DossierEvent]:
    return DossierEvent.objects.filter(dossier=dossier)


# --- the tree ---------------------------------------------------------------------------------------


def tree_size() -> int:
    """How many leaves have their place."""
    highest = Leaf.objects.aggregate(highest=Max("position"))["highest"]
    return 0 if highest is None else int(highest) + 1


def nodes_for(keys: Iterable[merkle.Key]) -> merkle.Node:
    """Kept subtrees, fetched in one query. The function raises KeyError for one that isn't kept."""
    wanted = Q()
    by_level: dict[int, list[int]] = {}
    for level, index in keys:
        by_level.setdefault(level, []).append(index)
    for level, places in by_level.items():
        wanted |= Q(level=level, index__in=places)
    rows = TreeNode.objects.filter(wanted).values_list("level", "index", "hash") if by_level else []
    found = {(level, index): bytes(kept) for level, index, kept in rows}
    return lambda level, index: found[level, index]


def with_nodes(compute: Callable[[merkle.Node], Answer]) -> Answer:
    """The result of a computation over the kept tree. Raises KeyError when a subtree is missing."""
    return compute(nodes_for(merkle.keys_of(compute)))


def root_of(size: int) -> bytes:
    return with_nodes(lambda node: merkle.root(size, node))


def consistency_of(old: int, new: int) -> list[bytes]:
    """Raises ValueError when no such proof is possible, KeyError when the tree isn't that large."""
    return with_nodes(lambda node: merkle.consistency(old, new, node))


# --- what is published ------------------------------------------------------------------------------


def leaf_of(event_id: int) -> Leaf | None:
    return Leaf.objects.filter(event=event_id).first()


def filing_leaf(filing: Filing) -> Leaf | None:
    """The leaf of a signed act; None for filings older than the log."""
    act = Act.FILE if filing.number == 1 else Act.SUPPLEMENT
    acts = Leaf.objects.filter(event__dossier=filing.dossier_id, event__act=act)
    return acts.filter(event__detail__filing=filing.number).select_related("event").first()


def proof_of(leaf: Leaf) -> Proof | None:
    """None until a checkpoint has the leaf. The first one that has it: the same proof for ever."""
    index = leaf.position
    if index is None:
        return None
    covering = Checkpoint.objects.filter(tree_size__gt=index).select_related("key")
    first = covering.order_by("tree_size", "pk").first()
    if first is None:
        return None
    size = first.tree_size
    path = with_nodes(lambda node: merkle.inclusion(index, size, node))
    return Proof(leaf, index, path, first)


def latest_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.select_related("key").order_by("-pk").first()


def page_of_checkpoints(before: int | None = None) -> Page:
    """Newest first."""
    rows = Checkpoint.objects.select_related("key").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def log_keys() -> list[LogKey]:
    """Oldest first."""
    return list(LogKey.objects.order_by("made_at", "key_id"))


def office_name(key: str) -> str:
    """The official name of an office; its key when it is gone."""
    office = Office.objects.filter(pk=key).first()
    return office.official_name if office else key
