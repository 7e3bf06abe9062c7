"""Events of the log over Kafka: each at its place in the chain, and nothing lost or doubled in effect."""

import json

import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.event_store.events import event
from tests.kafka.brokers import Kafka
from tests.publication_facts import append_facts, publication
from tests.relay.relaying import (
    administer,
    append,
    case_events,
    check,
    made_topics,
    messages,
    noted_position,
    relay,
    relayed,
)
from tests.waiting import until

from tiendo_contracts.messages import TopicKind
from tiendo_event_store import CoalescingWriter, EventLog
from tiendo_relay.sending import chunks
from tiendo_runtime.settings import Compression, Settings

PARTITIONS = 4


@pytest.fixture
async def settings(kafka: Kafka, generation: int) -> Settings:
    return await made_topics(kafka.bootstrap_servers, generation, partitions=PARTITIONS)


async def test_every_event_is_relayed_once_in_order(settings: Settings, engine: AsyncEngine, database_url: str) -> None:
    await append(engine, [f"before-{number}" for number in range(2_500)])
    async with relay(settings, database_url):
        await append(engine, [f"during-{number}" for number in range(100)])
        found = await relayed(settings, engine)
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) == 2_600


async def test_directory_facts_keep_the_order_of_the_log(
    settings: Settings, engine: AsyncEngine, database_url: str
) -> None:
    facts = await EventLog(engine).directory_facts()
    assert facts
    async with relay(settings, database_url):
        await until(lambda: _all_relayed(engine, settings), what="the head is noted")
    found = await messages(settings, TopicKind.DIRECTORY)
    assert [sent.position for sent in found] == [fact.position for fact in facts]
    assert [sent.message.place.previous_position for sent in found] == [0, *(fact.position for fact in facts[:-1])]


async def test_facts_of_publications_have_a_topic_of_their_own_and_no_other_of_the_house_goes_out(
    settings: Settings, engine: AsyncEngine, database_url: str
) -> None:
    before = await EventLog(engine).head()
    key = ("vn.tiendo.key.created.v1", "key-1", {"name": "Một cửa"})
    first, _, second = await append_facts(engine, publication("H34.STNMT"), key, publication("H34.STNMT", "withdrawn"))
    async with relay(settings, database_url):
        await until(lambda: _all_relayed(engine, settings), what="the head is noted")
    found = await messages(settings, TopicKind.PUBLICATIONS)
    assert [sent.message.id for sent in found] == [first["id"], second["id"]]
    assert [sent.position for sent in found] == [before + 1, before + 3]
    assert [sent.message.place.previous_position for sent in found] == [0, before + 1]
    assert [sent.message.subject for sent in found] == ["H34.STNMT-2022-08"] * 2


async def test_a_relay_that_stopped_in_order_goes_on_where_it_was(
    settings: Settings, engine: AsyncEngine, database_url: str
) -> None:
    for turn in range(3):
        await append(engine, [f"{turn}-{number}" for number in range(50)])
        async with relay(settings, database_url):
            found = await relayed(settings, engine)
        assert await noted_position(engine, settings) == await EventLog(engine).head()
        assert len(found) == 50 * (turn + 1)
    await check(found, engine, partitions=PARTITIONS)


async def test_the_text_of_an_event_is_passed_on_as_it_was_accepted(
    settings: Settings, engine: AsyncEngine, database_url: str
) -> None:
    await append(engine, ["e-1"])
    stored = (await EventLog(engine).read_case(event("e-1").case_id))[0]
    async with relay(settings, database_url):
        (sent,) = await relayed(settings, engine)
    members = json.loads(stored.text)
    assert sent.message.data == members["data"]
    assert sent.headers["ce_time"].decode() == members["time"]
    assert sent.message.ingestedat.endswith("Z")


async def test_an_event_too_large_for_the_topic_leaves_a_stub_in_its_place(
    settings: Settings, engine: AsyncEngine, database_url: str
) -> None:
    await _set_limit(settings, 3_000)
    async with CoalescingWriter(engine) as writer:
        await writer.append([event("before"), event("large", content="ễ" * 2_000), event("after")])
    async with relay(settings, database_url):
        found = await relayed(settings, engine)
    await check(found, engine, partitions=PARTITIONS)
    stubs = [sent.message for sent in found if sent.message.is_stub]
    assert [stub.id for stub in stubs] == ["large"]
    assert stubs[0].dataref == f"/v1/events?after={stubs[0].position - 1}&limit=1"


async def test_a_limit_that_was_lowered_meanwhile_is_asked_for_again(
    settings: Settings, engine: AsyncEngine, database_url: str
) -> None:
    async with relay(settings, database_url):
        await append(engine, ["first"])
        await relayed(settings, engine)
        await _set_limit(settings, 3_000)
        async with CoalescingWriter(engine) as writer:
            await writer.append([event("large", content="ễ" * 2_000)])
        found = await relayed(settings, engine)
    assert [sent.message.id for sent in found if sent.message.is_stub] == ["large"]


@pytest.mark.parametrize("compression", [Compression.GZIP, Compression.LZ4, Compression.ZSTD])
async def test_what_is_compressed_is_the_same(
    settings: Settings, engine: AsyncEngine, database_url: str, compression: Compression
) -> None:
    await append(engine, [f"e-{number}" for number in range(300)])
    compressing = settings.model_copy(update={"kafka_compression": compression})
    for _ in range(2):  # the second reads back what the first sent
        async with relay(compressing, database_url):
            found = await relayed(settings, engine)
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) == 300


async def test_a_clock_set_back_changes_nothing(
    settings: Settings, engine: AsyncEngine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([2_000_000_000_000, *range(1_000_000_000_000, 0, -1_000_000_000)])
    monkeypatch.setattr(chunks, "now_ms", lambda: next(clock))
    async with relay(settings, database_url):
        for turn in range(5):
            await append(engine, [f"{turn}-{number}" for number in range(20)])
            found = await relayed(settings, engine)
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) == 100


async def _set_limit(settings: Settings, size: int) -> None:
    limit = {"max.message.bytes": str(size)}
    await administer(
        settings, "alter_configs", [ConfigResource(ConfigResourceType.TOPIC, case_events(settings), limit)]
    )


async def _all_relayed(engine: AsyncEngine, settings: Settings) -> bool:
    return await noted_position(engine, settings) == await EventLog(engine).head()
