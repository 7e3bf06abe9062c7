"""Some partitions take their batches while the leader of others stands still, and theirs expire."""

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.relay.relaying import append, check, made_topics, relay, relayed
from tests.waiting import until

from tiendo_relay.sending import batch_sender as sending
from tiendo_runtime.settings import Settings

PARTITIONS = 6


async def test_a_batch_that_expires_at_one_broker_of_three_breaks_no_chain(
    kafka_cluster: Kafka,
    generation: int,
    engine: AsyncEngine,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "DELIVERY_SECONDS", 1.0)
    monkeypatch.setattr(sending, "REQUEST_SECONDS", 1.0)
    settings = await made_topics(kafka_cluster.bootstrap_servers, generation, partitions=PARTITIONS)
    async with relay(settings, database_url):
        await append(engine, [f"before-{number}" for number in range(100)])
        await relayed(settings, engine, seconds=60)
        failures = _failures(settings)
        kafka_cluster.brokers[1].pause()
        await append(engine, [f"held-{number}" for number in range(100)])
        await until(lambda: _failures(settings) > failures, what="a batch was given up", seconds=60)
        kafka_cluster.brokers[1].resume()
        await append(engine, [f"after-{number}" for number in range(100)])
        found = await relayed(settings, engine, seconds=60)
    await check(found, engine, partitions=PARTITIONS)
    assert len(found) >= 300


def _failures(settings: Settings) -> float:
    labels = {"feed": f"events:g{settings.kafka_generation}"}
    return REGISTRY.get_sample_value("tiendo_relay_failures_total", labels) or 0.0
