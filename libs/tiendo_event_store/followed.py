"""Events of other logs, followed over Kafka: stored with the positions that they have there, read back case by case."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Row, Select, any_, bindparam, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.directory import directory_fact
from tiendo_contracts.shards import shard_of
from tiendo_domain.rules import DirectoryFact
from tiendo_event_store.publication_tables import followed_events
from tiendo_event_store.tables import events

_TABLE = followed_events
_COLUMNS = tuple(_TABLE.columns)
_NAMES = tuple(column.name for column in _COLUMNS)
_RECORD = attrgetter(*_NAMES)
_POSITION = attrgetter("position")
_OF_A_CASE = _TABLE.c.shard.is_not(None)
_OF_THE_DIRECTORY = _TABLE.c.shard.is_(None)

# What is there already came with another generation of the topics: the same event at the same place.
_INSERT_NEW = f"""
INSERT INTO tiendo.followed_events ({", ".join(_NAMES)})
SELECT {", ".join(_NAMES)}
  FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::smallint[],
              $8::timestamptz[], $9::text[]) AS new ({", ".join(_NAMES)})
ON CONFLICT DO NOTHING
"""

_DENSE = text("""
    WITH next AS (SELECT position FROM tiendo.followed_events WHERE log_id = :log_id AND position > :after
                   ORDER BY position LIMIT :limit),
         numbered AS (SELECT position, row_number() OVER (ORDER BY position) AS number FROM next)
    SELECT coalesce(max(position), :after) FROM numbered WHERE position = :after + number
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedEvent:
    """An event of the log `log_id`: `position` and `ingested_at` (UTC) are of that log. `shard` is None for a directory fact."""

    log_id: UUID
    position: int
    source: str
    id: str
    subject: str
    type: str
    shard: int | None
    ingested_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCase:
    """All events of a case, each once, and the log whose rules it is folded by: the one that took its earliest event."""

    log_id: UUID
    events: Sequence[FollowedEvent]


def told_case(told: Iterable[FollowedEvent]) -> ToldCase:
    """The case that `told` (at least one event, in any order, some perhaps twice) tell of.

    Of one log they stand in its order. What several logs tell stands in the order in which it was taken; of an event that several of them
    took (a log restored from a backup goes on under another name) the first counts.
    """
    places = {(event.log_id, event.position): event for event in told}
    first, *others = {event.log_id for event in places.values()}
    if not others:
        return ToldCase(log_id=first, events=sorted(places.values(), key=_POSITION))
    once: dict[tuple[str, str], FollowedEvent] = {}
    for event in sorted(places.values(), key=attrgetter("ingested_at", "log_id", "position")):
        once.setdefault((event.source, event.id), event)
    in_order = list(once.values())
    return ToldCase(log_id=in_order[0].log_id, events=in_order)


async def store_followed(connection: AsyncConnection, new: Sequence[FollowedEvent]) -> None:
    """Add events in the caller's transaction; those that are there already are passed over."""
    if not new:
        return
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise RuntimeError("the connection has no driver connection")
    records = list(map(_RECORD, new))
    try:
        async with connection.begin_nested():
            await driver.copy_records_to_table("followed_events", schema_name="tiendo", columns=_NAMES, records=records)
    except asyncpg.UniqueViolationError:
        await driver.execute(_INSERT_NEW, *map(list, zip(*records, strict=True)))


async def read_followed(connection: AsyncConnection, case_ids: Sequence[str]) -> dict[str, list[FollowedEvent]]:
    """The events of each case in no particular order (see `told_case`); a case without events is not in the answer."""
    wanted = _OF_A_CASE & (_TABLE.c.subject == any_(_array("case_ids", case_ids, _TABLE.c.subject.type)))
    by_case: defaultdict[str, list[FollowedEvent]] = defaultdict(list)
    for event in await _events(connection, select(*_COLUMNS).where(wanted)):
        by_case[event.subject].append(event)
    return dict(by_case)


