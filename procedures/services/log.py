"""Writing the log. An act appends its leaf in its own transaction and waits for nobody; places in the
tree are given later, many at once (docs/decisions/0030)."""

import secrets

from django.db import connection, transaction

from accounts.models import User
from procedures.domain import leaves, merkle
from procedures.models import DossierEvent, Filing, Leaf, TreeNode
from procedures.selectors import log

_SEQUENCER = 3040_02  # key of the advisory lock: one writer of the tree at a time
AT_ONCE = 5_000

_PLACE = """
UPDATE procedures_leaf SET position = placed.position
FROM unnest(%s::bigint[], %s::bigint[]) AS placed (id, position)
WHERE procedures_leaf.id = placed.id AND procedures_leaf.position IS NULL
"""


def append(event: DossierEvent, actor: User | None = None, subject: log.Subject = None) -> Leaf:
    """Write the leaf of an act, in its transaction. ``subject``: the row the act made, if any."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("append() belongs in the transaction of the act")
    salt, dossier = secrets.token_bytes(leaves.SALT_BYTES), event.dossier
    content = leaves.leaf_content(
        kind=str(event.act),
        salt=salt,
        public_id=str(dossier.public_id),
        reference=dossier.reference or "",
        digest=_digest(event, subject),
        office=str(dossier.office_id or ""),
        at=event.at,
        record=log.record_of(event, actor, subject),
    )
    return Leaf.objects.create(event=event, content=content, salt=salt, hash=merkle.leaf_hash(content))


def _digest(event: DossierEvent, subject: log.Subject) -> str:
    """Of what the filer signed last: that is what the act is about."""
    if isinstance(subject, Filing):
        return subject.digest
    filings = Filing.objects.filter(dossier=event.dossier_id).order_by("-number")
    return filings.values_list("digest", flat=True).first() or ""


def hold_tree(*, wait: bool) -> bool:
    """Be the one writer of the tree until the transaction ends. False: somebody else is, and we don't wait."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEQUENCER])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEQUENCER])
        return bool(cursor.fetchone()[0])


def sequence() -> int:
    """Give every waiting leaf its place, in the transaction of the caller that holds the tree. Returns the
    tree's new size. A leaf whose transaction ends later simply gets a later place."""
    size = log.tree_size()
    while waiting := _waiting():
        _place(size, waiting)
        size += len(waiting)
    return size


def _waiting() -> list[tuple[int, bytes]]:
    rows = Leaf.objects.filter(position__isnull=True).order_by("pk").values_list("pk", "hash")
    return [(pk, bytes(kept)) for pk, kept in rows[:AT_ONCE]]


def _place(size: int, waiting: list[tuple[int, bytes]]) -> None:
    node = log.nodes_for(merkle.peaks(size))
    made = merkle.grow(size, [added for _, added in waiting], node)
    ids = [pk for pk, _ in waiting]
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [ids, list(range(size, size + len(ids)))])
    TreeNode.objects.bulk_create(
        [TreeNode(level=level, index=index, hash=kept) for (level, index), kept in made.items()]
    )
