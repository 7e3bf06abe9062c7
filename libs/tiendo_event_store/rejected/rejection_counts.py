"""How many rejections are kept of one key within an hour, counted by minutes: a sender that goes on and on fills no disk."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

KEPT_MAX = 10_000
KEPT_SIZE_MAX = 64 * 1024 * 1024

_COUNTED = """
SELECT coalesce(sum(entries), 0) AS entries, coalesce(sum(size), 0) AS size
  FROM tiendo.rejection_counts WHERE key_id = :key_id AND minute > clock_timestamp() - interval '1 hour'
"""
_COUNT = """
INSERT INTO tiendo.rejection_counts AS counts (key_id, minute, entries, size)
VALUES (:key_id, date_trunc('minute', clock_timestamp()), :entries, :size)
    ON CONFLICT (key_id, minute) DO UPDATE SET entries = counts.entries + excluded.entries, size = counts.size + excluded.size
"""
_FORGET = "DELETE FROM tiendo.rejection_counts WHERE minute < clock_timestamp() - interval '2 hours'"


async def within_limits(connection: AsyncConnection, key_id: str | None, sizes: Sequence[int]) -> list[bool]:
    """Which of the entries of these sizes (bytes) may be kept, counted as kept; asked under the lock of the list of rejections."""
    if key_id is None:
        return [True] * len(sizes)
    entries, size = (await connection.execute(text(_COUNTED), {"key_id": key_id})).one()
    kept = []
    for length in sizes:
        keep = entries < KEPT_MAX and size + length <= KEPT_SIZE_MAX
        kept.append(keep)
        entries, size = entries + keep, size + keep * length
    if any(kept):
        total = sum(length for length, keep in zip(sizes, kept, strict=True) if keep)
        await connection.execute(text(_COUNT), {"key_id": key_id, "entries": sum(kept), "size": total})
    return kept


async def forget_old_counts(connection: AsyncConnection) -> None:
    """Let go of what no limit asks for any more."""
    await connection.execute(text(_FORGET))
