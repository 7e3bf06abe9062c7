"""The checkpoints that were signed, as they are stored."""

from collections.abc import Sequence
from datetime import datetime
from itertools import starmap
from typing import Final
from uuid import UUID

import asyncpg
from msgspec import Struct


class StoredCheckpoint(Struct, frozen=True, gc=False):
    """A signed checkpoint of the log under the name that it had then. `number` counts from 1 without holes; `signed_at` is UTC."""

    number: int
    log_id: UUID
    size: int
    root: bytes
    signed_at: datetime
    note: str


_ALL: Final = f"SELECT {', '.join(StoredCheckpoint.__struct_fields__)} FROM tiendo.log_checkpoints"
_LAST: Final = f"{_ALL} ORDER BY number DESC LIMIT 1"
_AFTER: Final = f"{_ALL} WHERE number > $1 ORDER BY number LIMIT $2"
_OF_SIZES: Final = f"{_ALL} WHERE size >= $1 AND size <= $2 ORDER BY size, number LIMIT $3"
_KEEP: Final = """
INSERT INTO tiendo.log_checkpoints (number, log_id, size, root, signed_at, note)
SELECT coalesce(max(number), 0) + 1, $1, $2, $3, clock_timestamp(), $4 FROM tiendo.log_checkpoints
RETURNING number, log_id, size, root, signed_at, note
"""
_NUMBER_OF: Final = "SELECT max(number) FROM tiendo.log_checkpoints WHERE note = $1 AND size = $2"


async def last_checkpoint(driver: asyncpg.Connection) -> StoredCheckpoint | None:
    """The checkpoint that was signed last."""
    row = await driver.fetchrow(_LAST)
    return None if row is None else StoredCheckpoint(*row)


async def checkpoints_after(driver: asyncpg.Connection, number: int, limit: int) -> Sequence[StoredCheckpoint]:
    """At most `limit` checkpoints behind that number, rising."""
    return list(starmap(StoredCheckpoint, await driver.fetch(_AFTER, number, limit)))


async def checkpoints_of_sizes(
    driver: asyncpg.Connection, smallest: int, largest: int, limit: int
) -> Sequence[StoredCheckpoint]:
    """At most `limit` checkpoints of trees from one size to another, both included, rising by size."""
    return list(starmap(StoredCheckpoint, await driver.fetch(_OF_SIZES, smallest, largest, limit)))


async def number_of(driver: asyncpg.Connection, note: str, size: int) -> int | None:
    """The number of the checkpoint with that very note; None where it is not stored."""
    found = await driver.fetchval(_NUMBER_OF, note, size)
    return None if found is None else int(found)


async def keep_checkpoint(
    driver: asyncpg.Connection, log_id: UUID, size: int, root: bytes, note: str
) -> StoredCheckpoint:
    """The checkpoint as it is stored now; whoever calls is alone to do so."""
    row = await driver.fetch(_KEEP, log_id, size, root, note)
    return StoredCheckpoint(*row[0])
