"""Reading the log: everything after a position, one case, the directory facts."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, any_, bindparam, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.directory import directory_fact
from tiendo_domain.facts import EventKey
from tiendo_domain.rules import DirectoryFact
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.log_rules import LogFact
from tiendo_event_store.stored import StoredEvent
from tiendo_event_store.tables import events, log_identity

_COLUMNS = (
    events.c.position,
    events.c.ingested_at,
    events.c.source,
    events.c.id,
    events.c.subject,
    events.c.type,
    events.c.shard,
    events.c.text,
    events.c.log_id,
)
_OF_A_CASE = events.c.shard.is_not(None)
_OF_THE_DIRECTORY = events.c.shard.is_(None)
_ITS_OWN = events.c.log_id.is_(None)


class EventLog:
    """The log as readers see it, always on the primary. Every method raises LogUnavailable when the database cannot be reached."""

    def __init__(self, engine: AsyncEngine) -> None:
        # Every read is one statement and so one snapshot: no transaction around it is needed.
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def head(self) -> int:
        """The highest position, 0 when the log is empty."""
        return int((await self._rows(select(func.coalesce(func.max(events.c.position), 0))))[0][0])

    async def read_after(
        self, after: int, limit: int, *, shards: Collection[int] | None = None, up_to: int | None = None
    ) -> list[StoredEvent]:
        """At most `limit` events with positions in (after, up_to], rising; nothing is ever missing between them.

        With `shards`: the case events of those shards, and all directory facts.
        """
        wanted: list[ColumnElement[bool]] = [events.c.position > after]
        if up_to is not None:
            wanted.append(events.c.position <= up_to)
        if shards is not None:
            wanted.append(or_(_OF_THE_DIRECTORY, events.c.shard == any_(_array("shards", shards, events.c.shard))))
        return await self._events(select(*_COLUMNS).where(*wanted).order_by(events.c.position).limit(limit))

    async def read_case(
        self, case_id: str, *, known_at: datetime | None = None, after: int = 0, limit: int | None = None
    ) -> list[StoredEvent]:
        """The events of a case by position, behind `after` and at most `limit` (None: all); with `known_at` (aware) those ingested by then."""
        wanted = _OF_A_CASE & (events.c.subject == case_id) & (events.c.position > after) & _known(known_at)
        in_order = select(*_COLUMNS).where(wanted).order_by(events.c.subject, events.c.position)
        return await self._events(in_order.limit(limit))

    async def read_cases(self, case_ids: Sequence[str]) -> dict[str, list[StoredEvent]]:
        """The events of each case by position, read in one snapshot; a case without events is not in the answer."""
        of_these = events.c.subject == any_(_array("case_ids", case_ids, events.c.subject))
        statement = select(*_COLUMNS).where(_OF_A_CASE & of_these).order_by(events.c.subject, events.c.position)
        by_case: defaultdict[str, list[StoredEvent]] = defaultdict(list)
        for event in await self._events(statement):
            by_case[event.subject].append(event)
        return dict(by_case)

    async def has_case(self, case_id: str) -> bool:
        """Whether any event of the case is in the log."""
        return bool((await self._rows(select(exists().where(_OF_A_CASE, events.c.subject == case_id))))[0][0])

    async def cases_of(self, keys: Sequence[EventKey]) -> dict[EventKey, str]:
        """The case of each event of those keys that this log accepted itself; one that is not stored, or is a directory fact, is not in the answer."""
        sources = _array("sources", [key.source for key in keys], events.c.source)
        ids = _array("ids", [key.id for key in keys], events.c.id)
        named = func.unnest(sources, ids).table_valued("source", "id").render_derived()
        statement = select(events.c.source, events.c.id, events.c.subject).join(
            named, (events.c.source == named.c.source) & (events.c.id == named.c.id)
        )
        rows = await self._rows(statement.where(_OF_A_CASE, _ITS_OWN))
        return {EventKey(source=source, id=event_id): subject for source, event_id, subject in rows}

    async def directory_facts(
        self, *, after: int = 0, up_to: int | None = None, known_at: datetime | None = None
    ) -> list[DirectoryFact]:
        """The directory facts of this log itself with positions in (after, up_to] and ingested by `known_at` (aware), in the order of the log."""
        return [one.fact for one in await self._facts(after, up_to, _ITS_OWN & _known(known_at))]

    async def facts_of_logs(self, *, after: int = 0, up_to: int | None = None) -> list[LogFact]:
        """The directory facts of this log and of those that it follows with positions in (after, up_to]; each log's in its order."""
        return await self._facts(after, up_to, true())

    async def _facts(self, after: int, up_to: int | None, which: ColumnElement[bool]) -> list[LogFact]:
        wanted = _OF_THE_DIRECTORY & (events.c.position > after) & which
        if up_to is not None:
            wanted &= events.c.position <= up_to
        stored = await self._events(select(*_COLUMNS).where(wanted).order_by(events.c.position))
        return [
            LogFact(event.log_id, directory_fact(event.text, position=event.position, ingested_at=event.ingested_at))
            for event in stored
        ]

    async def log_id(self) -> UUID:
        """The name of this log, drawn when it was made and anew when it was restored."""
        return UUID(str((await self._rows(select(log_identity.c.log_id)))[0][0]))

    async def _events(self, statement: Select[*tuple[Any, ...]]) -> list[StoredEvent]:
        return [
            StoredEvent(
                position=position,
                ingested_at=ingested_at,
                source=source,
                id=event_id,
                subject=subject,
                type=event_type,
                shard=shard,
                text=text,
                log_id=log_id,
            )
            for position, ingested_at, source, event_id, subject, event_type, shard, text, log_id in await self._rows(
                statement
            )
        ]

    async def _rows(self, statement: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        with unavailable_when_unreachable():
            async with self._engine.connect() as connection:
                return (await connection.execute(statement)).all()


def _array(name: str, values: Collection[Any], column: ColumnElement[Any]) -> Any:  # noqa: ANN401 - a parameter of any type
    return bindparam(name, list(values), type_=ARRAY(column.type))


def _known(known_at: datetime | None) -> ColumnElement[bool]:
    return true() if known_at is None else events.c.ingested_at <= known_at
