"""Proofs out of the stored tree: each reads some dozens of rows, however long the log is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.proofs.merkle import Leaves, consistency_path, inclusion_path
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.proofs.checkpoints import StoredCheckpoint, last_checkpoint
from tiendo_event_store.proofs.tiles import path_hashes


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafProof:
    """The hash of a leaf, and the hashes that prove it to be in the tree, from the leaf up."""

    leaf: bytes
    path: Sequence[bytes]


class LogProofs:
    """The checkpoint that was signed last, and proofs about trees up to its size. Every method raises LogUnavailable, and TilesMissingError."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def checkpoint(self) -> StoredCheckpoint | None:
        """The last checkpoint; None before the first."""
        with unavailable_when_unreachable():
            async with lent_driver(self._engine) as driver:
                return await last_checkpoint(driver)

    async def inclusion(self, position: int, size: int) -> LeafProof:
        """The proof that the event at a position is in the tree of that size, which the tree covers; 1 <= position <= size."""
        leaf = Leaves(position - 1, position)
        hashes = await self._hashes([leaf, *inclusion_path(position - 1, size)])
        return LeafProof(leaf=hashes[0], path=hashes[1:])

    async def consistency(self, smaller: int, size: int) -> Sequence[bytes]:
        """The proof that the tree of that size, which the tree covers, begins with the smaller one."""
        return await self._hashes(consistency_path(smaller, size))

    async def _hashes(self, path: Sequence[Leaves]) -> list[bytes]:
        with unavailable_when_unreachable():
            async with lent_driver(self._engine) as driver:
                return await path_hashes(driver, path)
