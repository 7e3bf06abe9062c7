"""States that brokers lost after they had acknowledged them, or that somebody overwrote while no relay looked: told anew."""

from collections.abc import Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.logs import STARTED_AT, event_text, received_text, send
from tests.relay.relaying import administer, made_topics
from tests.relay.states import (
    agreed,
    arrives_late,
    following,
    project,
    relay_states,
    run_to_the_end,
    sent_states,
    state_topics,
)
from tests.waiting import until

from tiendo_event_store import EventLog
from tiendo_relay.errors import TopicRewound
from tiendo_relay.feeds.states import states_feed
from tiendo_relay.feeds.states_feed import StateFeed
from tiendo_relay.lock import RelayLock
from tiendo_runtime.kafka.applying import access_of, apply_topics
from tiendo_runtime.settings import Settings

Make = Callable[[RelayLock], StateFeed]


@pytest.fixture
async def settings(kafka: Kafka, generation: int) -> Settings:
    return await made_topics(kafka.bootstrap_servers, generation, partitions=1)


@pytest.fixture
def make(engine: AsyncEngine, settings: Settings) -> Make:
    return lambda lock: states_feed(
        engine, lock, access_of(settings), generation=settings.kafka_generation, shared=False
    )


async def test_what_was_lost_before_it_was_noted_is_told_anew(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine
) -> None:
    name = state_topics(settings)[1]
    async with following(settings, engine, make) as at_work:
        await _told(engine, at_work.feed, "A")
        at_work.feed._ends._note_at = float("inf")
        await _told(engine, at_work.feed, "B", "C", "D")
        [state, *_] = await sent_states(kafka, name)
        await administer(settings, "delete_topics", [name])
        await until(lambda: _is_gone(settings, name), what="the topic is gone")
        await apply_topics(settings)
        for _ in range(2):
            await arrives_late(kafka, state)
        at_work.feed._ends._watch_at = 0.0
        with pytest.raises(TopicRewound):
            await at_work.feed.step()
    assert await relay_states(settings, engine, make) == 8
    assert agreed(await sent_states(kafka, name)).keys() == {"A", "B", "C", "D"}


async def test_what_was_written_while_no_relay_was_at_work_is_put_right_by_the_next(
    kafka: Kafka, settings: Settings, make: Make, engine: AsyncEngine
) -> None:
    name = state_topics(settings)[1]
    async with following(settings, engine, make) as at_work:
        await _told(engine, at_work.feed, "A", "B")
        old = agreed(await sent_states(kafka, name))["A"]
        await send(engine, [event_text("A", "more", "forwarded", STARTED_AT)])
        await _told(engine, at_work.feed, "C")
        await at_work.feed.settle()
    assert await relay_states(settings, engine, make) == 0
    await arrives_late(kafka, old)  # from a relay that slept too long
    assert await relay_states(settings, engine, make) == 6
    assert agreed(await sent_states(kafka, name))["A"].message.position == await EventLog(engine).head()
    assert await relay_states(settings, engine, make) == 0


async def test_what_was_acknowledged_before_a_fault_is_not_taken_for_somebody_elses(
    settings: Settings, make: Make, engine: AsyncEngine
) -> None:
    async with following(settings, engine, make) as at_work:
        await _told(engine, at_work.feed, "A")
        at_work.feed._ends._note_at = float("inf")
        await _told(engine, at_work.feed, "B")
        await at_work.feed.open(at_work.sender)  # as after a fault of Kafka
        await at_work.feed.settle()
    assert await relay_states(settings, engine, make) == 0


async def _told(engine: AsyncEngine, feed: StateFeed, *case_ids: str) -> None:
    """Cases come, and the feed tells of them."""
    await send(engine, [received_text(case_id) for case_id in case_ids])
    await project(engine)
    await run_to_the_end(feed)


async def _is_gone(settings: Settings, name: str) -> bool:
    return name not in await administer(settings, "list_topics")
