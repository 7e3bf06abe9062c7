"""A stretch of the log as records, each with its place in the chain of its partition."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict
from uuid import UUID

from aiokafka import TopicPartition
from pydantic_core import from_json

from tiendo_client.partitions import partition_of
from tiendo_contracts.messages import Place, Record, event_record, event_stub
from tiendo_event_store.publication import EventToPublish
from tiendo_relay.sending.batches import Batches

_WITHOUT_LIMIT: Final = frozenset({"sequencetype", "traceparent", "tracestate"})
"""Attributes as long as the sender likes, and without meaning here."""


def now_ms() -> int:
    """The clock, in milliseconds of the Unix era."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A topic of events and its number of partitions."""

    topic: str
    partitions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Events up to the position `up_to`, packed. `last` is the last position packed for each partition; `stubs` counts the stubs among them."""

    up_to: int
    batches: Batches
    last: Mapping[TopicPartition, int]
    characters: int
    stubs: int
    is_full: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """An event that was redacted after it was taken, with its place in the chain of its partition."""

    entry: EventToPublish
    where: TopicPartition
    previous_position: int


def partition_for(entry: EventToPublish, targets: Mapping[str, Target]) -> TopicPartition:
    """The partition of an event that is sent (its `kind` is not None); `targets`: for each kind of topic where its events go."""
    target = targets[entry.kind or ""]
    return TopicPartition(target.topic, partition_of(entry.subject.encode(), target.partitions))


class _Told(TypedDict):
    """What is told of an event beside what it tells itself."""

    place: Place
    ingested_at: str
    digest: str
    redacted: Sequence[str]


class Chainer:
    """Packs entries of the log in order. `tails` says where each partition's chain ends, and goes on with every chunk.

    What a partition's chain already holds is passed over, and so is what other logs accepted, which goes out under their names alone,
    and what of the house is nobody's concern.
    """

    def __init__(self, log_id: UUID, targets: Mapping[str, Target], tails: Mapping[TopicPartition, int]) -> None:
        """`targets`: for each kind of topic where its events go."""
        self._log_id = log_id
        self._targets = targets
        self._tails = dict(tails)
        self._stubs = 0

    def chunk(self, entries: Sequence[EventToPublish], batches: Batches, *, is_full: bool) -> Chunk:
        """The chunk of entries (at least one). A record's time is when the log took the event, or now if that lies ahead.

        Brokers refuse times that lie far ahead; nothing else depends on them.
        """
        now = now_ms()
        last: dict[TopicPartition, int] = {}
        self._stubs = 0
        for entry in entries:
            if entry.kind is None:
                continue
            where = partition_for(entry, self._targets)
            tail = self._tails[where]
            if entry.position <= tail:
                continue
            record = self._record(entry, where, tail, batches)
            batches.add(where.topic, where.partition, record, timestamp_ms=min(entry.ingested_at_ms, now))
            self._tails[where] = last[where] = entry.position
        return Chunk(
            up_to=entries[-1].position,
            batches=batches,
            last=last,
            characters=sum(len(entry.text) for entry in entries),
            stubs=self._stubs,
            is_full=is_full,
        )

    def again(self, fact: EventToPublish, redacted: Redacted | None, batches: Batches) -> Chunk:
        """The chunk of the fact that an event was redacted: the event as it is by now, at the place in its chain that it has.

        Alone in its chunk, for no chain grows by it.
        """
        self._stubs = 0
        if redacted is not None:
            where, entry = redacted.where, redacted.entry
            record = self._record(entry, where, redacted.previous_position, batches)
            batches.add(where.topic, where.partition, record, timestamp_ms=min(fact.ingested_at_ms, now_ms()))
        return Chunk(
            up_to=fact.position,
            batches=batches,
            last={},
            characters=len(fact.text),
            stubs=self._stubs,
            is_full=True,
        )

    def _record(self, entry: EventToPublish, where: TopicPartition, tail: int, batches: Batches) -> Record:
        members = from_json(entry.text)
        members.pop("data", None)
        told: _Told = {
            "place": Place(log_id=self._log_id, position=entry.position, previous_position=tail),
            "ingested_at": entry.ingested_at,
            "digest": entry.digest,
            "redacted": entry.redacted,
        }
        record = event_record(entry.text, members, **told)
        if batches.fits(where.topic, record):
            return record
        self._stubs += 1
        stub = event_stub(members, **told)
        if batches.fits(where.topic, stub):
            return stub
        short = {name: member for name, member in members.items() if name not in _WITHOUT_LIMIT}
        return event_stub(short, **told)
