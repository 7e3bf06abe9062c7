"""What checkpoints say of the log, kept on disk while the log is read: there is one every 20 seconds, for years."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import starmap
from typing import Final

from tiendo_event_store.proofs.log_findings import Verification, Wrong

_TOLD_MAX: Final = 20
_SIZE_MAX: Final = 2**63 - 1
_MEMORY_KILOBYTES: Final = 32_768
# A database without a name lies in memory, and in a file that is gone with it where it becomes larger.
_WITHOUT_A_NAME: Final = ""
_TABLES: Final = f"""
PRAGMA cache_size = -{_MEMORY_KILOBYTES};
PRAGMA journal_mode = OFF;
CREATE TABLE claims (size INTEGER, root BLOB, whence TEXT);
CREATE TABLE kept (digest BLOB PRIMARY KEY) WITHOUT ROWID;
BEGIN;
"""
_IN_ORDER: Final = "SELECT size, root, whence FROM claims WHERE size >= ? ORDER BY size, rowid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a checkpoint says of the log, and where it comes from, in words."""

    size: int
    root: bytes
    whence: str


class ClaimsOfCheckpoints:
    """The claims to be compared while the log is read, by size; what does not hold is noted in the outcome.

    First all are added; then `begin`, and from there on they are met in order.
    """

    def __init__(self, outcome: Verification) -> None:
        self._outcome = outcome
        self._told = 0
        self._store = sqlite3.connect(_WITHOUT_A_NAME)
        self._store.executescript(_TABLES)
        self._following: Iterator[Claim] = iter(())
        self._next: Claim | None = None
        self.signed = 0
        """The size of the last stored checkpoint."""

    def close(self) -> None:
        """Forget everything."""
        self._store.close()

    def add(self, claim: Claim) -> None:
        """Add what is to be compared."""
        row = (min(claim.size, _SIZE_MAX), claim.root, claim.whence)
        self._store.execute("INSERT INTO claims VALUES (?, ?, ?)", row)

    def keep(self, note: str) -> None:
        """Note that this note is stored."""
        self._store.execute("INSERT OR IGNORE INTO kept VALUES (?)", (_digest(note),))

    def is_kept(self, note: str) -> bool:
        """Whether this very note is stored."""
        found = self._store.execute("SELECT 1 FROM kept WHERE digest = ?", (_digest(note),))
        return found.fetchone() is not None

    def begin(self, size: int) -> None:
        """Leave out the claims about trees smaller than this: they were compared when these were read."""
        rows = self._store.execute(_IN_ORDER, (size,))
        self._following = starmap(_claim, rows)
        self._next = next(self._following, None)

    def next_size(self) -> int | None:
        """The smallest size that is not compared yet."""
        return None if self._next is None else self._next.size

    def compare(self, size: int, root: bytes) -> bool:
        """Whether all that was claimed of the tree of this size holds."""
        holds = True
        while self._next is not None and self._next.size <= size:
            claim, self._next = self._next, next(self._following, None)
            self._outcome.checkpoints += 1
            if claim.size == size and claim.root == root:
                self._outcome.largest_holding = size
            else:
                holds = False
                self.contradict(claim, f"{claim.whence} of {claim.size} events contradicts the log")
        return holds

    def contradict_all_beyond(self, size: int) -> bool:
        """Whether anything is claimed of a longer log than this, of `size` events; it is noted."""
        beyond = self._next is not None
        while self._next is not None:
            claim, self._next = self._next, next(self._following, None)
            self._outcome.checkpoints += 1
            self.contradict(claim, f"{claim.whence} of {claim.size} events is of a longer log than this, of {size}")
        return beyond

    def contradict(self, claim: Claim, message: str) -> None:
        """Note a claim that does not hold."""
        smallest = self._outcome.smallest_contradicting
        self._outcome.smallest_contradicting = claim.size if smallest is None else min(smallest, claim.size)
        self.tell(message)

    def tell(self, message: str) -> None:
        """Note what is wrong with a checkpoint; of very many the first few are told."""
        self._told += 1
        if self._told <= _TOLD_MAX:
            self._outcome.add(Wrong.CHECKPOINT, None, message)


def _claim(size: int, root: bytes, whence: str) -> Claim:
    return Claim(size=size, root=root, whence=whence)


def _digest(note: str) -> bytes:
    return sha256(note.encode()).digest()
