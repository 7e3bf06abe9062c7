"""What stands where in the log, without the texts: which cases a stretch touches, and how many events each case has."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.event_types import DIRECTORY_TYPE_PREFIX
from tiendo_contracts.shards import shard_of
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.faults import unavailable_when_unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedCase:
    """A case with events in a stretch of the log: how many, and the position of the last."""

    case_id: str
    shard: int
    events: int
    last_position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSection:
    """The positions (after, up_to] of the log: `up_to` is `after` at the end of the log. `directory`: facts of the configuration are in it."""

    after: int
    up_to: int
    cases: Sequence[TouchedCase]
    directory: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSize:
    """A case, its shard, and how many events it has."""

    case_id: str
    shard: int
    events: int


_TOUCHED = f"""
SELECT subject, shard, count(*), max(position), bool_or(shard IS NULL AND type ^@ '{DIRECTORY_TYPE_PREFIX}') FROM tiendo.events
 WHERE position > $1 AND position <= $2 GROUP BY shard, subject ORDER BY shard, subject
"""
_SIZES = """
SELECT subject, count(*) FROM tiendo.events
 WHERE shard IS NOT NULL AND subject > $1 GROUP BY subject ORDER BY subject LIMIT $2
"""


class LogScan:
    """The log seen from afar. Every method raises LogUnavailable when the database cannot be reached."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def section(self, after: int, positions: int) -> LogSection:
        """What stands in the `positions` positions after `after`, as far as the log goes: its cases by shard and id."""
        with unavailable_when_unreachable():
            async with lent_driver(self._engine) as driver:
                rows = await driver.fetch(_TOUCHED, after, after + positions)
        cases = [
            TouchedCase(case_id=subject, shard=shard, events=count, last_position=last)
            for subject, shard, count, last, _ in rows
            if shard is not None
        ]
        up_to = max((last for _, _, _, last, _ in rows), default=after)
        return LogSection(after=after, up_to=up_to, cases=cases, directory=any(row[4] for row in rows))

    async def case_sizes(self, after: str, limit: int) -> list[CaseSize]:
        """At most `limit` cases with ids after `after`, by id."""
        with unavailable_when_unreachable():
            async with lent_driver(self._engine) as driver:
                rows = await driver.fetch(_SIZES, after, limit)
        return [CaseSize(case_id=subject, shard=shard_of(subject), events=count) for subject, count in rows]
