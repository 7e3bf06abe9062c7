"""When events came in: the pauses between the arrivals of a source, found by jumps along an index and not by reading what lies between."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_event_store.sources.retired_sources import is_retired

PAUSES_MAX: Final = 10_000

_SOURCES: Final = """
    WITH RECURSIVE sources (source) AS (
        (SELECT e.source FROM tiendo.events e WHERE e.shard IS NOT NULL ORDER BY e.source LIMIT 1)
        UNION ALL
        SELECT (SELECT e.source FROM tiendo.events e WHERE e.shard IS NOT NULL AND e.source > s.source ORDER BY e.source LIMIT 1)
        FROM sources s WHERE s.source IS NOT NULL
    )
    SELECT s.source, f.retired_at FROM sources s LEFT JOIN tiendo.retired_sources f USING (source) WHERE s.source IS NOT NULL
    ORDER BY s.source"""

# From an arrival the index leads to the last one within `longest`; where there is none, to the next one: that is a pause.
_PAUSES: Final = """
    WITH RECURSIVE walk (source, at, last_at) AS (
        SELECT s.source, coalesce(
            (SELECT e.ingested_at FROM tiendo.events e WHERE e.shard IS NOT NULL AND e.source = s.source
                AND e.ingested_at <= :since ORDER BY e.ingested_at DESC LIMIT 1),
            (SELECT e.ingested_at FROM tiendo.events e WHERE e.shard IS NOT NULL AND e.source = s.source
                AND e.ingested_at > :since ORDER BY e.ingested_at LIMIT 1)), CAST(NULL AS timestamptz)
        FROM unnest(CAST(:sources AS text[])) AS s (source)
        UNION ALL
        SELECT w.source, coalesce(reached.at, following.at), CASE WHEN reached.at IS NULL THEN w.at END
        FROM walk w
        CROSS JOIN LATERAL (SELECT (SELECT e.ingested_at FROM tiendo.events e
            WHERE e.shard IS NOT NULL AND e.source = w.source AND e.ingested_at > w.at
                AND e.ingested_at <= w.at + :longest ORDER BY e.ingested_at DESC LIMIT 1)) AS reached (at)
        CROSS JOIN LATERAL (SELECT (SELECT e.ingested_at FROM tiendo.events e
            WHERE reached.at IS NULL AND e.shard IS NOT NULL AND e.source = w.source AND e.ingested_at > w.at
            ORDER BY e.ingested_at LIMIT 1)) AS following (at)
        WHERE w.at < :until
    )
    SELECT w.source, w.last_at, w.at FROM walk w WHERE w.last_at IS NOT NULL ORDER BY 1, 2 LIMIT :limit"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalPause:
    """Nothing of the source came in after `last_at` and before `next_at`; None: nothing has come since."""

    source: str
    last_at: datetime
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingSource:
    """A source of case events; `retired_at`: somebody said then that nothing more comes of it."""

    source: str
    retired_at: datetime | None


async def arriving_sources(connection: AsyncConnection) -> list[ArrivingSource]:
    """Every source of which a case event is in the log, by name."""
    rows = await connection.execute(text(_SOURCES))
    return [ArrivingSource(source=row.source, retired_at=row.retired_at) for row in rows]


async def arrival_pauses(
    connection: AsyncConnection, *, since: datetime, until: datetime, longer_than_seconds: int
) -> list[ArrivalPause]:
    """The pauses of all sources that begin before `until` and end after `since`, by source, then by time; one after a source's retirement is none.

    Only those longer than asked for are found: at most 10,000.
    """
    sources = await arriving_sources(connection)
    parameters = {
        "sources": [one.source for one in sources],
        "since": since,
        "until": until,
        "longest": timedelta(seconds=longer_than_seconds),
        "limit": PAUSES_MAX,
    }
    rows = await connection.execute(text(_PAUSES), parameters)
    found = [ArrivalPause(source=row.source, last_at=row.last_at, next_at=row.at) for row in rows]
    retired = {one.source: one.retired_at for one in sources}
    return [
        pause for pause in found if pause.next_at is not None or not is_retired(retired[pause.source], pause.last_at)
    ]
