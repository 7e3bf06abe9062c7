"""How far each partition of a followed topic is stored: kept, and moved, in the transaction that stores what came from it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_event_store.errors import FollowedElsewhere
from tiendo_event_store.publication.publication_tables import followed_positions

_TABLE = followed_positions


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedTopic:
    """A topic as one consumer follows it; consumers of other names are strangers to it."""

    consumer: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPlace:
    """Where a partition is followed from: the offset to read on at, and of each log the position of the last message that was stored."""

    offset: int
    tails: Mapping[UUID, int]


async def open_places(
    connection: AsyncConnection, topic: FollowedTopic, partitions: Collection[int]
) -> dict[int, FollowedPlace]:
    """The place of each of `partitions`; one that was never followed begins at its beginning. The caller commits."""
    rows = [
        {"consumer": topic.consumer, "topic": topic.topic, "partition": partition, "record_offset": 0, "positions": {}}
        for partition in sorted(partitions)
    ]
    if rows:
        await connection.execute(insert(_TABLE).on_conflict_do_nothing(), rows)
    return await read_places(connection, topic, partitions)


async def read_places(
    connection: AsyncConnection, topic: FollowedTopic, partitions: Collection[int]
) -> dict[int, FollowedPlace]:
    """The places of those of `partitions` that were ever followed."""
    return await _read(connection, topic, partitions, locked=False)


async def hold_places(connection: AsyncConnection, topic: FollowedTopic, expected: Mapping[int, FollowedPlace]) -> None:
    """Keep the partitions at the places `expected` until the caller's transaction ends. Raises FollowedElsewhere."""
    found = await _read(connection, topic, expected, locked=True)
    moved = sorted(partition for partition, place in expected.items() if found.get(partition) != place)
    if moved:
        raise FollowedElsewhere(topic.topic, moved)


async def move_places(connection: AsyncConnection, topic: FollowedTopic, reached: Mapping[int, FollowedPlace]) -> None:
    """Move partitions that the transaction holds."""
    changes = select(
        func.unnest(bindparam("partitions", type_=ARRAY(_TABLE.c.partition.type))).label("partition"),
        func.unnest(bindparam("offsets", type_=ARRAY(_TABLE.c.record_offset.type))).label("record_offset"),
        func.unnest(bindparam("tails", type_=ARRAY(Text))).label("positions"),
    ).subquery()
    statement = update(_TABLE).where(
        _TABLE.c.consumer == topic.consumer, _TABLE.c.topic == topic.topic, _TABLE.c.partition == changes.c.partition
    )
    statement = statement.values(record_offset=changes.c.record_offset, positions=cast(changes.c.positions, JSONB))
    in_order = sorted(reached.items())
    await connection.execute(
        statement,
        {
            "partitions": [partition for partition, _ in in_order],
            "offsets": [place.offset for _, place in in_order],
            "tails": [_text(place.tails) for _, place in in_order],
        },
    )


async def followed_heads(connection: AsyncConnection, consumer: str) -> dict[UUID, int]:
    """The highest position stored of each log, in any of the topics that `consumer` follows."""
    each = func.jsonb_each_text(_TABLE.c.positions).table_valued("key", "value")
    statement = select(each.c.key, func.max(cast(each.c.value, _TABLE.c.record_offset.type)))
    statement = statement.select_from(_TABLE.join(each, literal(value=True))).where(_TABLE.c.consumer == consumer)
    return {UUID(log_id): int(head) for log_id, head in await connection.execute(statement.group_by(each.c.key))}


async def _read(
    connection: AsyncConnection, topic: FollowedTopic, partitions: Collection[int], *, locked: bool
) -> dict[int, FollowedPlace]:
    statement = select(_TABLE.c.partition, _TABLE.c.record_offset, _TABLE.c.positions).where(
        _TABLE.c.consumer == topic.consumer,
        _TABLE.c.topic == topic.topic,
        _TABLE.c.partition.in_(sorted(partitions)),
    )
    statement = statement.order_by(_TABLE.c.partition)
    rows = await connection.execute(statement.with_for_update() if locked else statement)
    return {row.partition: FollowedPlace(offset=row.record_offset, tails=_tails(row.positions)) for row in rows}


def _tails(positions: Mapping[str, int]) -> dict[UUID, int]:
    return {UUID(log_id): int(position) for log_id, position in positions.items()}


def _text(tails: Mapping[UUID, int]) -> str:
    return json.dumps({str(log_id): position for log_id, position in tails.items()})


async def follows_others(engine: AsyncEngine) -> bool:
    """Whether other logs are, or were, followed into this database."""
    async with engine.connect() as connection:
        return bool(await connection.scalar(select(exists().where(_TABLE.c.record_offset >= 0))))
