"""Consumers that keep their positions in their own PostgreSQL, in the transaction that keeps what they made of the messages."""

import asyncio
from contextlib import AsyncExitStack

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.client.publishing import new_log, send
from tests.kafka.brokers import Kafka
from tests.waiting import until

from tiendo_client import CaseEventConsumer, KafkaAccess, PositionsMoved, PostgresPositions
from tiendo_client.errors import BatchNotSaved, TopicMissing
from tiendo_contracts.messages import Topic, TopicKind, topic


@pytest.fixture
async def positions(owner_engine: AsyncEngine) -> PostgresPositions:
    """A store of positions, and beside it a table for what a consumer makes of the messages."""
    found = PostgresPositions(owner_engine, consumer="archive")
    await found.create_table()
    async with owner_engine.begin() as connection:
        await connection.execute(text("CREATE TABLE seen (position bigint, subject text, number bigserial)"))
    return found


@pytest.fixture
def consumer(kafka: Kafka, events: Topic, positions: PostgresPositions) -> CaseEventConsumer:
    return archive(kafka, events, positions)


def archive(kafka: Kafka, events: Topic, positions: PostgresPositions, batch_size_max: int = 50) -> CaseEventConsumer:
    return CaseEventConsumer(
        KafkaAccess(bootstrap_servers=kafka.bootstrap_servers),
        positions=positions,
        group=events.name,
        topics=[events.name],
        batch_size_max=batch_size_max,
    )


async def work(consumer: CaseEventConsumer, engine: AsyncEngine, until_count: int) -> None:
    """Write down what the consumer hands over until that many are written down."""
    async for batch in consumer:
        async with engine.begin() as connection:
            for message in batch:
                await connection.execute(
                    text("INSERT INTO seen (position, subject) VALUES (:position, :subject)"),
                    {"position": message.position, "subject": message.subject},
                )
            await batch.save(connection)
        if await count(engine) >= until_count:
            return


