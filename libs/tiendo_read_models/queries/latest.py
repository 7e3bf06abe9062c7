"""When anything last happened."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.builds import Build
from tiendo_read_models.queries.officers import held_by_officer


async def latest_event_at(
    connection: AsyncConnection,
    build: Build,
    not_after: datetime,
    *,
    units: Sequence[str] | None = None,
    officer_key: str | None = None,
) -> datetime | None:
    """The latest `time` of an event up to `not_after`, of cases that have none later; None where there is no case.

    `units` (ids) restricts it to cases for which one of them is responsible, or that somebody of them has held; `officer_key` to those of this officer.
    """
    schema = build.schema_name
    conditions, parameters = ["c.last_event_at <= :not_after"], dict[str, object](not_after=not_after)
    if units is not None:
        conditions.append(f"""(c.unit_id = ANY(:units) OR EXISTS (SELECT FROM {schema}.holds h
            WHERE h.case_id = c.case_id AND h.party_unit_id = ANY(:units)))""")
        parameters["units"] = list(units)
    if officer_key is not None:
        conditions.append(held_by_officer(build))
        parameters["officer_key"] = officer_key
    statement = f"SELECT max(c.last_event_at) FROM {build.all_cases} c WHERE {' AND '.join(conditions)}"
    latest: datetime | None = await connection.scalar(text(statement), parameters)
    return latest


async def years_of_events(
    connection: AsyncConnection, build: Build, not_after: datetime, *, zone: str, most: int
) -> list[int]:
    """The latest `most` years of the local calendar of `zone` in which cases had their latest event, up to `not_after`, the newest first.

    From each year the index leads to the one before it, whatever number of cases lie between.
    """
    statement = f"""
        WITH RECURSIVE latest (at, n) AS (
            SELECT max(c.last_event_at), 1 FROM {build.all_cases} c WHERE c.last_event_at <= :not_after
            UNION ALL
            SELECT (SELECT max(c.last_event_at) FROM {build.all_cases} c
                WHERE c.last_event_at < date_trunc('year', latest.at, CAST(:zone AS text))), n + 1
            FROM latest WHERE latest.at IS NOT NULL AND n < :most
        )
        SELECT CAST(date_part('year', at AT TIME ZONE :zone) AS integer) FROM latest WHERE at IS NOT NULL ORDER BY n"""
    rows = await connection.execute(text(statement), {"zone": zone, "not_after": not_after, "most": most})
    return list(rows.scalars())
