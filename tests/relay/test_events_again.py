"""After whatever happened: the relay looks where the chains end and sends again from the first break; what is doubled, positions reveal."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import NewTopic
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.relay.relaying import (
    administer,
    append,
    case_events,
    check,
    made_topics,
    messages,
    noted_position,
    record_of,
    relay,
    relayed,
    send,
)
from tests.waiting import until

from tiendo_client.partitions import partition_of
from tiendo_contracts.database.advisory_locks import RELAYS
from tiendo_event_store import EventLog
from tiendo_relay import relay_loop
from tiendo_relay.feeds import events_feed
from tiendo_relay.lock import RelayLock
from tiendo_relay.sending.batch_sender import BatchSender
from tiendo_relay.sending.batches import Batches
from tiendo_runtime.settings import Settings

PARTITIONS = 3


@pytest.fixture
async def settings(kafka: Kafka, generation: int) -> Settings:
    return await made_topics(kafka.bootstrap_servers, generation, partitions=PARTITIONS)


@pytest.fixture
async def filled(settings: Settings, engine: AsyncEngine, database_url: str) -> Settings:
    """Topics that hold a hundred events, acknowledged and noted."""
    await append(engine, [f"first-{number}" for number in range(100)])
    async with relay(settings, database_url):
        await relayed(settings, engine)
    return settings


async def test_what_was_stored_behind_a_lost_batch_is_sent_again_with_it(
    filled: Settings, engine: AsyncEngine, database_url: str
) -> None:
    """As when a batch expires and a later one of the same producer is stored: the end of the partition is no proof."""
    await append(engine, [f"second-{number}" for number in range(60)])
    later = await _last_of_each_partition(engine)
    await send(filled, [await record_of(engine, position, previous) for position, previous in later])
    async with relay(filled, database_url):
        found = await relayed(filled, engine)
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) == 160 + len(later)


async def test_a_relay_without_a_checkpoint_believes_the_topic_alone(
    filled: Settings, engine: AsyncEngine, database_url: str
) -> None:
    await _forget(engine)
    await append(engine, [f"second-{number}" for number in range(30)])
    async with relay(filled, database_url):
        found = await relayed(filled, engine)
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) == 130


async def test_a_checkpoint_older_than_the_topic_does_no_harm(
    filled: Settings, engine: AsyncEngine, database_url: str
) -> None:
    kept = await _noted(engine)
    await append(engine, [f"second-{number}" for number in range(30)])
    async with relay(filled, database_url):
        await relayed(filled, engine)
    await _forget(engine)
    await _note(engine, kept)
    async with relay(filled, database_url):
        await until(lambda: _is_noted(engine, filled), what="the end of the log is noted")
    found = await messages(filled)
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) == 130


async def test_a_topic_made_anew_is_filled_from_the_beginning(
    filled: Settings, engine: AsyncEngine, database_url: str
) -> None:
    await _make_anew(filled)
    async with relay(filled, database_url):
        found = await relayed(filled, engine)
    await check(found, engine, partitions=PARTITIONS)


# A relay that is ended anywhere stands for a killed process here: the connections that it leaves open would end with that.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("checkpoint_seconds", [0, 3600])
async def test_a_relay_killed_while_it_fills_a_topic_anew_leaves_no_hole(
    filled: Settings,
    engine: AsyncEngine,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    checkpoint_seconds: float,
) -> None:
    monkeypatch.setattr(events_feed, "_CHUNK_EVENTS_MAX", 10)
    monkeypatch.setattr(events_feed, "_CHUNK_EVENTS_MIN", 10)
    monkeypatch.setattr(events_feed, "CHECKPOINT_SECONDS", checkpoint_seconds)
    await _make_anew(filled)
    for sends in (2, 1, 3):
        with pytest.raises(Killed):
            await _killed_after(sends, filled, database_url)
    async with relay(filled, database_url):
        found = await relayed(filled, engine)
    await check(found, engine, partitions=PARTITIONS)
    gc.collect()


async def test_a_topic_made_anew_under_a_relay_at_work_is_noticed(
    filled: Settings, engine: AsyncEngine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_feed, "WATCH_SECONDS", 0.3)
    async with relay(filled, database_url):
        await append(engine, ["second"])
        await relayed(filled, engine)
        await _make_anew(filled)
        found = await relayed(filled, engine, seconds=60)
    await check(found, engine, partitions=PARTITIONS)


async def test_a_relay_whose_lock_is_gone_takes_it_again_before_it_sends_on(
    filled: Settings, engine: AsyncEngine, owner_engine: AsyncEngine, database_url: str
) -> None:
    async with relay(filled, database_url):
        for turn in range(3):
            await append(engine, [f"{turn}-{number}" for number in range(20)])
            await relayed(filled, engine)
            await _cut_lock(owner_engine)
        await append(engine, ["last"])
        found = await relayed(filled, engine)
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) == 161


async def test_a_second_relay_waits_for_the_end_of_the_first(
    filled: Settings, engine: AsyncEngine, database_url: str
) -> None:
    async with relay(filled, database_url):
        await append(engine, ["second"])
        await relayed(filled, engine)
        async with relay(filled, database_url):
            await append(engine, ["third"])
            assert len(await relayed(filled, engine)) == 102
    async with relay(filled, database_url):
        await append(engine, ["fourth"])
        found = await relayed(filled, engine)
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) == 103


async def test_two_relays_at_once_only_double_what_positions_reveal(
    filled: Settings, engine: AsyncEngine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when one was cut off from the database and has not noticed: here no lock keeps them apart, and neither sends before the other."""
    first_filled = await EventLog(engine).head()
    monkeypatch.setattr(relay_loop, "relay_lock", _no_lock)
    monkeypatch.setattr(BatchSender, "send", _in_pairs(BatchSender.send))
    async with relay(filled, database_url), relay(filled, database_url):
        for turn in range(3):
            await append(engine, [f"{turn}-{number}" for number in range(30)])
            await relayed(filled, engine, seconds=60)
    found = await messages(filled)
    await check(found, engine, partitions=PARTITIONS)
    times = Counter(sent.position for sent in found)
    doubled = {position for position, count in times.items() if count > 1}
    assert doubled == {position for position in times if position > first_filled}


