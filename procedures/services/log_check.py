"""Whether the rows are still what the log says, and the log what was signed. Everything is computed anew:
nothing that is kept is believed. Each finding names the row that doesn't fit."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from procedures.domain import merkle
from procedures.models import Checkpoint, DossierEvent, Leaf, TreeNode
from procedures.selectors import log as tree
from procedures.services import checkpoints
from procedures.services.log_check_rows import Finding, dossier_findings, orphan_findings


@dataclass(slots=True)
class Tree:
    """All complete subtrees, level by level, computed from the leaves."""

    levels: list[list[bytes]]

    @property
    def size(self) -> int:
        return len(self.levels[0])

    def node(self, level: int, index: int) -> bytes:
        return self.levels[level][index]


def findings(folder: Path | None = None) -> Iterator[Finding]:
    """Everything that doesn't fit, the rows of dossiers first. ``folder``: where checkpoints are kept as
    files; None leaves the files out."""
    yield from orphan_findings()
    yield from dossier_findings()
    hashes = list(_placed_hashes())
    yield from _place_findings()
    computed = Tree(list(_levels(hashes)))
    yield from _node_findings(computed)
    yield from _key_findings()
    yield from _checkpoint_findings(computed)
    if folder is not None:
        yield from _file_findings(folder)


def counted() -> tuple[int, int, int]:
    """Entries of histories, leaves, checkpoints."""
    return DossierEvent.objects.count(), Leaf.objects.count(), Checkpoint.objects.count()


def _placed_hashes() -> Iterator[bytes]:
    placed = Leaf.objects.filter(position__isnull=False).order_by("position")
    for content in placed.values_list("content", flat=True).iterator(chunk_size=2000):
        yield merkle.leaf_hash(bytes(content))


def _place_findings() -> Iterator[Finding]:
    """Places run from 0 without a gap."""
    placed = Leaf.objects.filter(position__isnull=False).order_by("position").values_list("pk", "position")
    shift = 0
    for expected, (pk, position) in enumerate(placed.iterator(chunk_size=2000)):
        if position is not None and position - expected != shift:
            shift = position - expected
            yield Finding(f"leaf {pk}", f"stands at place {position}: what was before it is gone or moved")


def _levels(hashes: list[bytes]) -> Iterator[list[bytes]]:
    level = hashes
    yield level
    while len(level) > 1:
        level = [merkle.node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        yield level


def _node_findings(computed: Tree) -> Iterator[Finding]:
    kept: dict[merkle.Key, bytes] = {}
    rows = TreeNode.objects.values_list("pk", "level", "index", "hash").order_by("level", "index")
    for pk, level, index, content in rows.iterator(chunk_size=2000):
        kept[level, index] = b""
        is_known = level < len(computed.levels) and index < len(computed.levels[level])
        if not is_known:
            yield Finding(f"tree node {pk}", f"there are no leaves for ({level}, {index})")
        elif computed.node(level, index) != bytes(content):
            yield Finding(f"tree node {pk}", f"({level}, {index}) is not the hash of what is below it")
    for level, hashes in enumerate(computed.levels):
        for index in range(len(hashes)):
            if (level, index) not in kept:
                yield Finding(f"tree node ({level}, {index})", "is missing")


def _key_findings() -> Iterator[Finding]:
    keys = {key.key_id: key for key in tree.log_keys()}
    firsts = sum(key.endorsed_by_id is None for key in keys.values())
    for key in keys.values():
        before = key.endorsed_by_id
        if checkpoints.key_id_of(bytes(key.public_key)) != key.key_id:
            yield Finding(f"log key {key.key_id}", "is another key than its id says")
        is_alone = before is not None and (before == key.key_id or before not in keys)
        if is_alone or not checkpoints.is_endorsed(key):
            yield Finding(f"log key {key.key_id}", "isn't endorsed by the key before it")
    if firsts > 1 or (keys and not firsts):
        yield Finding("log keys", f"{firsts} keys stand for themselves, there must be one")


def _checkpoint_findings(computed: Tree) -> Iterator[Finding]:
    keys = {key.key_id: key for key in tree.log_keys()}
    before: Checkpoint | None = None
    for one in Checkpoint.objects.order_by("pk").iterator(chunk_size=500):
        name = f"checkpoint {one.pk}"
        if one.key_id not in keys:
            yield Finding(name, f"its key {one.key_id} is gone")
            continue
        one.key = keys[one.key_id]
        if not checkpoints.is_genuine(one):
            yield Finding(name, "isn't what was signed")
        if before and (one.tree_size < before.tree_size or one.made_at < before.made_at):
            yield Finding(name, "comes before the one that was made before it")
        if one.tree_size > computed.size:
            yield Finding(name, f"covers {one.tree_size} leaves, but only {computed.size} are left")
        elif merkle.root(one.tree_size, computed.node) != bytes(one.root):
            yield Finding(name, "was signed over other leaves")
        before = one


def _file_findings(folder: Path) -> Iterator[Finding]:
    """The files are those of the rows, one for one."""
    expected = {
        checkpoints.path_of(one).relative_to(checkpoints.folder()): one for one in Checkpoint.objects.all()
    }
    there = {path.relative_to(folder) for path in folder.glob("[0-9]*/**/*.txt")}
    for path, one in sorted(expected.items()):
        if path not in there:
            yield Finding(f"checkpoint {one.pk}", f"its file {path} is missing")
        elif (folder / path).read_text(encoding="utf-8", errors="replace") != one.note:
            yield Finding(f"checkpoint {one.pk}", f"its file {path} says something else")
    for path in sorted(there - expected.keys()):
        yield Finding(f"file {path}", "its checkpoint isn't in the database: something was cut off")
    keys = folder / "keys.json"
    if expected and (not keys.exists() or keys.read_text(encoding="utf-8") != checkpoints.keys_text()):
        yield Finding(f"file {keys.name}", "doesn't hold the keys of the database")
