"""When anything last happened."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.builds import Build
from tiendo_read_models.queries.officers import held_by_officer


async def latest_event_at(
    connection: AsyncConnection, build: Build, not_after: datetime, *, officer_id: str | None = None
) -> datetime | None:
    """The latest `time` of an event up to `not_after`, of cases that have none later; None where there is no case.

    `officer_id` restricts it to cases that this officer has held.
    """
    conditions = ["c.last_event_at <= :not_after"] + ([] if officer_id is None else [held_by_officer(build)])
    statement = f"SELECT max(c.last_event_at) FROM {build.schema_name}.cases c WHERE {' AND '.join(conditions)}"
    parameters = {"not_after": not_after} | ({} if officer_id is None else {"officer_id": officer_id})
    latest: datetime | None = await connection.scalar(text(statement), parameters)
    return latest
