"""The name of the log: drawn when the log is made, and anew (`proofs.renewing`) when it is restored from a backup and goes on differently."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

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
