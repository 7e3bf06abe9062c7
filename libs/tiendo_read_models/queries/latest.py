"""When anything last happened."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.builds import Build


async def latest_event_at(
    connection: AsyncConnection, build: Build, not_after: datetime, *, units: Sequence[str] | None = None
) -> datetime | None:
    """The latest `time` of an event up to `not_after`, of cases that have none later; None where there is no case.

    `units` (ids) restricts it to cases for which one of them is responsible, or that somebody of them has held.
    """
    schema = build.schema_name
    concerned = f"""(c.unit_id = ANY(:units) OR EXISTS (SELECT FROM {schema}.holds h
        WHERE h.case_id = c.case_id AND h.party_unit_id = ANY(:units)))"""
    statement = f"""SELECT max(c.last_event_at) FROM {schema}.cases c
        WHERE c.last_event_at <= :not_after AND {"TRUE" if units is None else concerned}"""
    parameters = {"not_after": not_after} | ({} if units is None else {"units": list(units)})
    latest: datetime | None = await connection.scalar(text(statement), parameters)
    return latest
