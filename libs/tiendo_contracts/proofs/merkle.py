"""The Merkle tree of RFC 9162, section 2.1, with SHA-256: roots and proofs, made from the hashes of complete subtrees.

A subtree `(height, number)` is complete: it has the leaves from `number << height` on, `1 << height` of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple

EMPTY_ROOT: Final = sha256().digest()
"""The root of the tree without leaves."""


class TreeNode(NamedTuple):
    """A complete subtree by its place."""

    height: int
    number: int


class Leaves(NamedTuple):
    """The leaves `start` to `end`, the latter excluded: what one hash of a proof stands for."""

    start: int
    end: int


HashOf = Callable[[TreeNode], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two others."""
    return sha256(b"\x01" + left + right).digest()


def hash_of_full(hashes: Sequence[bytes]) -> bytes:
    """The hash over a power of two of sibling hashes."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[place], level[place + 1]) for place in range(0, len(level), 2)]
    return level[0]


def subtrees_of(leaves: Leaves) -> list[TreeNode]:
    """The complete subtrees that the leaves consist of, from left to right; `start` is a multiple of all that may begin there."""
    found = []
    start, end = leaves
    while start < end:
        height = (end - start).bit_length() - 1
        if start:
            height = min(height, (start & -start).bit_length() - 1)
        found.append(TreeNode(height, start >> height))
        start += 1 << height
    return found


def hash_of(leaves: Leaves, hash_of_subtree: HashOf) -> bytes:
    """The hash over leaves that are a subtree of a tree, complete or at its right edge; of no leaves the empty root."""
    return joined([hash_of_subtree(subtree) for subtree in subtrees_of(leaves)])


def joined(hashes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees from left to right, each smaller than the one before."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def inclusion_path(index: int, size: int) -> list[Leaves]:
    """What the hashes of the inclusion proof of a leaf stand for, from the leaf up (RFC 9162, 2.1.3.1); 0 <= index < size."""
    start, end = 0, size
    path = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(Leaves(middle, end))
            end = middle
        else:
            path.append(Leaves(start, middle))
            start = middle
    return path[::-1]


def consistency_path(smaller: int, size: int) -> list[Leaves]:
    """The same of the proof that the tree of `size` begins with the smaller one (2.1.4.1); none is needed from no leaves, and for equal sizes."""
    start, end = 0, size
    path = []
    whole = True
    while 0 < smaller < end:
        middle = start + _split(end - start)
        if smaller <= middle:
            path.append(Leaves(middle, end))
            end = middle
        else:
            path.append(Leaves(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(Leaves(start, end))
    return path[::-1]


def _split(count: int) -> int:
    """The largest power of two below `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


@dataclass(slots=True)
class GrowingTree:
    """A tree that keeps no more than it needs to grow: one hash for each complete subtree, from left to right."""

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add a leaf by its hash."""
        self.hashes.append(leaf)
        self.size += 1
        for _ in range((self.size & -self.size).bit_length() - 1):
            right = self.hashes.pop()
            self.hashes.append(node_hash(self.hashes.pop(), right))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves by their hashes."""
        for leaf in leaves:
            self.append(leaf)

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return joined(self.hashes)
