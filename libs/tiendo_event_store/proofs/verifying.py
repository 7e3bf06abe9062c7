"""Reading the whole log again: every row against its text, the tree, and every checkpoint that is stored or that others hold."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

import asyncpg
from msgspec import Struct

from tiendo_contracts.proofs.merkle import GrowingTree, hash_of_full
from tiendo_contracts.proofs.notes import NoteKey, SignedNote
from tiendo_event_store.proofs.checkpoint_checks import given_claims, stored_claims
from tiendo_event_store.proofs.checkpoint_claims import ClaimsOfCheckpoints
from tiendo_event_store.proofs.log_facts import renames, rotations, trusted_keys
from tiendo_event_store.proofs.log_findings import Verification, Wrong
from tiendo_event_store.proofs.row_checks import ROWS, CheckedRow, LogRow, Redaction, checked, join_of, redactions
from tiendo_event_store.proofs.signing import former_names
from tiendo_event_store.proofs.tiles import TILE, covered, leaf_hashes

STRETCH: Final = 4 * TILE
UNCOVERED_MAX: Final = timedelta(minutes=2)
"""How long an event may wait to be covered by a checkpoint before something is wrong."""

_HEAD: Final = "SELECT coalesce(max(position), 0) FROM tiendo.events"
_LOG_ID: Final = "SELECT log_id FROM tiendo.log_identity"
_COUNT: Final = "SELECT count(*) FROM tiendo.events WHERE position <= $1"
_DOUBLED: Final = """
SELECT position FROM (
    SELECT position, count(*) OVER (PARTITION BY position) AS times,
           row_number() OVER (PARTITION BY log_id, CASE WHEN log_id IS NULL THEN source END, CASE WHEN log_id IS NULL THEN id END,
                              origin_position ORDER BY position) AS nth
      FROM tiendo.events WHERE position <= $1) AS counted
 WHERE times > 1 OR nth > 1 ORDER BY position LIMIT 1
