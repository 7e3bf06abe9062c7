"""The leaves of events that are not in the tree yet, and the tree grown by them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import asyncpg
from msgspec import Struct

from tiendo_contracts.proofs.leaves import canonical_event, commitment, leaf_of
from tiendo_event_store.proofs.tiles import TILE, grow
from tiendo_event_store.tables import TOLD_AT

STRETCH: Final = 2 * TILE
"""Events taken at once: what is computed of them keeps a process from its other work for a few milliseconds."""

_EVENTS: Final = f"""
SELECT position, {TOLD_AT}, type, text, salt, commitment FROM tiendo.events
 WHERE position > $1 AND position <= $2 ORDER BY position
"""


class LeafEvent(Struct, frozen=True, gc=False):
    """What the tree needs of an event; `salt` is None of a redacted one, `committed` of all others."""

    position: int
    ingested_at: datetime
    type: str
    text: str
    salt: bytes | None
    committed: bytes | None

    @property
    def leaf(self) -> bytes:
        """The hash of its leaf. Raises ValueError for a text that is no JSON."""
        committed = self.committed
        if self.salt is not None:
            committed = commitment(self.salt, canonical_event(self.type, self.text))
        return leaf_of(committed or b"", ingested_at=self.ingested_at, position=self.position)


async def read_leaves(driver: asyncpg.Connection, after: int, up_to: int) -> list[bytes]:
    """The hashes of the leaves of the events at positions (after, up_to], as many as follow one another from `after` on."""
    rows = [LeafEvent(*row) for row in await driver.fetch(_EVENTS, after, up_to)]
    in_line = [event for place, event in enumerate(rows, after + 1) if event.position == place]
    return await asyncio.to_thread(_hashes, in_line)


async def cover(driver: asyncpg.Connection, size: int, up_to: int) -> int:
    """How many events the tree has, grown from `size` on by at most a stretch of events up to a position, in the caller's transaction.

    Raises ValueError for an event whose text is no JSON.
    """
    leaves = await read_leaves(driver, size, min(size + STRETCH, up_to))
    await grow(driver, size, leaves)
    return size + len(leaves)


def _hashes(events: Sequence[LeafEvent]) -> list[bytes]:
    return [event.leaf for event in events]
