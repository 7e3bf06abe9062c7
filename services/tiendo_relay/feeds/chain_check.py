"""What the topics hold, compared with the log: where each partition's chain ends, and whether topic and log belong together at all."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition

from tiendo_client.kafka_access import KafkaAccess
from tiendo_client.lifecycle import begun, leave
from tiendo_client.partitions import partition_of
from tiendo_contracts.messages import redacted_members
from tiendo_contracts.messages.places import NUMBER_MAX
from tiendo_event_store.publication import LastAcknowledged, PublicationLog
from tiendo_relay.errors import EventDiffers, KafkaAway, PartitionsChanged, TopicAhead, TopicShared
from tiendo_relay.feeds.redactions import Shown
from tiendo_relay.feeds.walks import ChainWalk
from tiendo_relay.reasons import away_when_unreachable

_RECORDS_AT_ONCE: Final = 5_000
_WAIT_MS: Final = 500
_SILENCE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class _Sent:
    """A message with an event of a log, as its headers tell."""

    where: TopicPartition
    offset: int
    log_id: UUID
    position: int
    previous: int
    digest: str


class ChainCheck:
    """Walks partitions from what was last acknowledged to their ends. `shared`: messages of other logs are passed over."""

    def __init__(self, consumer: Any, log: PublicationLog, log_id: UUID, *, shared: bool) -> None:  # noqa: ANN401 - aiokafka has no types
        self._consumer = consumer
        self._log = log
        self._log_id = log_id
        self._shared = shared
        self._beginnings: dict[TopicPartition, int] = {}
        self._expected: dict[TopicPartition, LastAcknowledged] = {}
        self._walks: dict[TopicPartition, ChainWalk] = {}
        self._counts: Mapping[str, int] = {}
        self._next: dict[TopicPartition, int] = {}
        self._redacted: set[Shown] = set()

    @property
    def redacted(self) -> Collection[Shown]:
        """The messages of redacted events that were walked."""
        return self._redacted

    @property
    def next_offsets(self) -> Mapping[TopicPartition, int]:
        """Behind everything that was walked: the offset that comes next in each partition."""
        return self._next

    async def walk(
        self, counts: Mapping[str, int], acknowledged: Mapping[tuple[str, int], LastAcknowledged]
    ) -> dict[TopicPartition, ChainWalk]:
        """How far the chain of each partition reaches; `counts` has the number of partitions of each topic.

        Raises TopicAhead, EventDiffers, TopicShared, PartitionsChanged, KafkaAway and what the database raises.
        """
        self._counts = counts
        partitions = partitions_of(counts)
        self._consumer.assign(partitions)
        self._beginnings = await self._consumer.beginning_offsets(partitions)
        ends = await self._consumer.end_offsets(partitions)
        self._next = dict(ends)
        for where in partitions:
            self._begin(where, acknowledged.get((where.topic, where.partition)), ends[where])
        await self._to_the_ends({where: end for where, end in ends.items() if self._consumer_begins(where) < end})
        return self._walks

    def _begin(self, where: TopicPartition, last: LastAcknowledged | None, end: int) -> None:
        """Walk from what was last acknowledged, or from the beginning of the partition where that is gone."""
        if last is not None and self._beginnings[where] <= last.record_offset < end:
            self._expected[where] = last
            self._walks[where] = ChainWalk(position=last.position, record_offset=last.record_offset)
        else:
            self._walks[where] = ChainWalk(whole=last is None)

    def _consumer_begins(self, where: TopicPartition) -> int:
        expected = self._expected.get(where)
        begin = self._beginnings[where] if expected is None else expected.record_offset
        self._consumer.seek(where, begin)
        return begin

    async def _to_the_ends(self, remaining: dict[TopicPartition, int]) -> None:
        loop = asyncio.get_running_loop()
        heard_at = loop.time()
        while remaining:
            found = await self._consumer.getmany(*remaining, timeout_ms=_WAIT_MS, max_records=_RECORDS_AT_ONCE)
            if found:
                heard_at = loop.time()
                await self._compare([sent for where, records in found.items() for sent in self._ours(where, records)])
            elif loop.time() - heard_at > _SILENCE_SECONDS:
                raise KafkaAway(f"nothing came of {next(iter(remaining)).topic} for {_SILENCE_SECONDS:.0f} s")
            for where in list(remaining):
                self._next[where] = await self._consumer.position(where)
                if self._next[where] >= remaining[where]:
                    del remaining[where]
                    self._consumer.pause(where)

    def _ours(self, where: TopicPartition, records: Sequence[Any]) -> Iterable[_Sent]:
        """The messages of our log among records; the walk of the partition has taken them. Raises TopicShared, PartitionsChanged."""
        if where in self._expected and not self._is_expected(records[0], self._expected.pop(where)):
            self._walks[where] = ChainWalk(whole=False)
            self._consumer.seek(where, self._beginnings[where])
            return
        for record in records:
            sent = _sent(where, record)
            if sent is None or sent.log_id != self._log_id:
                self._refuse_foreign(where, record.offset, sent)
                continue
            if partition_of(record.key or b"", self._counts[where.topic]) != where.partition:
                raise PartitionsChanged(where.topic, self._counts[where.topic], None)
            self._walks[where].take(record.offset, sent.position, sent.previous)
            if redacted_members(record.headers):
                self._redacted.add((where, sent.position, sent.digest))
            yield sent

    def _is_expected(self, record: Any, last: LastAcknowledged) -> bool:  # noqa: ANN401 - aiokafka has no types
        sent = _sent(TopicPartition(record.topic, record.partition), record)
        return sent is not None and (sent.offset, sent.log_id, sent.position) == (
            last.record_offset,
            self._log_id,
            last.position,
        )

    def _refuse_foreign(self, where: TopicPartition, offset: int, sent: _Sent | None) -> None:
        if not self._shared:
            raise TopicShared(_place(where, offset), None if sent is None else sent.log_id)

    async def _compare(self, found: Sequence[_Sent]) -> None:
        """Return if the log has each of these events. Raises TopicAhead, EventDiffers."""
        digests = await self._log.digests([sent.position for sent in found])
        for sent in found:
            digest = digests.get(sent.position)
            if digest is None:
                raise TopicAhead(_place(sent.where, sent.offset), sent.position, await self._log.head())
            if digest not in {"", sent.digest}:  # what was sent before it was redacted has the digest that it had
                raise EventDiffers(_place(sent.where, sent.offset), sent.position)


@asynccontextmanager
async def topic_reader(access: KafkaAccess, *, request_seconds: float) -> AsyncIterator[Any]:
    """A consumer without a group, and without anything assigned. Raises KafkaAway, also within the block."""
    consumer = AIOKafkaConsumer(
        **access.options(),
        client_id="tiendo-relay-check",
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=int(request_seconds * 1000),
        fetch_max_wait_ms=100,
    )
    try:
        async with away_when_unreachable(access):
            await begun(consumer.start())
            yield consumer
    finally:
        await leave(consumer, seconds_max=request_seconds)


def partitions_of(counts: Mapping[str, int]) -> list[TopicPartition]:
    """All partitions of topics with that many."""
    return [TopicPartition(topic, number) for topic, count in counts.items() for number in range(count)]


def _sent(where: TopicPartition, record: Any) -> _Sent | None:  # noqa: ANN401 - aiokafka has no types
    """The message that a record is; None for what is no message of a relay."""
    headers = dict(record.headers)
    try:
        sent = _Sent(
            where,
            record.offset,
            _uuid(headers["ce_logid"]),
            int(headers["ce_position"]),
            int(headers["ce_previousposition"]),
            headers["ce_digest"].decode(),
        )
    except (KeyError, ValueError, AttributeError, TypeError):
        return None
    return sent if 0 <= sent.previous < sent.position <= NUMBER_MAX else None


@lru_cache(maxsize=256)
def _uuid(text: bytes) -> UUID:
    return UUID(text.decode())


def _place(where: TopicPartition, offset: int) -> str:
    return f"{where.topic}, partition {where.partition}, offset {offset:,}"