"""
_UNCOVERED: Final = "SELECT clock_timestamp() - ingested_at FROM tiendo.events WHERE position = $1"
_JOINED: Final = (
    "SELECT position, code, alias FROM tiendo.joined_codes WHERE position > $1 AND position <= $2 ORDER BY position"
)
_FOLLOWS: Final = "SELECT EXISTS (SELECT FROM tiendo.followed_positions)"
_TILES: Final = "SELECT number, hashes FROM tiendo.log_tiles WHERE level = $1 ORDER BY number"
# Each statement reads the table itself: an index that lacks a row would hide it.
_BY_THE_TABLE: Final = (
    "SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off"
)


class ReadSoFar(Struct, kw_only=True):
    """How far the log was read and what came of it: kept outside the database, it need not be read again to go on."""

    log_id: UUID
    blocks: list[bytes]
    """The hash over each 256 events, in order."""
    tail: list[bytes]
    """The leaves behind them."""

    @property
    def position(self) -> int:
        """The last position that was read."""
        return len(self.blocks) * TILE + len(self.tail)

    def add(self, leaf: bytes) -> None:
        """Note one more leaf."""
        self.tail.append(leaf)
        if len(self.tail) == TILE:
            self.blocks.append(hash_of_full(self.tail))
            self.tail.clear()

    def tree(self) -> GrowingTree:
        """The tree over all that was read."""
        tree = GrowingTree()
        tree.extend(self.blocks)
        tree.size = len(self.blocks) * TILE
        tree.extend(self.tail)
        return tree


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNotes:
    """Notes that were kept outside the database, and where; `own`: in the file to which the log's signer appends.

    `mixed`: those of other logs may stand among them.
    """

    whence: str
    notes: Iterable[SignedNote]
    own: bool = False
    mixed: bool = False


@dataclass(slots=True, kw_only=True)
class LogVerifier:
    """Verifies a log over one connection. `key` is trusted, and so are those that signed over to it."""

    driver: asyncpg.Connection
    key: NoteKey
    held: Sequence[HeldNotes] = ()
    so_far: ReadSoFar | None = None
    outcome: Verification = field(init=False)
    claims: ClaimsOfCheckpoints = field(init=False)
    _log_id: UUID = field(init=False)
    _covered: int = field(init=False)
    _tree_size: int = field(init=False)
    _redactions: dict[int, Redaction] = field(init=False)
    _follows: bool = field(init=False)
    _suspect: int | None = field(default=None, init=False)
    _joins: list[tuple[int, str, str]] = field(default_factory=list, init=False)
    _started_after: int = field(default=0, init=False)

    async def verify(self) -> AsyncIterator[int]:
        """Positions as they are reached; when it ends, or is left, `outcome` and `so_far` say what was found and how far it went."""
        self.outcome = Verification(head=0)
        self.claims = ClaimsOfCheckpoints(self.outcome)
        with closing(self.claims):
            async for position in self._verify():
                yield position

    async def _verify(self) -> AsyncIterator[int]:
        await self._begin()
        assert self.so_far is not None  # noqa: S101 - made by the line before
        tree = self.so_far.tree()
        self.claims.begin(tree.size)
        self.claims.compare(tree.size, tree.root)
        while tree.size < self.outcome.head:
            if not await self._stretch(tree):
                return
            yield tree.size
        await self._end(tree)

    async def _begin(self) -> None:
        self._log_id = UUID(str(await self.driver.fetchval(_LOG_ID)))
        await self._collect_claims()
        # After them: what was claimed by then stands in the log by now.
        self.outcome.head = int(await self.driver.fetchval(_HEAD))
        if self.so_far is None or self.so_far.log_id != self._log_id or self.so_far.position > self.outcome.head:
            self.so_far = ReadSoFar(log_id=self._log_id, blocks=[], tail=[])
        self._started_after = self.so_far.position

    async def _collect_claims(self) -> None:
        self._covered = self._tree_size = await covered(self.driver)
        self._redactions = await redactions(self.driver)
        self._follows = bool(await self.driver.fetchval(_FOLLOWS))
        keys = trusted_keys(self.key, await rotations(self.driver))
        former = former_names(self._log_id, await renames(self.driver), keys)
        names = {self._log_id: None, **{was: rename.size for was, rename in former.items()}}
        await stored_claims(self.driver, self.claims, names, keys)
        for held in self.held:
            given_claims(held.notes, self.claims, names, keys, whence=held.whence, own=held.own, mixed=held.mixed)

    async def _stretch(self, tree: GrowingTree) -> bool:
        """Read on; False where there is no point in going further, for the first position that is wrong was found."""
        end = min(tree.size + STRETCH, self.outcome.head)
        rows = [LogRow(*row) for row in await self.driver.fetch(ROWS, tree.size, end, STRETCH + 1)]
        leaves = await leaf_hashes(self.driver, tree.size, end)
        done = await asyncio.to_thread(self._checked, rows)
        if any(found.fault for found in done):  # redacted since
            self._redactions = await redactions(self.driver)
            done = await asyncio.to_thread(self._checked, rows)
        for row, found, stored in zip(rows, done, leaves, strict=False):
            if row.position == tree.size:
                self.outcome.add(Wrong.DOUBLED, row.position, f"position {row.position} is doubled: it stands twice")
                return False
            if row.position != tree.size + 1:
                break
            if not self._take(row, found, stored, tree):
                return False
        if tree.size < end:
            self.outcome.add(Wrong.MISSING, tree.size + 1, f"position {tree.size + 1} is missing")
            return False
        return True

    def _checked(self, rows: Iterable[LogRow]) -> list[CheckedRow]:
        return [checked(row, self._redactions.get(row.position)) for row in rows]

    def _take(self, row: LogRow, found: CheckedRow, stored: bytes | None, tree: GrowingTree) -> bool:
        """Add a row to the tree and compare; False for the first position that is altered."""
        assert self.so_far is not None  # noqa: S101 - made at the beginning
        fault = found.fault
        if fault is None and row.log_id is not None and not self._follows:
            fault = "it is said to be another log's, and none is followed"
        if fault is not None:
            self.outcome.add(Wrong.ALTERED, row.position, f"position {row.position} is altered: {fault}")
            return False
        if row.position <= self._covered and stored != found.leaf and self._suspect is None:
            self._suspect = row.position
        if (join := join_of(row)) is not None:
            self._joins.append(join)
        tree.append(found.leaf)
        self.so_far.add(found.leaf)
        self.outcome.read += 1
        return self._compare(tree)

    def _compare(self, tree: GrowingTree) -> bool:
        """Compare what was claimed of the tree as it is now; whether what the stored tree has otherwise is an event altered shows here."""
        if self.claims.next_size() != tree.size:
            return True
        before = len(self.outcome.findings)
        holds = self.claims.compare(tree.size, tree.root)
        if self._suspect is None:
            return True
        del self.outcome.findings[before:]
        if not holds:
            self._altered(self._suspect)
            return False
        self.outcome.add(
            Wrong.TREE, self._suspect, f"the stored tree is altered at position {self._suspect}; the event there holds"
        )
        self._suspect, self._covered = None, 0
        return True

    def _altered(self, position: int) -> None:
        message = f"position {position} is altered: its salt, text, instant or place is not what the tree holds"
        self.outcome.add(Wrong.ALTERED, position, message)

    async def _end(self, tree: GrowingTree) -> None:
        """What can be said after the last position only."""
        self.outcome.read_all = True
        if self._suspect is not None:
            self._altered(self._suspect)
        await self._compare_joins()
        if self._started_after == 0:
            await self._look_for_doubles()
        await self._compare_tiles()
        await self._compare_beyond(tree.size)
        await self._look_for_uncovered()

    async def _compare_joins(self) -> None:
        rows = await self.driver.fetch(_JOINED, self._started_after, self.outcome.head)
        stored = [tuple(row) for row in rows]
        if stored != self._joins:
            position = min(set(stored) ^ set(self._joins), default=(self.outcome.head,))[0]
            self.outcome.add(
                Wrong.ALTERED,
                position,
                f"position {position} is altered: the list of joined codes is not what the log tells",
            )

    async def _look_for_doubles(self) -> None:
        async with self.driver.transaction():
            await self.driver.execute(_BY_THE_TABLE)
            count = await self.driver.fetchval(_COUNT, self.outcome.head)
            doubled = await self.driver.fetchval(_DOUBLED, self.outcome.head)
        if doubled is not None:
            self.outcome.add(
                Wrong.DOUBLED, doubled, f"position {doubled} is doubled: it, or its source and id, stand twice"
            )
        elif count != self.outcome.head:
            self.outcome.add(Wrong.DOUBLED, None, f"the table has {count} rows for {self.outcome.head} positions")

    async def _compare_tiles(self) -> None:
        """Whether the rows of the tree above the leaves are what the leaves give."""
        assert self.so_far is not None  # noqa: S101 - made at the beginning
        level, hashes = 1, self.so_far.blocks[: self._covered // TILE]
        while hashes:
            rows = await self.driver.fetch(_TILES, level)
            if b"".join(row[1] for row in rows) != b"".join(hashes):
                self.outcome.add(Wrong.TREE, None, f"the stored tree is altered above its leaves, in level {level}")
                return
            full = len(hashes) // TILE
            hashes = [hash_of_full(hashes[place * TILE : (place + 1) * TILE]) for place in range(full)]
            level += 1

    async def _compare_beyond(self, size: int) -> None:
        """What is claimed of a longer log than this: what it had there is missing."""
        beyond = self.claims.contradict_all_beyond(size)
        if self._covered > size or beyond:
            self.outcome.add(
                Wrong.MISSING,
                size + 1,
                f"position {size + 1} is missing: this is an earlier state of the log, restored from a backup, or its end was cut off",
            )

    async def _look_for_uncovered(self) -> None:
        size = min(self.claims.signed, self.outcome.head)
        if self._tree_size < size:
            self.outcome.add(
                Wrong.TREE,
                self._tree_size + 1,
                f"the stored tree ends at position {self._tree_size}, before the last checkpoint",
            )
        self.outcome.waiting = max(0, self.outcome.head - size)
        waited = await self.driver.fetchval(_UNCOVERED, size + 1)
        if self.outcome.waiting and waited is not None and waited > UNCOVERED_MAX:
            self.outcome.add(
                Wrong.NOT_COVERED,
                size + 1,
                f"position {size + 1} is not covered by a checkpoint, after {waited.total_seconds() / 60:.0f} minutes: "
                "start `tiendo up`, or see its journal for why nothing is signed",
            )
