"""Reading again what was read before: a stretch of the log against the hashes that were kept of it outside the database."""

import asyncio
from collections.abc import Sequence
from typing import Final

import asyncpg

from tiendo_contracts.proofs.merkle import hash_of_full
from tiendo_event_store.proofs.log_findings import LogFinding, Wrong
from tiendo_event_store.proofs.row_checks import ROWS, CheckedRow, LogRow, Redaction, checked, redactions
from tiendo_event_store.proofs.tiles import TILE
from tiendo_event_store.proofs.verifying import ReadSoFar

_BLOCKS_AT_ONCE: Final = 4


async def read_again(driver: asyncpg.Connection, known: ReadSoFar, first: int, blocks: int) -> LogFinding | None:
    """What is wrong first in that many blocks of 256 events from block `first` on; None when they are what they were."""
    told = await redactions(driver)
    last = min(first + blocks, len(known.blocks))
    for start in range(first, last, _BLOCKS_AT_ONCE):
        wanted = known.blocks[start : min(start + _BLOCKS_AT_ONCE, last)]
        up_to = (start + len(wanted)) * TILE
        rows = [LogRow(*row) for row in await driver.fetch(ROWS, start * TILE, up_to, len(wanted) * TILE + 1)]
        found = await asyncio.to_thread(_compared, rows, wanted, start, told)
        if found is not None:
            return found
    return None


def _compared(
    rows: Sequence[LogRow], wanted: Sequence[bytes], start: int, told: dict[int, Redaction]
) -> LogFinding | None:
    leaves: list[bytes] = []
    for place, row in enumerate(rows, start * TILE + 1):
        if row.position != place:
            return _finding(Wrong.MISSING if row.position > place else Wrong.DOUBLED, place)
        done: CheckedRow = checked(row, told.get(row.position))
        if done.fault is not None:
            return LogFinding(wrong=Wrong.ALTERED, position=place, message=f"position {place} is altered: {done.fault}")
        leaves.append(done.leaf)
    if len(leaves) < len(wanted) * TILE:
        return _finding(Wrong.MISSING, start * TILE + len(leaves) + 1)
    for number, block in enumerate(wanted):
        if hash_of_full(leaves[number * TILE : (number + 1) * TILE]) != block:
            first = (start + number) * TILE + 1
            return LogFinding(
                wrong=Wrong.ALTERED,
                position=first,
                message=f"an event of the positions {first} to {first + TILE - 1} is altered: `tiendo log verify` says which",
            )
    return None


def _finding(wrong: Wrong, position: int) -> LogFinding:
    return LogFinding(wrong=wrong, position=position, message=f"position {position} is {wrong}")
