"""Sources of which nothing more is expected, so that their silence is told no more; and how every source stands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_ALL = """
    SELECT coalesce(a.source, p.source) AS source, a.last_at, p.polled_at, r.retired_at
    FROM (
        SELECT s.source, (SELECT max(e.ingested_at) FROM tiendo.events e WHERE e.shard IS NOT NULL AND e.source = s.source) AS last_at
        FROM unnest(CAST(:arriving AS text[])) AS s (source)
    ) a
    FULL JOIN tiendo.polled_sources p USING (source)
    LEFT JOIN tiendo.retired_sources r ON r.source = coalesce(a.source, p.source)
    ORDER BY 1"""
_RETIRE = """
    INSERT INTO tiendo.retired_sources (source) VALUES (:source)
    ON CONFLICT (source) DO UPDATE SET retired_at = clock_timestamp()"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSource:
    """A source: when the last event of a case came of it, when it was polled last with success, and when it was retired, each if ever."""

    source: str
    last_at: datetime | None
    polled_at: datetime | None
    retired_at: datetime | None

    @property
    def is_retired(self) -> bool:
        """Whether nothing has come since it was retired: one that sends, or is polled, again is in use again."""
        return is_retired(self.retired_at, self.last_at, self.polled_at)


def is_retired(retired_at: datetime | None, *used_at: datetime | None) -> bool:
    """Whether a source that was used then is retired."""
    return retired_at is not None and all(at is None or at <= retired_at for at in used_at)


async def known_sources(connection: AsyncConnection, arriving: list[str]) -> list[KnownSource]:
    """Every source that was ever polled, and those of `arriving`, by name."""
    rows = await connection.execute(text(_ALL), {"arriving": arriving})
    return [
        KnownSource(source=row.source, last_at=row.last_at, polled_at=row.polled_at, retired_at=row.retired_at)
        for row in rows
    ]


async def retire_source(connection: AsyncConnection, source: str) -> None:
    """From now on nothing more is expected of the source, until it is used again."""
    await connection.execute(text(_RETIRE), {"source": source})
