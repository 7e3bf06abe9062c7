"""How far behind each source is: when something last came of it, and how old its newest events were when they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

EVENTS_LOOKED_AT: Final = 50

_LAGS: Final = """
    SELECT s.source, max(e.ingested_at) AS last_at, max(e.position) AS position,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY greatest(e.ingested_at - e.at, interval '0')) AS lag
    FROM unnest(CAST(:sources AS text[])) AS s (source)
    CROSS JOIN LATERAL (
        SELECT e.ingested_at, e.position, (e.text::json ->> 'time')::timestamptz AS at FROM tiendo.events e
        WHERE e.shard IS NOT NULL AND e.source = s.source ORDER BY e.ingested_at DESC LIMIT :looked_at
    ) e GROUP BY s.source ORDER BY s.source"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLag:
    """When the last event of a source came in, its position, and the median age of its newest events when they came."""

    source: str
    last_at: datetime
    position: int
    lag: timedelta


async def source_lags(connection: AsyncConnection, sources: Sequence[str]) -> list[SourceLag]:
    """The lags of these sources of which anything is in the log, by name; the median is of the newest `EVENTS_LOOKED_AT` events."""
    rows = await connection.execute(text(_LAGS), {"sources": list(sources), "looked_at": EVENTS_LOOKED_AT})
    return [SourceLag(source=row.source, last_at=row.last_at, position=row.position, lag=row.lag) for row in rows]
