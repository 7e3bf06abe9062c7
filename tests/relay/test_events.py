"""Events of the log over Kafka: each at its place in the chain, and nothing lost or doubled in effect."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.relay.relaying import append, check, made_topics, relay, relayed

from tiendo_runtime.settings import Settings

PARTITIONS = 4


@pytest.fixture
async def settings(kafka: Kafka, generation: int) -> Settings:
    return await made_topics(kafka.bootstrap_servers, generation, partitions=PARTITIONS)


async def test_every_event_is_relayed_once_in_order(settings: Settings, engine: AsyncEngine, database_url: str) -> None:
    await append(engine, [f"before-{number}" for number in range(500)])
    async with relay(settings, database_url):
        await append(engine, [f"during-{number}" for number in range(100)])
        found = await relayed(settings, engine)
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) == 600
