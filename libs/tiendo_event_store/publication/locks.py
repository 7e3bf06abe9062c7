"""Whether a relay is at work."""

from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.database.advisory_locks import RELAYS
from tiendo_event_store.locks import holders


async def relay_is_at_work(connection: AsyncConnection, generation: int | None = None) -> bool:
    """Whether a relay holds the lock of a generation; of any of them if none is given."""
    found = {number for _, number in await holders(connection, RELAYS)}
    return bool(found) if generation is None else generation in found
