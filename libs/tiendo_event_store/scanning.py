"""What stands where in the log, without the texts: which cases a stretch touches, and how many events each case has."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.shards import shard_of
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.tables import events


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


class LogScan:
    """The log seen from afar. Every method raises LogUnavailable when the database cannot be reached."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def section(self, after: int, positions: int) -> LogSection:
        """What stands in the `positions` positions after `after`, as far as the log goes: its cases by shard and id."""
        column = events.c.position
        statement = select(
            events.c.subject, events.c.shard, func.count().label("events"), func.max(column).label("last")
        )
        statement = statement.where(column > after, column <= after + positions)
        statement = statement.group_by(events.c.shard, events.c.subject).order_by(events.c.shard, events.c.subject)
        with unavailable_when_unreachable():
            async with self._engine.connect() as connection:
                rows = (await connection.execute(statement)).all()
        cases = [
            TouchedCase(case_id=row.subject, shard=row.shard, events=row.events, last_position=row.last)
            for row in rows
            if row.shard is not None
        ]
        up_to = max((row.last for row in rows), default=after)
        return LogSection(after=after, up_to=up_to, cases=cases, directory=len(cases) < len(rows))

    async def case_sizes(self, after: str, limit: int) -> list[CaseSize]:
        """At most `limit` cases with ids after `after`, by id."""
        column = events.c.subject
        statement = select(column, func.count().label("events"))
        statement = statement.where(events.c.shard.is_not(None), column > after)
        statement = statement.group_by(column).order_by(column).limit(limit)
        with unavailable_when_unreachable():
            async with self._engine.connect() as connection:
                rows = (await connection.execute(statement)).all()
        return [CaseSize(case_id=row.subject, shard=shard_of(row.subject), events=row.events) for row in rows]
