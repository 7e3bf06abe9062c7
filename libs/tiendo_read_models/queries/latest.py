"""When anything last happened."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models import tables
from tiendo_read_models.builds import Build, within


async def latest_event_at(connection: AsyncConnection, build: Build, not_after: datetime) -> datetime | None:
    """The latest `time` of an event up to `not_after`, of cases that have none later; None where there is no case."""
    found = select(func.max(tables.cases.c.last_event_at)).where(tables.cases.c.last_event_at <= not_after)
    latest: datetime | None = await (await within(connection, build)).scalar(found)
    return latest
