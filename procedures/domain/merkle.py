"""A Merkle tree in the shape of RFC 9162 (certificate transparency): pure functions over hashes.

Leaves and inner nodes are hashed with different prefixes, so that neither can be passed off as the
other. A tree is read through ``node(level, index)``, the hash of a *complete* subtree: level 0 are the
leaves' hashes, and node (k, i) covers the leaves i·2ᵏ … (i+1)·2ᵏ-1. Complete subtrees never change, so
they can be kept; everything else follows from about log₂(size) of them.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

Key = tuple[int, int]  # level, index
Node = Callable[[int, int], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


# --- making ---------------------------------------------------------------------------------------


def root(size: int, node: Node) -> bytes:
    """The hash that stands for the first ``size`` leaves."""
    return _range(0, size, node) if size else EMPTY_ROOT


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """What proves that leaf ``index`` is in the tree of ``size``, from the leaf up.

    Raises ValueError when there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    return _path(index, 0, size, node)


def consistency(old: int, new: int, node: Node) -> list[bytes]:
    """What proves that the tree of ``new`` leaves begins with the tree of ``old``.

    Raises ValueError when it can't: the old one is empty or larger.
    """
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} does not continue one of {old}")
    return _subproof(old, 0, new, node, is_known=True)


def grow(size: int, hashes: Iterable[bytes], node: Node) -> dict[Key, bytes]:
    """The complete subtrees that come into being when leaves are added to a tree of ``size``, with the
    leaves themselves. ``node`` is asked for those of ``peaks(size)`` only."""
    made: dict[Key, bytes] = {}
    for index, added in enumerate(hashes, start=size):
        level, place = 0, index
        made[level, place] = added
        while place & 1:
            level, place = level + 1, place >> 1
            left = made.get((level - 1, 2 * place)) or node(level - 1, 2 * place)
            made[level, place] = node_hash(left, made[level - 1, 2 * place + 1])
    return made


def peaks(size: int) -> list[Key]:
    """The complete subtrees a tree of ``size`` leaves consists of, the largest first."""
    found, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def keys_of(compute: Callable[[Node], object]) -> set[Key]:
    """The nodes a computation will ask for, so that they can be fetched at once."""
    asked: set[Key] = set()

    def note(level: int, index: int) -> bytes:
        asked.add((level, index))
        return b""

    compute(note)
    return asked


def _range(start: int, end: int, node: Node) -> bytes:
    """MTH(D[start:end]); ``start`` is a multiple of the largest power of two in the range."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(size)
    return node_hash(_range(start, middle, node), _range(middle, end, node))


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _path(index: int, start: int, end: int, node: Node) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, node), _range(middle, end, node)]
    return [*_path(index, middle, end, node), _range(start, middle, node)]


def _subproof(old: int, start: int, end: int, node: Node, *, is_known: bool) -> list[bytes]:
    size = end - start
    if old == size:
        return [] if is_known else [_range(start, end, node)]
    split = _split(size)
    middle = start + split
    if old <= split:
        return [*_subproof(old, start, middle, node, is_known=is_known), _range(middle, end, node)]
    return [*_subproof(old - split, middle, end, node, is_known=False), _range(start, middle, node)]


# --- checking -------------------------------------------------------------------------------------


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root the proof leads to (RFC 9162 §2.1.3.2); None when it is no proof for this place."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_hash(step, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes) -> bool:
    return root_from_inclusion(leaf, index, size, proof) == tree_root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the new tree only added to the old one (RFC 9162 §2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    return bool(steps) and _roots(old, new, steps) == (old_root, new_root)


def _roots(old: int, new: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The two roots a consistency proof leads to."""
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    return (before, after) if last == 0 else None
