"""A relay in this process, what it sent as a reader of its own sees it, and a checker that knows only the log."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.event_store.events import event
from tests.waiting import until

import tiendo_relay
from tiendo_client.partitions import partition_of
from tiendo_contracts.messages import EventMessage, Place, Record, TopicKind, decode_message, event_record, topic
from tiendo_event_store import CoalescingWriter, EventLog
from tiendo_event_store.publication import PublicationLog, feed_states
from tiendo_runtime.kafka.applying import apply_topics
from tiendo_runtime.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message as it lies in a partition."""

    partition: int
    offset: int
    key: bytes
    headers: dict[str, bytes]
    message: EventMessage

    @property
    def position(self) -> int:
        return self.message.position


async def made_topics(
    servers: str, generation: int, *, partitions: int = 4, shared: bool = False, agencies: Path | None = None
) -> Settings:
    """Settings for topics of a fresh generation, which are there."""
    settings = Settings(
        kafka_bootstrap_servers=servers,
        kafka_generation=generation,
        kafka_partitions=partitions,
        kafka_shared_topics=shared,
        kafka_agencies=agencies,
    )
    await apply_topics(settings)
    return settings


@asynccontextmanager
async def relay(settings: Settings, url: str, *, patient: bool = False) -> AsyncIterator[asyncio.Task[None]]:
    """A relay at work during the block, then stopped in order.

    Raises TimeoutError where it does not stop: one that waited for its broker would take aiokafka's 40 s.
    """
    stop = asyncio.Event()
    task = asyncio.ensure_future(tiendo_relay.run(settings, url, stop, patient=patient))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), 60)
    if not task.cancelled():
        task.result()


async def append(engine: AsyncEngine, ids: Sequence[str]) -> None:
    """Events of some forty cases into the log."""
    async with CoalescingWriter(engine) as writer:
        await writer.append([event(event_id) for event_id in ids])


async def messages(settings: Settings, kind: TopicKind = TopicKind.CASE_EVENTS) -> list[Sent]:
    """All messages of a topic of events, by partition and offset."""
    name = topic(kind, generation=settings.kafka_generation).name
    access = settings.kafka
    assert access is not None
    consumer = AIOKafkaConsumer(
        **access.options(), group_id=None, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        numbers = await consumer._client._wait_on_metadata(name)
        partitions = [TopicPartition(name, number) for number in sorted(numbers)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        found: dict[TopicPartition, list[Sent]] = defaultdict(list)
        while any([await consumer.position(where) < ends[where] for where in partitions]):
            for where, records in (await consumer.getmany(timeout_ms=200)).items():
                found[where] += [
                    Sent(
                        partition=where.partition,
                        offset=record.offset,
                        key=record.key,
                        headers=dict(record.headers),
                        message=_decoded(kind, record.value),
                    )
                    for record in records
                ]
        return [sent for where in partitions for sent in found[where]]
    finally:
        await consumer.stop()


def _decoded(kind: TopicKind, value: bytes) -> EventMessage:
    message = decode_message(kind, value)
    assert isinstance(message, EventMessage)
    return message


async def relayed(settings: Settings, engine: AsyncEngine, *, seconds: float = 60) -> list[Sent]:
    """All messages, as soon as the chain holds the whole log."""
    found: list[Sent] = []

    async def whole() -> bool:
        nonlocal found
        found = await messages(settings)
        return not await lacking(found, engine)

    await until(whole, seconds=seconds, what="everything of the log is in the topic")
    return found


async def lacking(found: Sequence[Sent], engine: AsyncEngine) -> list[int]:
    """The positions of case events in the log that a reader who trusts only the chain does not get from these messages."""
    log = EventLog(engine)
    taken = set(chained(found, await log.log_id()))
    return [
        stored.position
        for stored in await log.read_after(0, 1_000_000, shards=range(16))
        if stored.shard is not None and stored.position not in taken
    ]


def chained(found: Sequence[Sent], log_id: UUID) -> list[int]:
    """The positions that a reader takes who drops what it has seen and everything whose predecessor it has not: in order, by partition."""
    tails: dict[int, int] = defaultdict(int)
    taken: list[int] = []
    for sent in found:
        place = sent.message.place
        if place.log_id == log_id and place.previous_position == tails[sent.partition] < place.position:
            tails[sent.partition] = place.position
            taken.append(place.position)
    return taken


async def check(found: Sequence[Sent], engine: AsyncEngine, *, partitions: int) -> None:
    """Everything that the log has is there once in effect, in order for each case, word for word."""
    log = EventLog(engine)
    log_id = await log.log_id()
    assert not await lacking(found, engine)
    stored = {event.position: event for event in await log.read_after(0, 1_000_000)}
    for sent in found:
        assert sent.partition == partition_of(sent.key, partitions)
        assert sent.key.decode() == sent.message.subject == stored[sent.position].subject
        assert (sent.message.source, sent.message.id) == (stored[sent.position].source, stored[sent.position].id)
        assert sent.headers["ce_position"] == str(sent.position).encode()
        assert sent.headers["ce_logid"] == str(log_id).encode()
    taken = chained(found, log_id)
    assert len(taken) == len(set(taken))


async def record_of(
    engine: AsyncEngine, position: int, previous: int, *, log_id: UUID | None = None, shown_as: int | None = None
) -> Record:
    """The record that a relay would send of the event at a position; perhaps as that of another log, or at another position."""
    async with PublicationLog(engine) as log:
        entry = (await log.read_after(position - 1, 1))[0]
        place = Place(log_id=log_id or await log.log_id(), position=shown_as or position, previous_position=previous)
    attributes = {name: value for name, value in json.loads(entry.text).items() if name != "data"}
    return event_record(entry.text, attributes, place=place, ingested_at=entry.ingested_at, digest=entry.digest)


async def send(settings: Settings, records: Sequence[Record], *, partition: int | None = None) -> None:
    """Records sent to the topic of case events by somebody else than the relay."""
    access = settings.kafka
    assert access is not None
    name = topic(TopicKind.CASE_EVENTS, generation=settings.kafka_generation).name
    async with AIOKafkaProducer(**access.options(), acks="all") as producer:
        for record in records:
            await producer.send_and_wait(
                name, record.value, key=record.key, headers=list(record.headers), partition=partition
            )


async def administer(settings: Settings, what: str, *arguments: Any) -> Any:
    """What an administrator of the brokers does."""
    access = settings.kafka
    assert access is not None
    client = AIOKafkaAdminClient(**access.options())
    await client.start()
    try:
        return await getattr(client, what)(*arguments)
    finally:
        await client.close()


def case_events(settings: Settings) -> str:
    """The name of the topic of case events."""
    return topic(TopicKind.CASE_EVENTS, generation=settings.kafka_generation).name


async def noted_position(engine: AsyncEngine, settings: Settings) -> int:
    """How far the relay has noted that everything is acknowledged."""
    async with engine.connect() as connection:
        states = {state.feed: state.position for state in await feed_states(connection)}
    return states.get(f"events:g{settings.kafka_generation}", 0)