async def followed_directory(connection: AsyncConnection) -> dict[UUID, list[DirectoryFact]]:
    """The directory facts of each log in the order of that log."""
    statement = select(*_COLUMNS).where(_OF_THE_DIRECTORY).order_by(_TABLE.c.log_id, _TABLE.c.position)
    facts: defaultdict[UUID, list[DirectoryFact]] = defaultdict(list)
    for event in await _events(connection, statement):
        facts[event.log_id].append(directory_fact(event.text, position=event.position, ingested_at=event.ingested_at))
    return dict(facts)


async def followed_directory_state(connection: AsyncConnection) -> tuple[tuple[Any, ...], ...]:
    """What differs whenever `followed_directory` does."""
    statement = select(_TABLE.c.log_id, func.count(), func.max(_TABLE.c.position)).where(_OF_THE_DIRECTORY)
    rows = await connection.execute(statement.group_by(_TABLE.c.log_id).order_by(_TABLE.c.log_id))
    return tuple(tuple(row) for row in rows)


async def dense_position(connection: AsyncConnection, log_id: UUID, after: int, limit: int) -> int:
    """The position up to which no event of the log is missing here, given that none is up to `after`; looks at most `limit` further."""
    found = await connection.scalar(_DENSE, {"log_id": log_id, "after": after, "limit": limit})
    return int(found or after)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedCase:
    """A case and how many events are told of it, or of it in the part that was asked about."""

    case_id: str
    shard: int
    events: int


async def followed_cases(connection: AsyncConnection, after: str, limit: int) -> list[FollowedCase]:
    """At most `limit` cases with ids after `after`, by id."""
    return await _cases(connection, _TABLE.c.subject > after, limit)


async def followed_cases_beyond(connection: AsyncConnection, positions: Mapping[UUID, int]) -> list[FollowedCase]:
    """The cases of which a log tells something beyond its position in `positions`, or of which a log tells that is not among them."""
    beyond = [(_TABLE.c.log_id == log_id) & (_TABLE.c.position > position) for log_id, position in positions.items()]
    return await _cases(connection, or_(*beyond, _TABLE.c.log_id.not_in(positions)), None)


async def _cases(connection: AsyncConnection, which: ColumnElement[bool], limit: int | None) -> list[FollowedCase]:
    statement = select(_TABLE.c.subject, func.count().label("events")).where(_OF_A_CASE, which)
    statement = statement.group_by(_TABLE.c.subject).order_by(_TABLE.c.subject).limit(limit)
    rows = await connection.execute(statement)
    return [FollowedCase(case_id=row.subject, shard=shard_of(row.subject), events=row.events) for row in rows]


def told_by(log_id: UUID, case_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that the log tells something of the case."""
    return exists().where(_OF_A_CASE, _TABLE.c.subject == case_id, _TABLE.c.log_id == log_id)


async def has_own_cases(connection: AsyncConnection) -> bool:
    """Whether this database's own log holds events of cases."""
    return bool(await connection.scalar(select(exists().where(events.c.shard.is_not(None)))))


async def _events(connection: AsyncConnection, statement: Select[*tuple[Any, ...]]) -> list[FollowedEvent]:
    return [_event(row) for row in await connection.execute(statement)]


def _event(row: Row[*tuple[Any, ...]]) -> FollowedEvent:
    log_id, position, source, event_id, subject, event_type, shard, ingested_at, event_text = row
    return FollowedEvent(
        log_id=log_id,
        position=position,
        source=source,
        id=event_id,
        subject=subject,
        type=event_type,
        shard=shard,
        ingested_at=ingested_at,
        text=event_text,
    )


def _array(name: str, values: Collection[Any], item_type: Any) -> Any:  # noqa: ANN401 - a parameter of any type
    return bindparam(name, list(values), type_=ARRAY(item_type))
