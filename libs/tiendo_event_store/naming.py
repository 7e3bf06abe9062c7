"""The name of the log: drawn when the log is made, and anew when it is restored from a backup and goes on differently from there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_event_store.errors import RelayAtWork
from tiendo_event_store.publication import forget_feeds, relay_is_at_work
from tiendo_event_store.tables import events, log_identity


@dataclass(frozen=True, slots=True, kw_only=True)
class LogName:
    """The log's name, when it was drawn, and the position of its last event."""

    log_id: UUID
    drawn_at: datetime
    head: int


async def log_name(connection: AsyncConnection) -> LogName:
    """The name of the log."""
    head = await connection.scalar(select(func.coalesce(func.max(events.c.position), 0)))
    row = (await connection.execute(select(log_identity.c.log_id, log_identity.c.drawn_at))).one()
    return LogName(log_id=UUID(str(row.log_id)), drawn_at=row.drawn_at, head=int(head or 0))


async def renew_log_id(connection: AsyncConnection) -> UUID:
    """The new name that the log has from now on; what was noted of the relaying of the old one is forgotten. The owner's role is needed.

    Raises RelayAtWork: what a relay sends under the old name may not lie behind the new one.
    """
    if await relay_is_at_work(connection):
        raise RelayAtWork
    new = uuid4()
    await connection.execute(update(log_identity).values(log_id=new, drawn_at=func.clock_timestamp()))
    await forget_feeds(connection)
    return new
