"""The partitions that this process has of the topic of case events, and what comes of them, each event once and in its order."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_client.chains import Gap, PartitionChains
from tiendo_client.gap_watch import GapWatch
from tiendo_client.positions import Positions
from tiendo_contracts.messages import MessageInvalid
from tiendo_event_store.followed.followed_positions import FollowedPlace, FollowedTopic, open_places
from tiendo_projector.over_kafka import metrics
from tiendo_projector.over_kafka.records import ReceivedEvent, received

GAP_SECONDS = 30.0
"""How long a message may be missing before it is looked for from the beginning of its partition."""

_AT_ONCE = 2_000
_MORE_MILLISECONDS = 100

_journal = structlog.get_logger("tiendo.projector")


class Partition:
    """One partition: its chains, and the place up to which it was given away to be stored."""

    def __init__(self, topic: FollowedTopic, number: int, stored: FollowedPlace) -> None:
        self.number = number
        self.given = stored
        self._chains: PartitionChains[ReceivedEvent] = PartitionChains(
            topic.topic, number, Positions(offset=stored.offset, tails=stored.tails)
        )

    @property
    def reached(self) -> FollowedPlace:
        """The place once everything that was taken from the chains is stored."""
        positions = self._chains.positions
        return FollowedPlace(offset=positions.offset, tails=positions.tails)

    def take(self, records: Iterable[ConsumerRecord[bytes, bytes]], *, of_cases: bool) -> list[ReceivedEvent]:
        """What is to be stored now that `records` have come. Raises ChainContradicted."""
        now = datetime.now(UTC)
        taken: list[ReceivedEvent] = []
        for record in records:
            try:
                one = received(record, of_cases=of_cases)
            except MessageInvalid as error:
                self._pass_over(record, error)
                continue
            delivered = self._offer(one, record.offset, now)
            taken += delivered
            if not delivered:
                metrics.DROPPED.inc()
        return taken

    def _offer(self, one: ReceivedEvent, offset: int, now: datetime) -> list[ReceivedEvent]:
        if one.redacted and self._chains.has_passed(one.place):
            self._chains.pass_over(offset)
            return [replace(one, replaces=True)]
        return self._chains.offer(one.place, offset, one, now=now, newer=bool(one.redacted))

    def rewind(self) -> int | None:
        """The offset to read from again, if there was no room to hold everything back."""
        return self._chains.rewind()

    def gaps(self) -> Iterable[Gap]:
        """What has not come though later messages have."""
        return self._chains.gaps()

    def _pass_over(self, record: ConsumerRecord[bytes, bytes], error: MessageInvalid) -> None:
        # Were it one that the chain needs, those behind it are held back, and the repeat mends it: nothing is lost in silence.
        self._chains.pass_over(record.offset)
        metrics.UNREADABLE.inc()
        _journal.warning(
            "record is no message, passed over",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            error=str(error),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedBatch:
    """Events to be stored together, and how the places of partitions move; `more` waits behind them.

    A batch that is not stored is lost here: then all partitions have to be forgotten, and all later batches with it.
    """

    received: Sequence[ReceivedEvent]
    before: Mapping[int, FollowedPlace]
    after: Mapping[int, FollowedPlace]
    more: bool


class Reception(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka's base class is untyped
    """The topic of case events as a member of the consumer group gets it, from where each partition is stored up to."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: FollowedTopic, engine: AsyncEngine) -> None:
        self._consumer = consumer
        self._topic = topic
        self._engine = engine
        self._open: dict[int, Partition] = {}
        self._ends: dict[int, int] = {}
        self._watch = GapWatch(GAP_SECONDS)
        self._ahead: asyncio.Task[ReceivedBatch | None] | None = None

    @property
    def partitions(self) -> Collection[int]:
        """The partitions that this process has now."""
        return self._open.keys()

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:  # noqa: ARG002 - all are
        """Forget them: whatever of theirs is under way, their stored place decides."""
        self._open.clear()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """They are opened when the next batch is asked for."""

    async def forget(self) -> None:
        """Begin again where the partitions are stored up to."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.cancel()
            await asyncio.wait({ahead})
        self._open.clear()

    def receive_ahead(self, events_max: int) -> None:
        """Receive the next batch in the background: it is what `batch` gives next."""
        if self._ahead is None:
            self._ahead = asyncio.ensure_future(self._receive(events_max, 0))

    async def batch(self, events_max: int, wait_seconds: float) -> ReceivedBatch | None:
        """What has come, at once if little, up to `events_max` if there is more; None if nothing has come for `wait_seconds`."""
        ahead, self._ahead = self._ahead, None
        return await (ahead or self._receive(events_max, wait_seconds))

    async def _receive(self, events_max: int, wait_seconds: float) -> ReceivedBatch | None:
        await self._open_assigned()
        taken: list[ReceivedEvent] = []
        touched: dict[int, Partition] = {}
        records = await self._poll(events_max, wait_seconds * 1000)
        count = 0
        while records:
            count += sum(len(of_one) for of_one in records.values())
            for number, of_one in records.items():
                partition = self._open.get(number)
                if partition is not None:
                    touched[number] = partition
                    taken += partition.take(of_one, of_cases=True)
            if count >= events_max or not self._behind():
                break
            records = await self._poll(events_max - count, _MORE_MILLISECONDS)
        self._rewind(touched.values())
        return self._batch(taken, touched) if touched else None

    def _batch(self, taken: Sequence[ReceivedEvent], touched: Mapping[int, Partition]) -> ReceivedBatch | None:
        after = {number: partition.reached for number, partition in touched.items()}
        before = {number: touched[number].given for number, place in after.items() if place != touched[number].given}
        if not before:
            return None
        for number in before:
            touched[number].given = after[number]
        after = {number: after[number] for number in before}
        return ReceivedBatch(received=taken, before=before, after=after, more=self._behind())

    def gaps(self) -> list[Gap]:
        """What has not come though later messages have."""
        return [gap for partition in self._open.values() for gap in partition.gaps()]

    def look_for_missing(self) -> None:
        """Tell of messages that do not come, and read their partitions from the beginning: a topic that was lost is filled anew from there."""
        for gap in self._watch.news(self.gaps(), datetime.now(UTC)):
            _journal.warning("a message has not come", gap=str(gap))
            self._seek(gap.partition, 0)

    def partition_count(self) -> int:
        """How many partitions the topic has, so far as this process knows."""
        return len(self._consumer.partitions_for_topic(self._topic.topic) or ())

    def measure(self) -> None:
        """Show how far behind this process is."""
        metrics.PARTITIONS.set(len(self._open))
        metrics.LAG.set(sum(self._lags()))
        metrics.HELD.set(sum(gap.held for gap in self.gaps()))

    def _lags(self) -> Iterable[int]:
        for number in self._open:
            partition = TopicPartition(self._topic.topic, number)
            if partition in self._consumer.assignment():  # it may have been taken away since it was opened
                yield max(0, (self._consumer.highwater(partition) or 0) - self._ends.get(number, 0))

    def _behind(self) -> bool:
        return any(self._lags())

    async def _poll(self, records_max: int, milliseconds: float) -> dict[int, list[ConsumerRecord[bytes, bytes]]]:
        found = await self._consumer.getmany(
            timeout_ms=int(milliseconds), max_records=max(1, min(records_max, _AT_ONCE))
        )
        for partition, records in found.items():
            self._ends[partition.partition] = records[-1].offset + 1
        return {partition.partition: records for partition, records in found.items()}

    async def _open_assigned(self) -> None:
        assigned = {partition.partition for partition in self._consumer.assignment()}
        for number in self._open.keys() - assigned:
            del self._open[number]
        new = assigned - self._open.keys()
        if not new:
            return
        async with self._engine.begin() as connection:
            places = await open_places(connection, self._topic, new)
        for number, place in places.items():
            if TopicPartition(self._topic.topic, number) in self._consumer.assignment():
                self._seek(number, place.offset)
                self._open[number] = Partition(self._topic, number, place)
        _journal.info("partitions taken", topic=self._topic.topic, partitions=sorted(self._open))

    def _rewind(self, partitions: Iterable[Partition]) -> None:
        for partition in partitions:
            offset = partition.rewind()
            if offset is not None:
                self._seek(partition.number, offset)

    def _seek(self, number: int, offset: int) -> None:
        """Read on from there, unless the partition has been taken away."""
        partition = TopicPartition(self._topic.topic, number)
        if partition in self._consumer.assignment():
            self._ends[number] = offset
            self._consumer.seek(partition, offset)