async def count(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM seen"))).scalar_one())


async def seen(engine: AsyncEngine) -> dict[str, list[int]]:
    """The positions written down of each case, in that order."""
    async with engine.connect() as connection:
        rows = (await connection.execute(text("SELECT subject, position FROM seen ORDER BY number"))).all()
    found: dict[str, list[int]] = {}
    for subject, position in rows:
        found.setdefault(subject, []).append(position)
    return found


def truth(records: int, cases: int) -> dict[str, list[int]]:
    return {f"C-{case}": [n + 1 for n in range(records) if n % cases == case] for case in range(cases)}


async def test_every_event_comes_once_and_in_order_though_suffixes_are_sent_again(
    kafka: Kafka, events: Topic, owner_engine: AsyncEngine, consumer: CaseEventConsumer
) -> None:
    told = new_log()
    records = [told.event(f"C-{n % 7}") for n in range(300)]
    lost = [record for n, record in enumerate(records) if not 40 <= n < 50]
    await send(kafka.bootstrap_servers, events.name, [*lost[:150], *records[30:], *records[100:200]])
    async with consumer:
        await work(consumer, owner_engine, 300)
    assert await seen(owner_engine) == truth(300, 7)


async def test_a_consumer_goes_on_after_what_its_transaction_kept(
    kafka: Kafka, events: Topic, owner_engine: AsyncEngine, positions: PostgresPositions
) -> None:
    told = new_log()
    await send(kafka.bootstrap_servers, events.name, [told.event(f"C-{n % 7}") for n in range(120)])
    async with archive(kafka, events, positions, 10) as first:
        await work(first, owner_engine, 30)
    async with archive(kafka, events, positions, 10) as second:
        async for batch in second:
            async with owner_engine.connect() as connection:
                await connection.execute(text("INSERT INTO seen (position, subject) VALUES (0, 'lost')"))
                await batch.save(connection)
                await connection.rollback()
            break
        await work(second, owner_engine, 120)
    assert await seen(owner_engine) == truth(120, 7)


async def test_asyncpg_alone_does_as_well(kafka: Kafka, events: Topic, owner_engine: AsyncEngine) -> None:
    told = new_log()
    await send(kafka.bootstrap_servers, events.name, [told.event(f"C-{n % 7}") for n in range(50)])
    address = owner_engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with asyncpg.create_pool(address, min_size=1, max_size=2) as pool:
        positions = PostgresPositions(pool, consumer="archive")
        await positions.create_table()
        found: list[int] = []
        async with archive(kafka, events, positions) as consumer:
            async for batch in consumer:
                async with pool.acquire() as connection:
                    with pytest.raises(TypeError, match="in no transaction"):
                        await batch.save(connection)
                    async with connection.transaction():
                        await batch.save(connection)
                found += [message.position for message in batch]
                if len(found) == 50:
                    break
    assert sorted(found) == list(range(1, 51))


async def test_partitions_move_between_consumers_without_loss_or_repeat(
    kafka: Kafka, events: Topic, owner_engine: AsyncEngine, positions: PostgresPositions
) -> None:
    told = new_log()
    total = 900
    records = [told.event(f"C-{n % 40}") for n in range(total)]
    await send(kafka.bootstrap_servers, events.name, records[:300])
    async with AsyncExitStack() as stack:
        group = asyncio.TaskGroup()
        await stack.enter_async_context(group)
        workers: list[CaseEventConsumer] = []
        for part in (records[300:600], records[600:], []):
            one = archive(kafka, events, positions, 20)
            workers.append(one)
            group.create_task(_serve(one, owner_engine))
            before = await count(owner_engine)
            await send(kafka.bootstrap_servers, events.name, part)
            await until(lambda before=before: _more(owner_engine, min(before + 100, total)), what="goes on")
        workers[0].stop()
        await until(lambda: _more(owner_engine, total), what="all are written down")
        for one in workers:
            one.stop()
    assert await seen(owner_engine) == truth(total, 40)


async def _serve(consumer: CaseEventConsumer, engine: AsyncEngine) -> None:
    async with consumer:
        await work(consumer, engine, 10**9)


async def _more(engine: AsyncEngine, wanted: int) -> bool:
    return await count(engine) >= wanted


async def test_of_two_that_took_the_same_messages_one_fails(
    kafka: Kafka, events: Topic, owner_engine: AsyncEngine, positions: PostgresPositions
) -> None:
    told = new_log()
    await send(kafka.bootstrap_servers, events.name, [told.event("C-1") for _ in range(40)])
    alone = {"positions": positions, "topics": [events.name], "batch_size_max": 10}
    access = KafkaAccess(bootstrap_servers=kafka.bootstrap_servers)
    async with CaseEventConsumer(access, **alone) as zombie, CaseEventConsumer(access, **alone) as other:  # type: ignore[arg-type]
        stale = await anext(zombie)
        await work(other, owner_engine, 20)
        async with owner_engine.connect() as connection:
            await connection.execute(text("INSERT INTO seen (position, subject) VALUES (1, 'C-1')"))
            with pytest.raises(PositionsMoved, match=r"archive in .*another consumer has taken over"):
                await stale.save(connection)
        await work(zombie, owner_engine, 40)
    assert await seen(owner_engine) == {"C-1": list(range(1, 41))}


async def test_a_batch_has_to_be_saved_before_the_next(
    kafka: Kafka, events: Topic, consumer: CaseEventConsumer
) -> None:
    told = new_log()
    await send(kafka.bootstrap_servers, events.name, [told.event(f"C-{n}") for n in range(3)])
    async with consumer:
        await anext(consumer)
        with pytest.raises(BatchNotSaved):
            await anext(consumer)


async def test_a_topic_that_is_missing_is_said_at_once_and_not_created(
    kafka: Kafka, generation: int, positions: PostgresPositions
) -> None:
    name = topic(TopicKind.CASE_EVENTS, generation=generation).name
    consumer = CaseEventConsumer(
        KafkaAccess(bootstrap_servers=kafka.bootstrap_servers), positions=positions, topics=[name]
    )
    for _ in range(2):
        with pytest.raises(TopicMissing, match=name):
            await consumer.__aenter__()
