"""Feeds of states in this process, one step at a time, and what lies in their topics as a reader of its own sees it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka

from tiendo_contracts.messages import (
    CaseTimelineMessage,
    DelayAttributionsMessage,
    TopicKind,
    decode_message,
    topic,
)
from tiendo_projector.projection import Projection
from tiendo_read_models.builds import ensure_live_build
from tiendo_relay.feeds.states_feed import StateFeed
from tiendo_relay.lock import RelayLock, relay_lock
from tiendo_relay.sending.batch_sender import BatchSender, opened_sender
from tiendo_runtime.settings import Compression, Settings

StateMessage = CaseTimelineMessage | DelayAttributionsMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class SentState:
    """A state as it lies in a partition, with the text of the record."""

    topic: str
    key: str
    headers: Mapping[str, bytes]
    value: str
    message: StateMessage


async def sent_states(kafka: Kafka, name: str, kind: TopicKind = TopicKind.DELAY_ATTRIBUTIONS) -> list[SentState]:
    """All states in a topic; of one case in the order in which they came."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap_servers, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        numbers = await consumer._client._wait_on_metadata(name)
        partitions = [TopicPartition(name, number) for number in sorted(numbers)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        found: list[SentState] = []
        while any([await consumer.position(where) < ends[where] for where in partitions]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += [_sent(name, kind, record.key, record.value, record.headers) for record in records]
        return found
    finally:
        await consumer.stop()


def _sent(name: str, kind: TopicKind, key: bytes, value: bytes, headers: Sequence[tuple[str, bytes]]) -> SentState:
    message = decode_message(kind, value)
    assert isinstance(message, (CaseTimelineMessage, DelayAttributionsMessage))
    return SentState(topic=name, key=key.decode(), headers=dict(headers), value=value.decode(), message=message)


def kept(sent: Sequence[SentState]) -> dict[str, SentState]:
    """What compaction leaves: of each case the last state."""
    return {state.key: state for state in sent}


def highest(sent: Sequence[SentState]) -> dict[str, SentState]:
    """What a reader holds who keeps a state unless it has a higher version: of each case the state of the highest."""
    held: dict[str, SentState] = {}
    for state in sent:
        if state.key not in held or state.message.version >= held[state.key].message.version:
            held[state.key] = state
    return held


def agreed(sent: Sequence[SentState]) -> dict[str, SentState]:
    """What is left of each case: the same for one who comes late, after compaction, and for one who has read everything."""
    late, early = kept(sent), highest(sent)
    assert {key: state.value for key, state in late.items()} == {key: state.value for key, state in early.items()}
    return late


def state_topics(settings: Settings) -> tuple[str, str]:
    """The names of the topics of timelines and of shares."""
    generation = settings.kafka_generation
    return (
        topic(TopicKind.CASE_TIMELINES, generation=generation).name,
        topic(TopicKind.DELAY_ATTRIBUTIONS, generation=generation).name,
    )


async def project(engine: AsyncEngine) -> None:
    """Bring the live build to the end of the log."""
    async with engine.begin() as connection:
        build = await ensure_live_build(connection)
    projection = await Projection.open(engine, build, range(16), live=True)
    while await projection.step() or await projection.refold():
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A feed at work: the lock is held, the feed is open."""

    feed: StateFeed
    sender: BatchSender


Make = Callable[[RelayLock], StateFeed]
"""A feed that is to be made with a lock."""


@asynccontextmanager
async def following(settings: Settings, engine: AsyncEngine, make: Make) -> AsyncIterator[Following]:
    """A feed from where the last one left off; it ends without having settled, as one does that is killed."""
    access = settings.kafka
    assert access is not None
    async with relay_lock(engine, settings.kafka_generation, asyncio.Event()) as lock:
        assert lock is not None
        feed = make(lock)
        async with opened_sender(access, lock, feed.name, feed.topics, Compression.NONE) as sender:
            await feed.open(sender)
            yield Following(feed=feed, sender=sender)


async def relay_states(settings: Settings, engine: AsyncEngine, make: Make) -> int:
    """The number of messages that a feed sends before it stops in order."""
    async with following(settings, engine, make) as at_work:
        sent = await run_to_the_end(at_work.feed)
        await at_work.feed.settle()
        return sent


async def run_to_the_end(feed: StateFeed) -> int:
    """The number of messages sent until there is nothing to send."""
    total = 0
    while sent := await feed.step():
        total += sent
    return total


def impatient(make: Make, seconds: float) -> Make:
    """The same feed, which believes that a producer's batches arrive within `seconds`."""

    def made(lock: RelayLock) -> StateFeed:
        feed = make(lock)
        feed._settle_seconds = seconds
        return feed

    return made


async def arrives_late(kafka: Kafka, state: SentState) -> None:
    """A state as it was sent before, now: a batch that lay in some buffer."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers)
    await producer.start()
    try:
        await producer.send_and_wait(state.topic, key=state.key.encode(), value=state.value.encode())
    finally:
        await producer.stop()
