"""The relay stops with a clear word when topic and log do not belong together, and goes on as soon as that is mended."""

import asyncio
from uuid import UUID, uuid4

import pytest
from aiokafka.admin import NewPartitions
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.relay.relaying import (
    administer,
    append,
    case_events,
    chained,
    check,
    made_topics,
    record_of,
    relay,
    relayed,
    send,
)
from tests.waiting import until

from tiendo_contracts.messages import Record
from tiendo_event_store import EventLog
from tiendo_event_store.publication import feed_states
from tiendo_relay import relay_loop
from tiendo_relay.errors import (
    EventDiffers,
    LogRenamed,
    PartitionsChanged,
    RelayRefused,
    TopicAhead,
    TopicShared,
)
from tiendo_relay.feeds import events_feed
from tiendo_runtime.settings import Settings

PARTITIONS = 3
OTHER_LOG = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
async def settings(kafka: Kafka, generation: int) -> Settings:
    return await made_topics(kafka.bootstrap_servers, generation, partitions=PARTITIONS)


@pytest.fixture
async def filled(settings: Settings, engine: AsyncEngine, database_url: str) -> Settings:
    """Topics that hold some events, acknowledged and noted."""
    await append(engine, [f"first-{number}" for number in range(30)])
    async with relay(settings, database_url):
        await relayed(settings, engine)
    return settings


async def test_a_topic_that_goes_beyond_the_log_is_that_of_a_log_restored_from_a_backup(
    filled: Settings, engine: AsyncEngine, owner_engine: AsyncEngine, database_url: str
) -> None:
    head = await EventLog(engine).head()
    await _cut_off(owner_engine, after=head - 5)
    refused = await _refused(filled, database_url, TopicAhead)
    assert f"{head - 4:,}" in refused.found or "which ends at" in refused.found
    assert "tiendo log renew-id" in refused.remedy


async def test_a_restored_log_that_has_grown_differently_since_is_told_by_the_digests(
    filled: Settings, engine: AsyncEngine, owner_engine: AsyncEngine, database_url: str
) -> None:
    await append(engine, [f"lost-{number}" for number in range(20)])
    async with relay(filled, database_url):
        await relayed(filled, engine)
    await _cut_off(owner_engine, after=32, notes_too=True)
    await append(engine, [f"other-{number}" for number in range(50)])
    await _refused(filled, database_url, EventDiffers)


async def test_messages_of_another_log_are_refused(filled: Settings, engine: AsyncEngine, database_url: str) -> None:
    await send(filled, [await record_of(engine, 5, 0, log_id=OTHER_LOG)])
    refused = await _refused(filled, database_url, TopicShared)
    assert str(OTHER_LOG) in refused.found
    assert case_events(filled) in refused.found
    assert "TIENDO_KAFKA_SHARED_TOPICS" in refused.remedy


async def test_messages_of_another_program_are_refused(filled: Settings, database_url: str) -> None:
    await send(filled, [Record(b"key", b"hello", [])])
    refused = await _refused(filled, database_url, TopicShared)
    assert "that tiendo did not send" in refused.found


async def test_a_position_that_no_log_can_have_is_refused_in_words(
    filled: Settings, engine: AsyncEngine, database_url: str
) -> None:
    await send(filled, [await record_of(engine, 5, 0, shown_as=2**63)])
    refused = await _refused(filled, database_url, TopicShared)
    assert "that tiendo did not send" in refused.found


@pytest.mark.parametrize("watch_seconds", [0.3, 3600])
async def test_a_copy_of_the_log_that_relays_too_is_noticed_at_work(
    filled: Settings, engine: AsyncEngine, database_url: str, monkeypatch: pytest.MonkeyPatch, watch_seconds: float
) -> None:
    """As when a database was copied for tests, and its relay left configured: same name, same positions, other events."""
    monkeypatch.setattr(events_feed, "WATCH_SECONDS", watch_seconds)
    task = asyncio.ensure_future(relay_loop.run(filled, database_url, asyncio.Event()))
    await append(engine, ["second"])
    found = await relayed(filled, engine)
    tail = max(sent.position for sent in found if sent.partition == found[0].partition)
    copied = await record_of(engine, found[0].position, tail, shown_as=tail + 1_000)
    await send(filled, [copied])
    if watch_seconds > 1:  # then it is noticed by the next that it sends
        await append(engine, [f"third-{number}" for number in range(20)])
    async with asyncio.timeout(60):
        with pytest.raises(TopicAhead):
            await task


