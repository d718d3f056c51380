"""The tree against a second, naive one, and against the vectors of RFC 6962's implementations."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.domain import merkle

# Roots of the trees over the first n of these leaves: the reference vectors of certificate transparency.
LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(hashes: list[bytes]) -> bytes:
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return merkle.node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


def tree_of(hashes: list[bytes]) -> merkle.Node:
    made = merkle.grow(0, hashes, lambda level, index: b"")
    return lambda level, index: made[level, index]


def some(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES[:size]]
    assert merkle.root(size, tree_of(hashes)).hex() == ROOTS[size - 1]


@given(st.integers(0, 200))
def test_the_root_is_that_of_the_plain_definition(size: int) -> None:
    hashes = some(size)
    assert merkle.root(size, tree_of(hashes)) == naive_root(hashes)


@given(st.integers(0, 120), st.integers(0, 120))
def test_growing_in_two_steps_gives_the_same_subtrees(first: int, second: int) -> None:
    hashes = some(first + second)
    whole = merkle.grow(0, hashes, lambda level, index: b"")
    half = merkle.grow(0, hashes[:first], lambda level, index: b"")
    kept = {key: half[key] for key in merkle.peaks(first)}
    rest = merkle.grow(first, hashes[first:], lambda level, index: kept[level, index])
    assert half | rest == whole


@given(st.data(), st.integers(1, 150))
def test_every_leaf_has_a_proof_that_fits_nothing_else(data: st.DataObject, size: int) -> None:
    hashes = some(size)
    node, index = tree_of(hashes), data.draw(st.integers(0, size - 1))
    proof, root = merkle.inclusion(index, size, node), naive_root(hashes)
    assert merkle.is_included(hashes[index], index, size, proof, root)
    assert not merkle.is_included(merkle.leaf_hash(b"another"), index, size, proof, root)
    other = data.draw(st.integers(0, size + 3))
    if other != index:
        assert not merkle.is_included(hashes[index], other, size, proof, root)
    assert not merkle.is_included(hashes[index], index, size, [*proof, root], root)
    if proof:
        assert not merkle.is_included(hashes[index], index, size, proof[:-1], root)


@given(st.data(), st.integers(1, 150))
def test_a_grown_tree_proves_that_it_only_grew(data: st.DataObject, new: int) -> None:
    hashes = some(new)
    old = data.draw(st.integers(1, new))
    proof = merkle.consistency(old, new, tree_of(hashes))
    old_root, new_root = naive_root(hashes[:old]), naive_root(hashes)
    assert merkle.is_consistent(old, new, old_root, new_root, proof)
    changed = [merkle.leaf_hash(b"changed"), *hashes[1:]]
    assert not merkle.is_consistent(old, new, naive_root(changed[:old]), new_root, proof)
    assert not merkle.is_consistent(old, new, old_root, naive_root(changed), proof) or new == old == 0
    assert not merkle.is_consistent(old, new, old_root, new_root, [*proof, new_root])


@given(st.integers(1, 300), st.data())
def test_a_proof_needs_few_subtrees(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    asked = merkle.keys_of(lambda node: merkle.inclusion(index, size, node))
    assert len(asked) <= 2 * size.bit_length()


def test_there_is_no_proof_for_what_is_not_there() -> None:
    node = tree_of(some(5))
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion(5, 5, node)
    with pytest.raises(ValueError, match="does not continue"):
        merkle.consistency(6, 5, node)
    with pytest.raises(ValueError, match="does not continue"):
        merkle.consistency(0, 5, node)
