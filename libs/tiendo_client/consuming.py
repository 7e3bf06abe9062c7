"""What all consumers have in common: `async for batch in consumer` hands over every message exactly once in effect."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, ClassVar, Generic, Self, cast

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from msgspec.structs import replace

from tiendo_client.chains import HELD_MAX, Gap, PartitionChains
from tiendo_client.collecting import CollectingBetween, collecting_afterwards
from tiendo_client.connecting import RELEASE_SECONDS_MAX, new_client, start, subscribe
from tiendo_client.connectivity import refusal
from tiendo_client.deliveries import Batch, Delivery, M
from tiendo_client.delivery_order import EventSorter, Sorter
from tiendo_client.errors import (
    BatchNotSaved,
    ChainContradicted,
    ConsumerError,
    MessageUnreadable,
    PositionsMoved,
)
from tiendo_client.gap_watch import GapWatch, log_gap
from tiendo_client.kafka_access import KafkaAccess
from tiendo_client.lifecycle import leave
from tiendo_client.position_stores import MemoryPositions, Move, PositionStore
from tiendo_client.positions import BEGINNING, Positions
from tiendo_client.postgres import Connection
from tiendo_client.rebalancing import Rebalancing
from tiendo_contracts.messages import MessageInvalid, TopicKind, decode_message, topic

BATCH_SIZE_MAX = 5_000
GAP_SECONDS = 60.0
_POLL_MILLISECONDS = 500
_DECODED_AT_A_STRETCH = 500

RecordPlace = tuple[str, int, int]
"""Topic, partition and offset of a record."""


class Consumer(Generic[M]):
    """Reads topics of one kind, alone or in a consumer group, and hands over validated messages in batches.

    An asynchronous context, and within it an asynchronous iterator:

        async with CaseEventConsumer(access, group="archive", positions=positions) as consumer:
            async for batch in consumer:
                ...
                await batch.save(...)

    A batch counts as done once it is saved and the next one is asked for. After PositionsMoved, and when the loop is entered anew after an
    error, the consumer goes on from where its positions are kept.

    `topics`: by default the first generation's. `group`: None to read all partitions alone. `on_gap` is told once of every predecessor that
    is missing for longer than `gap_seconds`; what it raises ends the loop. `pass_over` names records that are no messages, to go on without.
    `stubs` makes whole what was too large for the broker (StubResolver); without it stubs are handed over as they are. `options` go to aiokafka's consumer.
    """

    kind: ClassVar[TopicKind]

    def __init__(
        self,
        access: KafkaAccess,
        *,
        positions: PositionStore,
        group: str | None = None,
        topics: Sequence[str] = (),
        batch_size_max: int = BATCH_SIZE_MAX,
        held_max: int = HELD_MAX,
        gap_seconds: float = GAP_SECONDS,
        on_gap: Callable[[Gap], None] = log_gap,
        pass_over: Collection[RecordPlace] = (),
        stubs: Callable[[M], Awaitable[M]] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        if group is not None and not positions.shared:
            raise ValueError(
                f"{type(positions).__name__} belongs to one process: a group cannot share it, leave `group` out"
            )
        self.topics = tuple(topics) or (topic(self.kind).name,)
        self._access = access
        self._positions = positions
        self._group = group
        self._batch_size_max = batch_size_max
        self._held_max = held_max
        self._on_gap = on_gap
        self._gap_watch = GapWatch(gap_seconds)
        self._pass_over = frozenset(pass_over)
        self._stubs = stubs
        self._options = options or {}
        self._sorters: dict[TopicPartition, Sorter[M]] = {}
        self._kept: dict[TopicPartition, Positions] = {}
        self._in_hand: Batch[M] | None = None
        self._epoch = 0
        self._stopping = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._forget()
        self._in_hand = None
        self._stopping.clear()
        self._rebalancing = Rebalancing(self._forget, RELEASE_SECONDS_MAX)
        self._client = new_client(self._access, self._group, self._options)
        try:
            await start(self._client, self._access)
            await subscribe(self._client, self._access, self.topics, self._rebalancing)
            await self._positions.open(self._client, self._access, self._group)
        except BaseException:
            await leave(self._client)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rebalancing.release()
        try:
            await leave(self._client)
        finally:
            await self._positions.close()

    def __aiter__(self) -> Self:
        if self._in_hand is not None:
            self._in_hand = None
            self._forget()
            self._rebalancing.release()
        return self

    async def __anext__(self) -> Batch[M]:
        await self._finish()
        while not self._stopping.is_set():
            await self._load()
            batch = await self._sorted(await self._read())
            self._watch_gaps()
            if batch is not None:
                return batch
        raise StopAsyncIteration

    def stop(self) -> None:
        """End the iteration after the batch in hand; may be called by a signal handler."""
        self._stopping.set()

    def gaps(self) -> Iterator[Gap]:
        """The predecessors that are missing now."""
        for sorter in self._sorters.values():
            yield from sorter.gaps()

    def _watch_gaps(self) -> None:
        """Tell of predecessors that do not come, and look for them from the beginning: a topic that was lost is filled anew from there."""
        for gap in self._gap_watch.news(self.gaps(), datetime.now(UTC)):
            self._client.seek(TopicPartition(gap.topic, gap.partition), 0)
            self._on_gap(gap)

    def _new_sorter(self, partition: TopicPartition, positions: Positions) -> Sorter[M]:
        chains: PartitionChains[Delivery[M]] = PartitionChains(
            partition.topic, partition.partition, positions, self._held_max
        )
        return EventSorter(chains)

    def _forget(self) -> None:
        """Let the positions of all partitions be loaded again before anything of them is handed over."""
        self._sorters.clear()
        self._kept.clear()
        self._epoch += 1

    async def _finish(self) -> None:
        """Done with the batch in hand. Raises BatchNotSaved."""
        batch = self._in_hand
        if batch is None:
            return
        if batch.moved:
            self._forget()
        elif not batch.saved:
            if not isinstance(self._positions, MemoryPositions):
                raise BatchNotSaved
            await batch.save()
        self._in_hand = None
        self._kept.update({move.partition: move.after for move in batch.moves if move.partition in self._kept})
        self._rebalancing.release()

    async def _load(self) -> None:
        """Load where newly assigned partitions stand, and go there."""
        if self._rebalancing.under_way:
            return
        fresh = self._client.assignment() - set(self._sorters)
        if not fresh:
            return
        epoch = self._epoch
        kept = await self._positions.load(fresh)
        if epoch != self._epoch:
            return  # given away meanwhile
        for partition in fresh:
            positions = kept.get(partition, BEGINNING)
            self._client.seek(partition, positions.offset)
            self._kept[partition] = positions
            self._sorters[partition] = self._new_sorter(partition, positions)

    async def _read(self) -> Mapping[TopicPartition, Sequence[ConsumerRecord[bytes, bytes]]]:
        """What came within the poll's time. Ends early to stop: aiokafka waits for a rebalance without limit. Raises AccessRefused."""
        received = self._client.getmany(timeout_ms=_POLL_MILLISECONDS, max_records=self._batch_size_max)
        reading = asyncio.ensure_future(CollectingBetween(received))
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return reading.result() if reading.done() else {}
        except KafkaError as error:
            raise refusal(error, self._access) or error from error
        finally:
            stopping.cancel()
            reading.cancel()
            await asyncio.wait({reading, stopping})

    async def _sorted(
        self, records: Mapping[TopicPartition, Sequence[ConsumerRecord[bytes, bytes]]]
    ) -> Batch[M] | None:
        """The batch that the records give, now in hand; None if there is nothing to hand over."""
        self._rebalancing.take()
        try:
            deliveries = await self._deliveries(records)
        except BaseException:
            self._forget()
            self._rebalancing.release()
            raise
        if not deliveries:
            self._rebalancing.release()
            return None
        self._in_hand = Batch(deliveries, self._moves(), self._saving(self._epoch))
        return self._in_hand

    async def _deliveries(
        self, records: Mapping[TopicPartition, Sequence[ConsumerRecord[bytes, bytes]]]
    ) -> list[Delivery[M]]:
        """What the records give to hand over. Raises what is wrong with a record only if nothing stands before it."""
        found: list[Delivery[M]] = []
        failure: ConsumerError | None = None
        for partition, read in records.items():
            sorter = self._sorters.get(partition)
            if sorter is None:
                continue  # of partitions just assigned: read again from where they stand
            for first in range(0, len(read), _DECODED_AT_A_STRETCH):
                stretch = read[first : first + _DECODED_AT_A_STRETCH]
                try:
                    with collecting_afterwards():
                        self._offer(sorter, stretch, found)
                except (MessageUnreadable, ChainContradicted) as error:
                    failure = error
                    self._client.seek(partition, error.offset)
                    break
                await asyncio.sleep(0)
            if failure is None and (offset := sorter.rewind()) is not None:
                self._client.seek(partition, offset)
        if failure is not None and not found:
            raise failure
        return found if self._stubs is None else [await self._whole(delivery, self._stubs) for delivery in found]

    @staticmethod
    async def _whole(delivery: Delivery[M], stubs: Callable[[M], Awaitable[M]]) -> Delivery[M]:
        return replace(delivery, message=await stubs(delivery.message)) if delivery.message.is_stub else delivery

    def _offer(
        self, sorter: Sorter[M], records: Sequence[ConsumerRecord[bytes, bytes]], found: list[Delivery[M]]
    ) -> None:
        now = datetime.now(UTC)
        for record in records:
            if self._pass_over and (record.topic, record.partition, record.offset) in self._pass_over:
                sorter.pass_over(record.offset)
            else:
                found += sorter.offer(self._delivery(record), now)

    def _delivery(self, record: ConsumerRecord[bytes, bytes]) -> Delivery[M]:
        """The record with its message. Raises MessageUnreadable."""
        try:
            message = decode_message(self.kind, record.value or b"")
        except MessageInvalid as error:
            raise MessageUnreadable(record.topic, record.partition, record.offset, str(error)) from None
        return Delivery(message=cast("M", message), record=record)

    def _moves(self) -> list[Move]:
        """What changed since positions were kept last, of every partition."""
        now = {partition: sorter.positions for partition, sorter in self._sorters.items()}
        return [
            Move(partition=partition, before=self._kept[partition], after=after)
            for partition, after in now.items()
            if after != self._kept[partition]
        ]

    async def _check_kept(self, moves: Sequence[Move]) -> None:
        """Return if the positions kept are still those before the batch: Kafka takes commits of one that it put out of an empty group."""
        kept = await self._positions.load([move.partition for move in moves])
        for move in moves:
            if kept.get(move.partition, BEGINNING) != move.before:
                raise PositionsMoved(f"topic {move.partition.topic}, partition {move.partition.partition} has moved on")

    def _saving(self, epoch: int) -> Callable[[Sequence[Move], Connection], Awaitable[None]]:
        async def save(moves: Sequence[Move], connection: Connection) -> None:
            if epoch != self._epoch:
                raise PositionsMoved("the partitions of the batch were given away")
            if self._rebalancing.under_way:
                await self._check_kept(moves)
            await self._positions.save(moves, connection)

        return save
