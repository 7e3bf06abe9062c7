"""The sender of one feed: an idempotent producer that closes itself at the first failure, and asks for the relay's lock before it sends."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from tiendo_client.kafka_access import KafkaAccess
from tiendo_client.lifecycle import begun
from tiendo_relay import metrics
from tiendo_relay.errors import (
    BatchFailed,
    KafkaFault,
    PartitionsChanged,
    TopicIntruded,
    TopicRewound,
    TopicsMissing,
)
from tiendo_relay.lock import RelayLock
from tiendo_relay.reasons import away_when_unreachable, reason_of
from tiendo_relay.sending.batches import BATCH_BYTES_MAX, Batches
from tiendo_relay.sending.producing import Producer
from tiendo_relay.sending.topics import TopicFacts, topic_facts
from tiendo_runtime.settings import Compression

DELIVERY_SECONDS: Final = 30.0
"""How long a batch may stay unacknowledged before the producer is closed; no batch is under way for longer than this and the time below."""

REQUEST_SECONDS: Final = 10.0
"""How long one request to a broker may take."""

_CLOSE_SECONDS: Final = 3.0

_journal = structlog.get_logger("tiendo.relay")


class BatchSender:
    """Sends batches, at most one unacknowledged for each partition. After a KafkaFault it is closed, and knows nothing of what it sent last."""

    def __init__(
        self, producer: Producer, access: KafkaAccess, lock: RelayLock, feed: str, facts: Mapping[str, TopicFacts]
    ) -> None:
        self._producer = producer
        self._access = access
        self._lock = lock
        self._feed = feed
        self._facts = facts
        self._next: dict[TopicPartition, int] = {}
        self._alone = False
        self._open = True
        self._batch_bytes = {name: fact.batch_bytes_max for name, fact in facts.items()}

    def partitions(self, topic: str) -> int:
        """The number of partitions that a topic of this sender has."""
        return self._facts[topic].partitions

    def expect(self, offsets: Mapping[TopicPartition, int], *, alone: bool) -> None:
        """Be told the next offset of each partition. `alone`: nobody else writes there, and somebody who does is a KafkaFault."""
        self._next = dict(offsets)
        self._alone = alone

    def batches(self) -> Batches:
        """Batches to be filled, and then sent."""
        return Batches(self._producer.create_batch, self._batch_bytes)

    async def send(self, batches: Batches) -> dict[TopicPartition, int]:
        """The offset of the last record sent to each partition, once all are acknowledged.

        Raises LockLost before more is sent, or a KafkaFault.
        """
        waiting = {where: list(reversed(parts)) for where, parts in batches.by_partition.items()}
        try:
            while waiting:
                await self._lock.check()
                await self._round({where: parts.pop() for where, parts in waiting.items()})
                waiting = {where: parts for where, parts in waiting.items() if parts}
        except (KafkaFault, KafkaError, OSError, TimeoutError) as error:
            await self.abandon()
            metrics.FAILURES.labels(self._feed).inc()
            raise error if isinstance(error, KafkaFault) else BatchFailed(reason_of(error, self._access)) from error
        except BaseException:
            await self.abandon()
            raise
        metrics.MESSAGES.labels(self._feed).inc(batches.count)
        return {where: self._next[where] - 1 for where in batches.by_partition}

    async def look(self) -> None:
        """Return if the topics are there as they were when the sender was opened. Raises a KafkaFault, PartitionsChanged."""
        async with away_when_unreachable(self._access):
            await self._producer.look()
        missing = [name for name in self._facts if self._producer.partition_count(name) is None]
        if missing:
            raise TopicsMissing(missing)
        for name, fact in self._facts.items():
            if self._producer.partition_count(name) != fact.partitions:
                raise PartitionsChanged(name, self._producer.partition_count(name) or 0, fact.partitions)

    def compare(self, ends: Mapping[TopicPartition, int]) -> None:
        """Return if partitions end where they have to while nothing is under way. Raises TopicRewound, TopicIntruded."""
        for where, end in ends.items():
            self._compare(where, end)

    async def abandon(self) -> None:
        """Close at once, whatever is under way."""
        if self._open:
            self._open = False
            await self._producer.abandon(within_seconds=_CLOSE_SECONDS)

    async def _round(self, batches: Mapping[TopicPartition, Any]) -> None:
        """Send one batch to each partition and return when all are acknowledged."""
        answers: dict[TopicPartition, asyncio.Future[Any]] = {}
        for where, batch in batches.items():
            known = self._producer.partition_count(where.topic)
            if known is None:
                raise TopicsMissing([where.topic])
            if known < self._facts[where.topic].partitions:
                raise BatchFailed(f"{where.topic} has {known} partitions by now")
            answers[where] = await self._producer.send_batch(batch, where.topic, partition=where.partition)
        for answer in answers.values():
            answer.add_done_callback(_seen)
        metrics.BATCHES.labels(self._feed).inc(len(batches))
        done, pending = await asyncio.wait(
            answers.values(), timeout=DELIVERY_SECONDS, return_when=asyncio.FIRST_EXCEPTION
        )
        for answer in done:
            answer.result()
        if pending:
            raise BatchFailed(f"{len(pending)} batches were not acknowledged within {DELIVERY_SECONDS:.0f} s")
        for where, answer in answers.items():
            self._acknowledge(where, answer.result().offset, batches[where].record_count())

    def _acknowledge(self, where: TopicPartition, first: int, count: int) -> None:
        if first < 0:
            raise BatchFailed(f"{where.topic}, partition {where.partition}: acknowledged, but not at which offset")
        self._compare(where, first)
        self._next[where] = first + count

    def _compare(self, where: TopicPartition, found: int) -> None:
        expected = self._next.get(where, 0)
        if found < expected:
            raise TopicRewound(where.topic, where.partition, found, expected)
        if found > expected and self._alone:
            raise TopicIntruded(where.topic, where.partition, found, expected)


@asynccontextmanager
async def opened_sender(
    access: KafkaAccess, lock: RelayLock, feed: str, topics: Sequence[str], compression: Compression
) -> AsyncIterator[BatchSender]:
    """A sender for the topics of a feed. Raises KafkaAway, TopicsMissing."""
    async with away_when_unreachable(access):
        facts = await topic_facts(access, topics, request_seconds=REQUEST_SECONDS)
        producer = Producer(
            **access.options(),
            client_id=f"tiendo-relay-{feed}",
            acks="all",
            enable_idempotence=True,
            compression_type=None if compression is Compression.NONE else compression.value,
            max_batch_size=min([BATCH_BYTES_MAX, *(fact.batch_bytes_max for fact in facts.values())]),
            request_timeout_ms=int(REQUEST_SECONDS * 1000),
        )
        sender = BatchSender(producer, access, lock, feed, facts)
        try:
            await begun(producer.start())
            await producer.look()
        except BaseException:
            await sender.abandon()
            raise
    try:
        yield sender
    finally:
        await sender.abandon()


def _seen(answer: asyncio.Future[Any]) -> None:
    """Whoever fails first is told of; that others of the same moment fail is no news."""
    if not answer.cancelled():
        answer.exception()