async def test_logs_that_share_topics_have_each_its_own_chain(
    settings: Settings, engine: AsyncEngine, database_url: str
) -> None:
    shared = settings.model_copy(update={"kafka_shared_topics": True})
    await append(engine, [f"first-{number}" for number in range(30)])
    await send(shared, [await record_of(engine, position, 0, log_id=OTHER_LOG) for position in (5, 6, 7)])
    for turn in range(2):
        await append(engine, [f"{turn}-{number}" for number in range(10)])
        async with relay(shared, database_url):
            found = await relayed(shared, engine)
        await send(shared, [await record_of(engine, 8, 7, log_id=OTHER_LOG)])
    log_id = await EventLog(engine).log_id()
    own = [sent for sent in found if sent.message.logid == log_id]
    await check(own, engine, partitions=PARTITIONS)
    assert len(own) == len(chained(found, log_id)) == 50


async def test_partitions_added_to_a_topic_are_refused(
    filled: Settings, engine: AsyncEngine, database_url: str
) -> None:
    await administer(filled, "create_partitions", {case_events(filled): NewPartitions(PARTITIONS + 1)})
    refused = await _refused(filled, database_url, PartitionsChanged)
    assert f"has {PARTITIONS + 1} partitions and was begun with {PARTITIONS}" in refused.found
    async with engine.begin() as connection:
        for table in ("relay_feeds", "relay_partitions"):
            await connection.execute(text(f"DELETE FROM tiendo.{table}"))
    refused = await _refused(filled, database_url, PartitionsChanged)
    assert "another number" in refused.found


async def test_a_log_renamed_behind_the_relay_is_refused(
    filled: Settings, owner_engine: AsyncEngine, database_url: str
) -> None:
    async with owner_engine.begin() as connection:
        await connection.execute(text("UPDATE tiendo.log_identity SET log_id = :new"), {"new": uuid4()})
    await _refused(filled, database_url, LogRenamed)


async def test_a_patient_relay_goes_on_as_soon_as_it_is_mended(
    filled: Settings, engine: AsyncEngine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_loop, "REFUSED_SECONDS", 0.1)
    await send(filled, [await record_of(engine, 5, 0, log_id=OTHER_LOG)])
    async with relay(filled, database_url, patient=True):
        await until(lambda: _has_refusal(engine), what="the refusal is noted")
    shared = filled.model_copy(update={"kafka_shared_topics": True})
    async with relay(shared, database_url):
        await append(engine, ["second"])
        found = await relayed(shared, engine)
        assert not await _has_refusal(engine)
    assert len(found) == 32


async def test_a_new_generation_of_topics_is_filled_from_the_first_position(
    filled: Settings, kafka: Kafka, engine: AsyncEngine, database_url: str
) -> None:
    """What growth is: more partitions under a new name, while the old topics stay as they are."""
    grown = await made_topics(kafka.bootstrap_servers, filled.kafka_generation + 100_000, partitions=PARTITIONS + 2)
    async with relay(grown, database_url), relay(filled, database_url):
        await append(engine, ["both"])
        found = await relayed(grown, engine)
        await relayed(filled, engine)
    await check(found, engine, partitions=PARTITIONS + 2)
    assert len(found) == 31
    assert {sent.partition for sent in found} == set(range(PARTITIONS + 2))


async def _refused(settings: Settings, url: str, kind: type[RelayRefused]) -> RelayRefused:
    """How the relay refuses, within its time."""
    async with asyncio.timeout(60):
        with pytest.raises(kind) as caught:
            await relay_loop.run(settings, url, asyncio.Event())
    return caught.value


async def _has_refusal(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        return any(state.refusal for state in await feed_states(connection))


async def _cut_off(owner_engine: AsyncEngine, *, after: int, notes_too: bool = False) -> None:
    """What restoring an older backup comes to."""
    async with owner_engine.begin() as connection:
        await connection.execute(text("ALTER TABLE tiendo.events DISABLE TRIGGER USER"))
        await connection.execute(text("DELETE FROM tiendo.events WHERE position > :after"), {"after": after})
        await connection.execute(text("ALTER TABLE tiendo.events ENABLE TRIGGER USER"))
        if notes_too:
            await connection.execute(text("DELETE FROM tiendo.relay_partitions"))
            await connection.execute(text("DELETE FROM tiendo.relay_feeds"))