def _in_pairs(
    send: Callable[[BatchSender, Batches], Awaitable[Any]],
) -> Callable[[BatchSender, Batches], Awaitable[Any]]:
    """The sending of events, held until the other of two relays has events in hand as well."""
    both = asyncio.Barrier(2)

    async def send_with_the_other(sender: BatchSender, batches: Batches) -> object:
        if sender._feed.startswith("events"):
            await both.wait()
        return await send(sender, batches)

    return send_with_the_other


@asynccontextmanager
async def _no_lock(engine: AsyncEngine, _generation: int, _stop: asyncio.Event) -> AsyncIterator[RelayLock]:
    async with engine.connect() as connection:
        async with connection.begin():
            backend = await connection.scalar(text("SELECT pg_backend_pid()"))
        yield RelayLock(connection, backend)


class Killed(Exception):  # noqa: N818 - what has happened
    """Stands for the end of the process: nothing more is noted, and nothing is done in order."""


async def _killed_after(sends: int, settings: Settings, url: str) -> None:
    """A relay that ends when the brokers have stored so many chunks, and before it knows of the last of them."""
    send, remaining = BatchSender.send, sends

    async def send_and_die(sender: BatchSender, batches: Batches) -> dict[TopicPartition, int]:
        nonlocal remaining
        offsets = await send(sender, batches)
        remaining -= sender._feed.startswith("events")
        if remaining == 0:
            raise Killed
        return offsets

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BatchSender, "send", send_and_die)
        await asyncio.wait_for(relay_loop.run(settings, url, asyncio.Event()), 60)


async def _last_of_each_partition(engine: AsyncEngine) -> list[tuple[int, int]]:
    """Position and previous position of the last event of the log in each partition."""
    chains: dict[int, list[int]] = {number: [0] for number in range(PARTITIONS)}
    for stored in await EventLog(engine).read_after(0, 10_000, shards=range(16)):
        if stored.shard is not None:
            chains[partition_of(stored.subject.encode(), PARTITIONS)].append(stored.position)
    return [(chain[-1], chain[-2]) for chain in chains.values() if len(chain) > 1]


async def _make_anew(settings: Settings) -> None:
    name = case_events(settings)
    await administer(settings, "delete_topics", [name])
    await until(lambda: _is_gone(settings, name), what="the topic is gone")
    answer = await administer(settings, "create_topics", [NewTopic(name, PARTITIONS, 1)])
    assert [code for _, code, *_ in answer.topic_errors] == [0]


async def _is_gone(settings: Settings, name: str) -> bool:
    return name not in await administer(settings, "list_topics")


async def _is_noted(engine: AsyncEngine, settings: Settings) -> bool:
    return await noted_position(engine, settings) == await EventLog(engine).head()


async def _noted(engine: AsyncEngine) -> dict[str, list[Any]]:
    async with engine.connect() as connection:
        return {
            table: [tuple(row) for row in await connection.execute(text(f"SELECT * FROM tiendo.{table}"))]
            for table in ("relay_feeds", "relay_partitions")
        }


async def _forget(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        for table in ("relay_feeds", "relay_partitions"):
            await connection.execute(text(f"DELETE FROM tiendo.{table}"))


async def _note(engine: AsyncEngine, kept: dict[str, list[Any]]) -> None:
    async with engine.begin() as connection:
        for table, rows in kept.items():
            for row in rows:
                names = [f"value_{number}" for number in range(len(row))]
                values = ", ".join(f":{name}" for name in names)
                await connection.execute(
                    text(f"INSERT INTO tiendo.{table} VALUES ({values})"), dict(zip(names, row, strict=True))
                )


async def _cut_lock(owner_engine: AsyncEngine) -> None:
    async with owner_engine.begin() as connection:
        cut = await connection.scalar(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                " AND classid::bigint = :locks AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            ),
            {"locks": RELAYS.key},
        )
    assert cut == 1
