"""Kafka or the database away: the relay waits, stops when it is asked to, and lacks nothing afterwards."""

from collections.abc import AsyncIterator

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka import java
from tests.kafka.brokers import Broker, Kafka
from tests.kafka.layouts import one_broker
from tests.relay.relaying import append, check, made_topics, relay, relayed
from tests.waiting import until

from tiendo_event_store import EventLog
from tiendo_relay.sending import batch_sender as sending
from tiendo_runtime.settings import Settings

pytestmark = pytest.mark.xdist_group("kafka-away")

PARTITIONS = 6


@pytest.fixture(scope="module")
async def own_kafka(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kafka]:
    """A broker that the tests here may hold and kill."""
    java.require()
    one = one_broker(tmp_path_factory.mktemp("kafka-away"))
    try:
        await one.start()
        yield one
    finally:
        await one.remove()


@pytest.fixture
async def broker(own_kafka: Kafka) -> AsyncIterator[Broker]:
    await own_kafka.restore()
    yield own_kafka.brokers[0]
    await own_kafka.restore()


@pytest.fixture
async def settings(broker: Broker, generation: int) -> Settings:
    return await made_topics(broker.bootstrap_servers, generation, partitions=PARTITIONS)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relay that gives up a batch soon."""
    monkeypatch.setattr(sending, "DELIVERY_SECONDS", 1.0)
    monkeypatch.setattr(sending, "REQUEST_SECONDS", 1.0)


async def test_what_was_accepted_while_kafka_was_away_is_relayed_when_it_is_back(
    broker: Broker, settings: Settings, engine: AsyncEngine, database_url: str
) -> None:
    async with relay(settings, database_url):
        await append(engine, ["before"])
        await relayed(settings, engine)
        await _known_as_taken(settings, engine)
        await broker.kill()
        await append(engine, [f"e-{number}" for number in range(200)])
        await until(lambda: _lag(settings) == 200, what="the lag is shown")
    interruptions = _interruptions()
    async with relay(settings, database_url):
        await until(lambda: _interruptions() > interruptions, what="another relay finds no broker")
        await broker.start()
        found = await relayed(settings, engine)
        await until(lambda: _lag(settings) == 0, what="the lag is gone")
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) == 201


async def test_the_lag_is_shown_though_the_database_was_away_as_well(
    generation: int, engine: AsyncEngine, owner_engine: AsyncEngine, database_url: str
) -> None:
    settings = Settings(kafka_bootstrap_servers="127.0.0.1:1", kafka_generation=generation)
    async with relay(settings, database_url):
        await append(engine, ["first"])
        lag = await EventLog(engine).head()
        await until(lambda: _lag(settings) == lag, what="the lag is shown")
        async with owner_engine.begin() as connection:
            await connection.execute(_CUT_READERS_OF_THE_LOG)
        await append(engine, ["second"])
        await until(lambda: _lag(settings) == lag + 1, what="the lag is still shown")


_CUT_READERS_OF_THE_LOG = text("""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND (query LIKE '%max(position), 0) FROM tiendo.events%' OR query LIKE '%FROM tiendo.relay_feeds WHERE feed%')
""")


async def test_topics_that_are_missing_are_waited_for(
    broker: Broker, generation: int, engine: AsyncEngine, database_url: str
) -> None:
    await append(engine, ["first"])
    settings = Settings(kafka_bootstrap_servers=broker.bootstrap_servers, kafka_generation=generation)
    interruptions = _interruptions()
    async with relay(settings, database_url):
        await until(lambda: _interruptions() > interruptions, what="the relay has found no topics")
        await made_topics(broker.bootstrap_servers, generation, partitions=24)
        assert len(await relayed(settings, engine)) == 1


@pytest.mark.usefixtures("hasty")
async def test_a_broker_that_stands_still_loses_and_doubles_nothing_in_effect(
    broker: Broker, settings: Settings, engine: AsyncEngine, database_url: str
) -> None:
    async with relay(settings, database_url):
        for turn in range(2):
            await append(engine, [f"{turn}-before-{number}" for number in range(30)])
            await relayed(settings, engine)
            failures = _failures(settings)
            broker.pause()
            await append(engine, [f"{turn}-held-{number}" for number in range(30)])
            await until(lambda known=failures: _failures(settings) > known, what="a batch was given up")
            broker.resume()
            found = await relayed(settings, engine)
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) >= 120


async def test_a_relay_stops_in_order_though_its_broker_stands_still(
    broker: Broker, settings: Settings, engine: AsyncEngine, database_url: str
) -> None:
    async with relay(settings, database_url):
        await append(engine, ["first"])
        await relayed(settings, engine)
        broker.pause()
        await append(engine, ["second"])
        await until(lambda: _lag(settings) > 0, what="the second event waits")
    broker.resume()
    async with relay(settings, database_url):
        await check(await relayed(settings, engine), engine, partitions=PARTITIONS)


async def test_a_database_that_is_away_is_waited_for(
    settings: Settings, engine: AsyncEngine, owner_engine: AsyncEngine, database_url: str
) -> None:
    async with relay(settings, database_url):
        for turn in range(3):
            await append(engine, [f"{turn}-{number}" for number in range(20)])
            await relayed(settings, engine)
            await _known_as_taken(settings, engine)
            await _cut_everything(owner_engine)
        await append(engine, ["last"])
        found = await relayed(settings, engine)
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) == 61


async def _known_as_taken(settings: Settings, engine: AsyncEngine) -> None:
    """Wait until the relay has the acknowledgement of what lies in the topic: without it, it would send that once more."""
    head = await EventLog(engine).head()
    await until(lambda: _value("tiendo_relay_position", settings) == head, what="the relay knows that it was taken")


async def _cut_everything(owner_engine: AsyncEngine) -> None:
    async with owner_engine.begin() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'tiendo'"
            )
        )


def _value(name: str, settings: Settings) -> float:
    return REGISTRY.get_sample_value(name, {"feed": f"events:g{settings.kafka_generation}"}) or 0.0


def _lag(settings: Settings) -> float:
    return _value("tiendo_relay_lag_events", settings)


def _failures(settings: Settings) -> float:
    return _value("tiendo_relay_failures_total", settings)


def _interruptions() -> float:
    return REGISTRY.get_sample_value("tiendo_relay_interruptions_total", {"of": "kafka"}) or 0.0
