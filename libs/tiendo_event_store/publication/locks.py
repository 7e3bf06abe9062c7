"""The advisory locks of the relay."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

RELAY_LOCKS = 0x74696572
"""First of two numbers, the second is the generation of the topics: held by the one relay that writes to them."""

_GENERATIONS = text("""
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid::bigint = :locks AND objsubid = 2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY objid::bigint
""")


async def relay_is_at_work(connection: AsyncConnection, generation: int | None = None) -> bool:
    """Whether a relay holds the lock of a generation; of any of them if none is given."""
    found = set(await connection.scalars(_GENERATIONS, {"locks": RELAY_LOCKS}))
    return bool(found) if generation is None else generation in found
