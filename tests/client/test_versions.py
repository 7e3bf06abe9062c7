"""Of the states of a case the one of the highest version counts, in whatever order they are stored and read."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import pytest
from aiokafka import ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.client.publishing import partition_of, send

from tiendo_client import (
    DelayAttributionsConsumer,
    Delivery,
    KafkaAccess,
    MemoryPositions,
    MemoryVersions,
    PostgresPositions,
    PostgresVersions,
    newest,
)
from tiendo_contracts.messages import (
    DelayAttributionsMessage,
    DelayAttributionsState,
    Record,
    Topic,
    TopicKind,
    Version,
    decode_message,
    state_record,
)

LOG, OTHER = UUID(int=1), UUID(int=2)
Told = tuple[UUID, str, tuple[int, int, int], int]
"""Log, case, version, and the lateness that the state says."""


def record_of(told: Told) -> Record:
    log_id, case_id, (build, position, revision), lateness = told
    state = DelayAttributionsState(case_id=case_id, lateness_minutes=lateness)
    return state_record(state, log_id=log_id, version=Version(build=build, position=position, revision=revision))


def delivered(told: Told) -> Delivery[DelayAttributionsMessage]:
    record = record_of(told)
    message = decode_message(TopicKind.DELAY_ATTRIBUTIONS, record.value)
    assert isinstance(message, DelayAttributionsMessage)
    read = ConsumerRecord("states", 0, 0, 0, 0, record.key, record.value, None, 0, 0, ())
    return Delivery(message=message, record=read)


def lateness(message: DelayAttributionsMessage) -> int | None:
    assert message.data is not None
    return message.data.lateness_minutes


TELLINGS = st.lists(
    st.tuples(
        st.sampled_from([LOG, OTHER]),
        st.sampled_from(["C-1", "C-2"]),
        st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 2)),
        st.just(0),
    ),
    max_size=12,
).map(lambda tellings: [(log_id, case, version, sum(version)) for log_id, case, version, _ in tellings])


@given(TELLINGS, st.integers(1, 5))
def test_what_is_held_is_the_highest_version_of_each_case(tellings: list[Told], size: int) -> None:
    versions: MemoryVersions[DelayAttributionsMessage] = MemoryVersions()
    held: dict[tuple[UUID, str], Version] = {}
    for start in range(0, len(tellings), size):
        for message in versions.newer([delivered(told) for told in tellings[start : start + size]]):
            key = message.logid, message.subject
            assert key not in held or held[key] < message.version, "handed over though it is no news"
            held[key] = message.version
    highest = {key: max(v for log, case, v, _ in tellings if (log, case) == key) for key in held}
    assert {key: (v.build, v.position, v.revision) for key, v in held.items()} == highest
    assert set(held) == {(log, case) for log, case, _, _ in tellings}


def test_a_state_of_the_same_version_that_says_something_else_is_news() -> None:
    versions: MemoryVersions[DelayAttributionsMessage] = MemoryVersions()
    one, other = (LOG, "C-1", (1, 5, 1), 30), (LOG, "C-1", (1, 5, 1), 0)
    assert [lateness(message) for message in versions.newer([delivered(one)])] == [30]
    assert versions.newer([delivered(one)]) == []
    assert [lateness(message) for message in versions.newer([delivered(other)])] == [0]


def test_of_a_batch_the_latest_state_of_each_case_is_taken() -> None:
    batch = [delivered((LOG, "C-1", (1, 9, 1), 90)), delivered((LOG, "C-1", (1, 5, 1), 50))]
    assert [lateness(delivery.message) for delivery in newest(batch).values()] == [90]


@pytest.mark.parametrize("plain", [False, True], ids=["sqlalchemy", "asyncpg"])
async def test_versions_in_a_database_say_the_same_as_those_in_memory(
    owner_engine: AsyncEngine, *, plain: bool
) -> None:
    versions = PostgresVersions(consumer="agency")
    await versions.create_table(owner_engine)
    memory: MemoryVersions[DelayAttributionsMessage] = MemoryVersions()
    tellings: Sequence[Told] = [
        (LOG, "C-1", (1, 5, 1), 50), (LOG, "C-2", (1, 4, 1), 40), (OTHER, "C-1", (1, 1, 1), 10),
        (LOG, "C-1", (1, 5, 1), 50), (LOG, "C-1", (1, 4, 9), 49), (LOG, "C-2", (1, 4, 2), 42),
        (LOG, "C-1", (2, 1, 1), 21), (LOG, "C-1", (1, 9, 9), 99), (LOG, "C-1", (2, 1, 1), 22),
    ]  # fmt: skip
    for start in range(0, len(tellings), 3):
        batch = [delivered(told) for told in tellings[start : start + 3]]
        expected = sorted((message.logid, message.subject, lateness(message)) for message in memory.newer(batch))
        found = await _newer(versions, owner_engine, batch, plain=plain)
        assert sorted((message.logid, message.subject, lateness(message)) for message in found) == expected


async def _newer(
    versions: PostgresVersions, engine: AsyncEngine, batch: list[Delivery[DelayAttributionsMessage]], *, plain: bool
) -> list[DelayAttributionsMessage]:
    if not plain:
        async with engine.begin() as connection:
            return await versions.newer(connection, batch)
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address)
    try:
        async with connection.transaction():
            return await versions.newer(connection, batch)
    finally:
        await connection.close()


async def test_a_consumer_of_states_ends_with_the_latest_of_each_case_though_it_is_restarted(
    access: KafkaAccess, attributions: Topic, owner_engine: AsyncEngine
) -> None:
    positions, versions = PostgresPositions(owner_engine, consumer="agency"), PostgresVersions(consumer="agency")
    await positions.create_table()
    await versions.create_table(owner_engine)
    tellings: list[Told] = [(LOG, f"C-{n % 5}", (1, n, 1), n) for n in range(1, 41)]
    stragglers: list[Told] = [(LOG, f"C-{n % 5}", (1, n, 1), n) for n in range(10, 20)]
    records = [(partition_of(told[1], attributions.partitions), record_of(told)) for told in [*tellings, *stragglers]]
    await send(access.bootstrap_servers, attributions.name, records)
    held: dict[str, int | None] = {}
    read = 0
    while read < len(records):
        async with DelayAttributionsConsumer(
            access, positions=positions, group=attributions.name, topics=[attributions.name], batch_size_max=7
        ) as consumer:
            batch = await anext(consumer)
            async with owner_engine.begin() as connection:
                news = await versions.newer(connection, batch.deliveries)
                await batch.save(connection)
            held.update({message.subject: lateness(message) for message in news})
            read += len(batch)
    assert held == {f"C-{n % 5}": n for n in range(36, 41)}


async def test_a_program_without_a_store_reads_the_states_from_the_beginning(
    access: KafkaAccess, attributions: Topic
) -> None:
    records = [(partition_of("C-1", attributions.partitions), record_of((LOG, "C-1", (1, n, 1), n))) for n in (2, 3, 1)]
    await send(access.bootstrap_servers, attributions.name, records)
    versions: MemoryVersions[DelayAttributionsMessage] = MemoryVersions()
    async with DelayAttributionsConsumer(
        access, positions=MemoryPositions(), topics=[attributions.name], batch_size_max=1
    ) as consumer:
        found = [lateness(message) for _ in range(3) for message in versions.newer((await anext(consumer)).deliveries)]
    assert found == [2, 3]
