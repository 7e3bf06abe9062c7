"""How far each feed of the relay has been acknowledged by the broker. Everything here runs in the transaction of its caller."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_event_store.publication.publication_tables import relay_feeds, relay_partitions


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is noted of a feed: everything up to `position` of the log `log_id` is acknowledged.

    `settled`: the relay that wrote this ended in order, and nothing of it is under way. `basis`: what else the feed's messages depend on,
    None as long as that has not been noted. `refusal`: why the relay does not go on.
    """

    feed: str
    log_id: UUID
    position: int
    settled: bool
    basis: str | None
    refusal: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAcknowledged:
    """The last message of a partition that is known to be acknowledged: its position in the log, and its offset in the partition."""

    position: int
    record_offset: int


async def open_feed(connection: AsyncConnection, feed: str, log_id: UUID) -> FeedState:
    """What is noted of a feed, which is noted as begun and not settled from now on; `settled` says what it was before."""
    row = insert(relay_feeds).values(feed=feed, log_id=log_id, position=0, settled=True)
    await connection.execute(row.on_conflict_do_nothing())
    found = (await connection.execute(_feeds().where(relay_feeds.c.feed == feed).with_for_update())).one()
    await _note(connection, feed, settled=False)
    return FeedState(**found._mapping)  # noqa: SLF001 - how SQLAlchemy names it


async def note_acknowledged(
    connection: AsyncConnection,
    feed: str,
    position: int,
    partitions: Mapping[tuple[str, int], LastAcknowledged] | None = None,
) -> None:
    """Note that everything up to `position` is acknowledged, and the last message of each partition given, by topic and number."""
    await _note(connection, feed, position=position)
    if partitions:
        rows = [
            {"topic": topic, "partition": number, "position": last.position, "record_offset": last.record_offset}
            for (topic, number), last in partitions.items()
        ]
        insertion = insert(relay_partitions)
        await connection.execute(
            insertion.on_conflict_do_update(
                index_elements=["topic", "partition"],
                set_={
                    "position": insertion.excluded.position,
                    "record_offset": insertion.excluded.record_offset,
                },
            ),
            rows,
        )


async def settle_feed(connection: AsyncConnection, feed: str) -> None:
    """Note that nothing of the feed is under way."""
    await _note(connection, feed, settled=True)


async def note_basis(connection: AsyncConnection, feed: str, basis: str) -> None:
    """Note what else the feed's messages depend on."""
    await _note(connection, feed, basis=basis)


async def note_refusal(connection: AsyncConnection, feed: str, log_id: UUID, refusal: str | None) -> None:
    """Note why the relay does not go on; None that it does."""
    row = insert(relay_feeds).values(feed=feed, log_id=log_id, position=0, settled=True)
    await connection.execute(row.on_conflict_do_nothing())
    await _note(connection, feed, refusal=refusal)


async def last_acknowledged(
    connection: AsyncConnection, topics: Sequence[str]
) -> dict[tuple[str, int], LastAcknowledged]:
    """The last message known to be acknowledged of each partition of these topics that has one."""
    columns = relay_partitions.c
    rows = await connection.execute(
        select(columns.topic, columns.partition, columns.position, columns.record_offset).where(
            columns.topic.in_(topics)
        )
    )
    return {
        (row.topic, row.partition): LastAcknowledged(position=row.position, record_offset=row.record_offset)
        for row in rows
    }


async def forget_partitions(connection: AsyncConnection, partitions: Iterable[tuple[str, int]]) -> None:
    """Forget what was acknowledged in these partitions (topic and number): it is not there any more."""
    columns = relay_partitions.c
    for topic, number in partitions:
        await connection.execute(delete(relay_partitions).where(columns.topic == topic, columns.partition == number))


async def feed_states(connection: AsyncConnection) -> list[FeedState]:
    """What is noted of all feeds, by name."""
    rows = await connection.execute(_feeds().order_by(relay_feeds.c.feed))
    return [FeedState(**row._mapping) for row in rows]  # noqa: SLF001


def _feeds() -> Any:  # noqa: ANN401 - a Select of six columns
    columns = relay_feeds.c
    return select(columns.feed, columns.log_id, columns.position, columns.settled, columns.basis, columns.refusal)


async def _note(connection: AsyncConnection, feed: str, **values: object) -> None:
    await connection.execute(
        update(relay_feeds).where(relay_feeds.c.feed == feed).values(**values, updated_at=func.clock_timestamp())
    )
