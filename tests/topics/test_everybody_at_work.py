"""Log to agency over a broker that asks who you are: relay, projector over Kafka and agency, each signed in with the rights of the plan alone."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.fixtures import SecuredKafka
from tests.projector.conftest import other_engine, running_projector
from tests.projector.followers import following, shown
from tests.projector.logs import address_of, define, followed_to_the_end, received_text, rows_of, send
from tests.relay.relaying import relay
from tests.topics.secured import settings_of
from tests.waiting import until

from tiendo_client import CaseEventConsumer, DelayAttributionsConsumer, KafkaPositions, MemoryPositions
from tiendo_contracts.messages.topics import TopicKind, agency_topic, topic
from tiendo_domain.rules import UnitRule
from tiendo_runtime.kafka.applying import apply_topics
from tiendo_runtime.settings import Settings

__all__ = ["other_engine"]

CASES = [f"HS-{number}" for number in range(6)]
THEIRS = {"id": "H34.STNMT", "name": "Sở Tài nguyên và Môi trường"}
OTHERS = {"id": "H34.20", "name": "Chi nhánh"}


async def test_everybody_works_with_the_rights_of_the_plan(
    secured_kafka: SecuredKafka, generation: int, tmp_path: Path, engine: AsyncEngine, other_engine: AsyncEngine
) -> None:
    def signed_in(user: str) -> Settings:
        return settings_of(secured_kafka, user, generation, tmp_path)

    await apply_topics(signed_in("admin"))
    await define(engine, UnitRule(id=THEIRS["id"]), UnitRule(id=OTHERS["id"]))
    await send(engine, [received_text(case, unit=OTHERS if case == CASES[0] else THEIRS) for case in CASES])
    async with (
        running_projector(address_of(engine)),
        relay(signed_in("relay"), address_of(engine)),
        following(signed_in("projector"), address_of(other_engine)),
    ):
        await until(lambda: followed_to_the_end(engine))
        assert await cases_told(signed_in("agency"), generation) == set(CASES[1:])
        assert await events_told(signed_in("projector"), generation) == set(CASES)

        await shown(other_engine, engine)
        assert await rows_of(other_engine, "cases", "case_id") == await rows_of(engine, "cases", "case_id")


async def cases_told(agency: Settings, generation: int) -> set[str]:
    """The cases that the agency is told of, read by its own client in a group of its own; in Kafka it keeps how far it is."""
    assert agency.kafka is not None
    own = agency_topic(THEIRS["id"], generation=generation).name
    told: set[str] = set()
    consumer = DelayAttributionsConsumer(
        agency.kafka, positions=KafkaPositions(), group=f"tiendo.agency.{THEIRS['id']}:reports", topics=[own]
    )
    async with asyncio.timeout(60), consumer:
        async for batch in consumer:
            told |= {delivery.message.subject for delivery in batch.deliveries}
            await batch.save()
            if len(told) == len(CASES) - 1:
                return told
    pytest.fail("the consumer ended")


async def events_told(reader: Settings, generation: int) -> set[str]:
    """The cases of which a reader of everything gets events."""
    assert reader.kafka is not None
    events = topic(TopicKind.CASE_EVENTS, generation=generation).name
    told: set[str] = set()
    consumer = CaseEventConsumer(reader.kafka, positions=MemoryPositions(), topics=[events])
    async with asyncio.timeout(60), consumer:
        async for batch in consumer:
            told |= {delivery.message.subject for delivery in batch.deliveries}
            if told == set(CASES):
                return told
    pytest.fail("the consumer ended")
