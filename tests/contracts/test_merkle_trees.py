"""The tree of RFC 9162: roots and proofs as an independent verifier, written from the RFC's text, has them."""

import hashlib
import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from tests.contracts.events import event, text_of
from tests.proofs.outsider import hash_leaf, includes, is_consistent, leaf_of_entry, tree_head

from tiendo_contracts.events.case_events import accept_text
from tiendo_contracts.proofs.leaves import canonical_event, commitment, leaf_of
from tiendo_contracts.proofs.merkle import (
    EMPTY_ROOT,
    GrowingTree,
    Leaves,
    TreeNode,
    consistency_path,
    hash_of,
    hash_of_full,
    inclusion_path,
    leaf_hash,
)
from tiendo_contracts.texts.canonical_json import canonical

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The vectors of Certificate Transparency's reference implementation: the roots of the first 0 to 8 inputs."""
SIZES = 34
LEAVES = [hash_leaf(bytes([number])) for number in range(SIZES)]


def of_subtree(subtree: TreeNode) -> bytes:
    return hash_of_full(LEAVES[subtree.number << subtree.height : (subtree.number + 1) << subtree.height])


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_roots_are_those_of_the_reference_implementation(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in INPUTS[:size]]
    growing = GrowingTree()
    growing.extend(leaves)
    assert growing.root.hex() == ROOTS[size] == tree_head(leaves).hex()
    assert hashlib.sha256().digest() == EMPTY_ROOT


def test_every_leaf_of_every_small_tree_is_proved_to_be_in_it_and_in_no_other() -> None:
    for size in range(1, SIZES + 1):
        root = tree_head(LEAVES[:size])
        for index in range(size):
            path = [hash_of(leaves, of_subtree) for leaves in inclusion_path(index, size)]
            assert includes(index, size, LEAVES[index], path, root)
            assert not includes(index, size, LEAVES[index - 1], path, root) or size == 1
            assert not includes(index, size, LEAVES[index], path, LEAVES[index]) or size == 1


def test_every_small_tree_is_proved_to_begin_with_every_smaller_one_and_with_nothing_else() -> None:
    for size in range(1, SIZES + 1):
        root = tree_head(LEAVES[:size])
        for smaller in range(1, size + 1):
            path = [hash_of(leaves, of_subtree) for leaves in consistency_path(smaller, size)]
            assert is_consistent(smaller, size, path, tree_head(LEAVES[:smaller]), root)
            assert not is_consistent(smaller, size, path, tree_head(LEAVES[1 : smaller + 1]), root) or smaller == SIZES
    assert consistency_path(0, 5) == []


def test_a_growing_tree_has_the_root_of_all_its_leaves() -> None:
    growing = GrowingTree()
    for size, leaf in enumerate(LEAVES, 1):
        growing.append(leaf)
        assert growing.root == tree_head(LEAVES[:size]) == hash_of(Leaves(0, size), of_subtree)


@pytest.mark.parametrize("kind", ["submitted", "received", "worked", "deadline-extended", "corrected", "joined"])
def test_a_leaf_is_what_an_outsider_makes_of_what_is_shown(kind: str) -> None:
    accepted = accept_text(text_of(event(kind)))
    salt, at = sha256(kind.encode()).digest()[:16], datetime(2026, 11, 30, 8, 0, 0, 120_000, tzinfo=UTC)
    made = canonical_event(accepted.type, accepted.text)
    assert made == canonical(json.loads(accepted.text))
    shown = {
        "position": 7,
        "ingested_at": at.isoformat(),
        "salt": salt.hex(),
        "commitment": None,
        "event": json.loads(accepted.text),
    }
    assert leaf_of(commitment(salt, made), ingested_at=at, position=7) == leaf_of_entry(shown)
