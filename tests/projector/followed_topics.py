"""A log's events on topics of a real broker, as a relay that knows trouble leaves them there: repeated, sent again, out of order."""

import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.messages import Place, Record, TopicKind, event_record, event_stub, topic
from tiendo_contracts.texts.strict_json import parse_text
from tiendo_event_store import EventLog
from tiendo_event_store.tables import events
from tiendo_runtime.kafka.applying import apply_topics
from tiendo_runtime.settings import Settings

_CHUNK = 200
_ATTRIBUTES = ("specversion", "id", "source", "type", "subject", "time", "recordedat", "sequence")


async def topics_of(servers: str, generation: int, *, partitions: int = 6) -> Settings:
    """Settings of a projector for topics of a fresh generation, which are there."""
    settings = Settings(
        kafka_bootstrap_servers=servers,
        kafka_generation=generation,
        kafka_partitions=partitions,
        kafka_shared_topics=True,
    )
    await apply_topics(settings)
    return settings


@dataclass(frozen=True, slots=True)
class _Message:
    topic: str
    partition: int
    record: Record
    position: int


class Publisher:
    """Puts the events of one log on the topics; `chance` brings trouble, and without it each message lies there once and in order."""

    def __init__(
        self, producer: AIOKafkaProducer, engine: AsyncEngine, settings: Settings, chance: random.Random | None
    ) -> None:
        self._producer = producer
        self._engine = engine
        self._chance = chance
        self._partitions = settings.kafka_partitions
        self._topics = {
            kind: topic(kind, generation=settings.kafka_generation).name
            for kind in (TopicKind.CASE_EVENTS, TopicKind.DIRECTORY)
        }
        self._tails: defaultdict[tuple[str, int], int] = defaultdict(int)
        self._position = 0
        self._sent: list[_Message] = []
        self._kept: list[_Message] = []
        self.stubs: set[int] = set()
        """Positions whose events are too large for this broker."""
        self.losing: set[int] = set()
        """Positions whose messages do not arrive until `send_lost`."""
        self.holds_directory_back = False
        """Whether facts of the directory wait for `release_directory`."""

    async def publish(self, up_to: int | None = None) -> None:
        """Send what the log holds further, up to a position."""
        log_id = await EventLog(self._engine).log_id()
        while messages := await self._next(log_id, up_to):
            arriving = [message for message in messages if not self._keeps(message)]
            await self._send(self._troubled(arriving))
            self._sent = arriving

    async def send_again(self) -> None:
        """Send the last messages once more, as a relay does that does not know what became of them."""
        await self._send(self._sent)

    def mistake_tails_for(self, position: int) -> None:
        """Take the position for the last one that was sent to each partition."""
        self._tails = defaultdict(lambda: position)

    async def send_lost(self) -> None:
        """Send what did not arrive."""
        kept, self._kept, self.losing = self._kept, [], set()
        await self._send(kept)

    async def release_directory(self) -> None:
        """Send the facts that waited."""
        self.holds_directory_back = False
        await self.send_lost()

    def _keeps(self, message: _Message) -> bool:
        held = self.holds_directory_back and message.topic == self._topics[TopicKind.DIRECTORY]
        if held or message.position in self.losing:
            self._kept.append(message)
            return True
        return False

    async def _next(self, log_id: UUID, up_to: int | None) -> list[_Message]:
        columns = (events.c.position, events.c.shard, events.c.text, events.c.ingested_at, events.c.digest)
        statement = select(*columns).where(events.c.position > self._position).order_by(events.c.position)
        if up_to is not None:
            statement = statement.where(events.c.position <= up_to)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement.limit(_CHUNK))).all()
        self._position = rows[-1].position if rows else self._position
        return [self._message(log_id, row) for row in rows]

    def _message(self, log_id: UUID, row: Any) -> _Message:
        value: Any = parse_text(row.text)
        attributes = {name: value[name] for name in _ATTRIBUTES if name in value}
        kind = TopicKind.DIRECTORY if row.shard is None else TopicKind.CASE_EVENTS
        number = 0 if row.shard is None else (murmur2(value["subject"].encode()) & 0x7FFFFFFF) % self._partitions
        where = (self._topics[kind], number)
        place = Place(log_id=log_id, position=row.position, previous_position=self._tails[where])
        self._tails[where] = row.position
        ingested_at = row.ingested_at.astimezone(UTC).isoformat()
        if row.position in self.stubs:
            record = event_stub(attributes, place=place, ingested_at=ingested_at, digest=row.digest.hex())
        else:
            record = event_record(row.text, attributes, place=place, ingested_at=ingested_at, digest=row.digest.hex())
        return _Message(*where, record, row.position)

    def _troubled(self, messages: Sequence[_Message]) -> list[_Message]:
        """Some twice; and once in a while the last before the first, then all of them again."""
        if self._chance is None:
            return list(messages)
        doubled = [message for message in messages for _ in range(1 + (self._chance.random() < 0.1))]
        if self._chance.random() < 0.3:
            lost = self._chance.randrange(len(doubled))
            return [*doubled[lost:], *messages]
        return doubled

    async def _send(self, messages: Sequence[_Message]) -> None:
        batches: dict[tuple[str, int], Any] = {}
        for message in messages:
            where = (message.topic, message.partition)
            record = message.record
            entry = {"timestamp": None, "key": record.key, "value": record.value, "headers": record.headers}
            batch = batches.setdefault(where, self._producer.create_batch())
            while batch.append(**entry) is None:
                await self._send_batch(where, batch)
                batch = batches[where] = self._producer.create_batch()
        for where, batch in batches.items():
            await self._send_batch(where, batch)

    async def _send_batch(self, where: tuple[str, int], batch: Any) -> None:
        await (await self._producer.send_batch(batch, where[0], partition=where[1]))


@asynccontextmanager
async def publishing(
    engine: AsyncEngine, settings: Settings, chance: random.Random | None = None
) -> AsyncIterator[Publisher]:
    """A publisher of the engine's log."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap_servers, acks="all", max_batch_size=1 << 19)
    await producer.start()
    try:
        yield Publisher(producer, engine, settings, chance)
    finally:
        await producer.stop()
