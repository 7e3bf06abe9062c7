"""The feed of events: every event of the log, once in effect, in the order of the log for each case."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import structlog
from aiokafka import TopicPartition
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_client.kafka_access import KafkaAccess
from tiendo_contracts.messages import TopicKind, topic
from tiendo_event_store.publication import (
    FeedState,
    LastAcknowledged,
    PublicationLog,
    forget_partitions,
    last_acknowledged,
    note_acknowledged,
    note_basis,
    open_feed,
    settle_feed,
)
from tiendo_relay import metrics
from tiendo_relay.errors import LogRenamed, PartitionsChanged
from tiendo_relay.feeds.chain_check import ChainCheck, partitions_of, topic_reader
from tiendo_relay.feeds.redactions import first_not_shown, redacted_by, up_to_redaction
from tiendo_relay.feeds.walks import ChainWalk
from tiendo_relay.lock import RelayLock
from tiendo_relay.sending.batch_sender import REQUEST_SECONDS, BatchSender
from tiendo_relay.sending.chunks import Chainer, Chunk, Target
from tiendo_runtime.stop_aware_waiting import DueTimes

CHECKPOINT_SECONDS: Final = 1.0
WATCH_SECONDS: Final = 15.0
_KINDS: Final = (TopicKind.CASE_EVENTS, TopicKind.DIRECTORY, TopicKind.PUBLICATIONS)
_CHUNK_EVENTS_MAX: Final = 2_000
_CHUNK_EVENTS_MIN: Final = 100
_CHUNK_CHARACTERS: Final = 3_000_000

_journal = structlog.get_logger("tiendo.relay")


class EventsFeed:
    """Case events, directory facts and those of publications, read from the log by position. See `tiendo_relay.feeds.feed.Feed`."""

    def __init__(
        self, log: PublicationLog, lock: RelayLock, access: KafkaAccess, *, generation: int, shared: bool
    ) -> None:
        self._log = log
        self._lock = lock
        self._access = access
        self._shared = shared
        self._name = f"events:g{generation}"
        self._topics = {kind: topic(kind, generation=generation).name for kind in _KINDS}
        self._position = 0
        self._last: dict[TopicPartition, LastAcknowledged] = {}
        self._unnoted: set[TopicPartition] = set()
        self._noted = 0
        self._due = DueTimes(at_once=False)
        self._limit = _CHUNK_EVENTS_MAX
        self._ahead: asyncio.Task[Chunk | None] | None = None
        self._sender: BatchSender | None = None
        self._chainer: Chainer | None = None
        self._targets: dict[str, Target] = {}

    @property
    def name(self) -> str:
        """The feed's name."""
        return self._name

    @property
    def topics(self) -> Sequence[str]:
        """The topics of events."""
        return [*self._topics.values()]

    async def position(self) -> int:
        """The position up to which everything is acknowledged; before the feed is opened, what is noted."""
        return await self._log.noted_position(self._name) if self._sender is None else self._position

    async def open(self, sender: BatchSender) -> None:
        """Compare the topics with the log, and begin behind what is whole. Raises RelayRefused, KafkaFault."""
        await self._drop_ahead()
        log_id = await self._log.log_id()
        async with self._lock.writing() as connection:
            state = await open_feed(connection, self._name, log_id)
            acknowledged = await last_acknowledged(connection, self.topics)
        counts = self._counts(sender, state, log_id)
        async with topic_reader(self._access, request_seconds=REQUEST_SECONDS) as consumer:
            check = ChainCheck(consumer, self._log, log_id, shared=self._shared)
            walks = await check.walk(counts, acknowledged)
        sender.expect(check.next_offsets, alone=not self._shared)
        self._targets = {kind: Target(topic=name, partitions=counts[name]) for kind, name in self._topics.items()}
        unshown = await first_not_shown(self._log, self._targets, walks, check.redacted)
        await self._begin(walks, state, counts, before=unshown)
        self._sender = sender
        self._chainer = Chainer(log_id, self._targets, {where: walk.position for where, walk in walks.items()})
        _journal.info("relaying events", position=self._position, head=await self._log.head(), feed=self._name)

    async def step(self) -> int:
        """The number of messages sent: the next stretch of the log, while the one behind it is being read and packed."""
        chunk = await self._next()
        if chunk is None:
            await self._rest()
            return 0
        with metrics.STEP_SECONDS.labels(self._name).time():
            sending = asyncio.ensure_future(self._opened().send(chunk.batches))
            if chunk.is_full:
                self._ahead = asyncio.ensure_future(self._read(chunk.up_to))
            try:
                offsets = await sending
            except BaseException:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
                await self._drop_ahead()
                raise
        self._take(chunk, offsets)
        await self._note_if_due()
        return chunk.batches.count

    async def settle(self) -> None:
        """Note what is acknowledged, and that nothing is under way."""
        await self._drop_ahead()
        await self._note()
        async with self._lock.writing() as connection:
            await settle_feed(connection, self._name)

    def _counts(self, sender: BatchSender, state: FeedState, log_id: UUID) -> dict[str, int]:
        """The number of partitions of each topic. Raises LogRenamed, PartitionsChanged."""
        if state.log_id != log_id:
            raise LogRenamed(self._name, log_id, state.log_id)
        counts = {name: sender.partitions(name) for name in self.topics}
        cases, *of_one = self.topics
        if state.basis is not None and state.basis != str(counts[cases]):
            raise PartitionsChanged(cases, counts[cases], int(state.basis))
        for name in of_one:
            if counts[name] != 1:
                raise PartitionsChanged(name, counts[name], 1)
        return counts

    async def _begin(
        self,
        walks: Mapping[TopicPartition, ChainWalk],
        state: FeedState,
        counts: Mapping[str, int],
        *,
        before: int | None,
    ) -> None:
        """Go on from the least that a partition lacks, and before the position `before`; that is noted before anything is sent."""
        reached = [max(walk.position, state.position) if walk.whole else walk.position for walk in walks.values()]
        self._position = min(reached if before is None else [*reached, before - 1])
        self._last = {
            where: LastAcknowledged(position=walk.position, record_offset=walk.record_offset)
            for where, walk in walks.items()
            if walk.record_offset is not None
        }
        self._unnoted = set(self._last)
        gone = [where for where, walk in walks.items() if not walk.whole]
        async with self._lock.writing() as connection:
            # Together: a partition of which nothing is noted has nothing up to the feed's position.
            await forget_partitions(connection, gone)
            await note_basis(connection, self._name, str(counts[self._topics[TopicKind.CASE_EVENTS]]))
            await self._note_on(connection)
        self._tell_breaks(walks)

    def _tell_breaks(self, walks: Mapping[TopicPartition, ChainWalk]) -> None:
        for where, walk in walks.items():
            if walk.skipped or not walk.whole:
                metrics.SENT_AGAIN.labels(self._name).inc()
                _journal.warning(
                    "what follows in this partition is sent again",
                    topic=where.topic,
                    partition=where.partition,
                    after_position=walk.position,
                    behind_a_break=walk.skipped,
                )

    async def _next(self) -> Chunk | None:
        """The next chunk, None at the end of the log."""
        ahead, self._ahead = self._ahead, None
        return await (self._read(self._position) if ahead is None else ahead)

    async def _read(self, after: int) -> Chunk | None:
        limit = self._limit
        found = await self._log.read_after(after, limit)
        if not found or self._chainer is None:
            return None
        entries = up_to_redaction(found)
        if entries[0].redacts:
            redacted = await redacted_by(entries[0], self._log, self._targets)
            return self._chainer.again(entries[0], redacted, self._opened().batches())
        is_full = len(found) == limit or len(entries) < len(found)
        chunk = self._chainer.chunk(entries, self._opened().batches(), is_full=is_full)
        average = chunk.characters // len(entries) + 1
        self._limit = min(max(_CHUNK_CHARACTERS // average, _CHUNK_EVENTS_MIN), _CHUNK_EVENTS_MAX)
        return chunk

    def _take(self, chunk: Chunk, offsets: Mapping[TopicPartition, int]) -> None:
        """Believe that a chunk is acknowledged."""
        for where, position in chunk.last.items():
            self._last[where] = LastAcknowledged(position=position, record_offset=offsets[where])
        self._unnoted.update(chunk.last)
        self._position = chunk.up_to
        metrics.STUBS.labels(self._name).inc(chunk.stubs)
        metrics.POSITION.labels(self._name).set(self._position)

    async def _rest(self) -> None:
        await self._note_if_due()
        if self._due.is_due("watch", WATCH_SECONDS):
            await self._watch()

    async def _watch(self) -> None:
        """Return if the topics still hold what they had acknowledged. Raises KafkaFault, PartitionsChanged."""
        sender = self._opened()
        await sender.look()
        async with topic_reader(self._access, request_seconds=REQUEST_SECONDS) as consumer:
            ends = await consumer.end_offsets(partitions_of({name: sender.partitions(name) for name in self.topics}))
        sender.compare(ends)

    async def _note_if_due(self) -> None:
        if self._position != self._noted and self._due.is_due("note", CHECKPOINT_SECONDS):
            await self._note()

    async def _note(self) -> None:
        async with self._lock.writing() as connection:
            await self._note_on(connection)
        self._unnoted.clear()
        self._noted = self._position

    async def _note_on(self, connection: AsyncConnection) -> None:
        last = {(where.topic, where.partition): self._last[where] for where in self._unnoted}
        await note_acknowledged(connection, self._name, self._position, last)

    async def _drop_ahead(self) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)

    def _opened(self) -> BatchSender:
        if self._sender is None:
            raise RuntimeError("the feed has not been opened")
        return self._sender
