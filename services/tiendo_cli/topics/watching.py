"""Messages of topics as they arrive, without a consumer group: it takes the right to read, and leaves no trace on the brokers."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError

from tiendo_cli.terminal import complain
from tiendo_cli.topics.message_lines import WatchedRecord
from tiendo_client.access_errors import AccessFault
from tiendo_client.connectivity import reach
from tiendo_client.kafka_access import KafkaAccess
from tiendo_client.lifecycle import leave
from tiendo_contracts.messages.topics import TopicKind
from tiendo_runtime.kafka.administration import administration, kafka_fault
from tiendo_runtime.kafka.errors import ClusterRefused
from tiendo_runtime.settings import with_settings

_POLL_MILLISECONDS: Final = 500
_RECORDS_MAX: Final = 500
_AGAIN_SECONDS: Final = 1.0
_SILENCE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The topics to watch, with what each carries (None: not known), and from where."""

    topics: Mapping[str, TopicKind | None]
    from_beginning: bool
    wait_for_topics: bool


async def records(access: KafkaAccess, watched: Watched, *, most: int | None) -> AsyncIterator[list[WatchedRecord]]:
    """What arrives, in batches, an empty one when nothing has for half a second; ends after `most` records. Raises ClusterFault."""
    partitions = await _partitions(access, watched)
    consumer = AIOKafkaConsumer(enable_auto_commit=False, auto_offset_reset="earliest", **access.options())
    try:
        await consumer.start()
        await _begin(consumer, partitions, watched)
        left, silence = most, _Silence(access)
        while left is None or left > 0:
            try:
                found = await consumer.getmany(
                    timeout_ms=_POLL_MILLISECONDS, max_records=min(left or _RECORDS_MAX, _RECORDS_MAX)
                )
            except TopicAuthorizationFailedError as error:
                _leave_out(consumer, error, access)
                continue
            batch = [_received(record, watched) for records in found.values() for record in records]
            left = None if left is None else left - len(batch)
            await silence.note(is_silent=not batch)
            yield batch
    except KafkaError as error:
        raise kafka_fault(error, access) from None
    finally:
        await leave(consumer)


class _Silence:
    """Tells a topic on which nothing happens from brokers that are away: aiokafka goes on by itself and says nothing."""

    def __init__(self, access: KafkaAccess) -> None:
        self._access = access
        self._clock = asyncio.get_running_loop().time
        self._asked_at = self._clock()
        self._away = False

    async def note(self, *, is_silent: bool) -> None:
        """Ask the brokers now and then while nothing comes; say once that they are away, and once that they are back."""
        if is_silent and self._clock() < self._asked_at + _SILENCE_SECONDS:
            return
        fault = await _fault(self._access) if is_silent else None
        self._asked_at = self._clock()
        if (fault is not None) is not self._away:
            self._away = fault is not None
            complain("the brokers answer again" if fault is None else f"waiting: {with_settings(fault)}")


async def _fault(access: KafkaAccess) -> AccessFault | None:
    try:
        await reach(access, timeout_seconds=_SILENCE_SECONDS)
    except AccessFault as fault:
        return fault
    return None


def _received(record: ConsumerRecord[bytes, bytes], watched: Watched) -> WatchedRecord:
    return WatchedRecord(
        topic=record.topic,
        kind=watched.topics[record.topic],
        partition=record.partition,
        offset=record.offset,
        sent_at=record.timestamp,
        key=record.key,
        value=record.value,
    )


async def _partitions(access: KafkaAccess, watched: Watched) -> list[TopicPartition]:
    """The partitions of those of the topics that are there. Raises ClusterRefused if none is, and is not to be waited for."""
    while True:
        async with administration(access) as cluster:
            found = await cluster.partitions()
        there = [TopicPartition(name, number) for name in watched.topics for number in range(found.get(name, 0))]
        if there:
            return there
        if not watched.wait_for_topics:
            raise ClusterRefused(
                f"there is no topic {', '.join(watched.topics)} that {access.user} may see; `tiendo topics plan` shows what is there"
            )
        await asyncio.sleep(_AGAIN_SECONDS)


async def _begin(consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition], watched: Watched) -> None:
    consumer.assign(partitions)
    if watched.from_beginning:
        await consumer.seek_to_beginning(*partitions)
    else:
        await consumer.seek_to_end(*partitions)


def _leave_out(consumer: AIOKafkaConsumer, error: TopicAuthorizationFailedError, access: KafkaAccess) -> None:
    """Go on without a topic that may not be read. Raises the error if none is left."""
    denied = {partition for partition in consumer.assignment() if partition.topic in error.args}
    if denied <= consumer.paused():
        return  # the other partitions of a topic that is left out already
    if consumer.assignment() == denied | consumer.paused():
        raise error
    complain(f"left out: {access.user} may not read {' '.join(error.args)}")
    consumer.pause(*denied)
