"""A consumer ends in time though the brokers hang or are gone, and goes on when they are back."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest
from aiokafka.client import AIOKafkaClient
from tests.client.publishing import create, new_log, send
from tests.kafka import java
from tests.kafka.brokers import Broker
from tests.kafka.layouts import one_broker
from tests.waiting import until

from tiendo_client import CaseEventConsumer, KafkaAccess, KafkaPositions, consuming
from tiendo_client.access_errors import BrokersAway
from tiendo_client.lifecycle import leave
from tiendo_contracts.messages import Topic, TopicKind, topic


@pytest.fixture(scope="module")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Broker]:
    """A broker of these tests alone."""
    java.require()
    own = one_broker(tmp_path_factory.mktemp("kafka-away"))
    await own.start()
    yield own.brokers[0]
    await own.remove()


def reader(broker: Broker, events: Topic, group: str) -> CaseEventConsumer:
    access = KafkaAccess(bootstrap_servers=broker.bootstrap_servers)
    return CaseEventConsumer(access, positions=KafkaPositions(), group=group, topics=[events.name])


def count_questions(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The requests that aiokafka's clients begin from now on, one after another."""
    asked: list[object] = []
    send_request = AIOKafkaClient.send

    async def counted(client: AIOKafkaClient, node: int, request: object, **how: object) -> object:
        asked.append(request)
        return await send_request(client, node, request, **how)

    monkeypatch.setattr(AIOKafkaClient, "send", counted)
    return asked


@pytest.mark.xdist_group("kafka")
async def test_a_consumer_ends_in_time_though_the_brokers_do_not_answer(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "leave", partial(leave, seconds_max=2))
    events = topic(TopicKind.CASE_EVENTS, generation=2, partitions=4)
    await create(broker.bootstrap_servers, events)
    told = new_log()
    await send(broker.bootstrap_servers, events.name, [told.event("C-1") for _ in range(5)])
    asked = count_questions(monkeypatch)
    for away, questions in ((broker.pause, 1), (broker.kill, 3)):
        async with asyncio.timeout(60):
            async with reader(broker, events, away.__name__) as consumer:
                await (await anext(consumer)).save()
                if (going := away()) is not None:
                    await going
                waiting = asyncio.ensure_future(anext(consumer))
                enough = len(asked) + questions
                await until(lambda known=enough: len(asked) >= known, what="the consumer asks in vain")
                consumer.stop()
                with pytest.raises(StopAsyncIteration):
                    await waiting
            if away == broker.pause:
                broker.resume()
    with pytest.raises(BrokersAway, match="no broker answers"):
        await reader(broker, events, "late").__aenter__()
    await broker.start()
    await send(broker.bootstrap_servers, events.name, [told.event("C-1")])
    async with asyncio.timeout(60), reader(broker, events, "kill") as consumer:
        assert [message.position for message in await anext(consumer)] == [6]
