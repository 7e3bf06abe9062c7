"""Where the topics of a feed of states end: whether they still hold what they had acknowledged, and whether somebody else writes to them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from aiokafka import TopicPartition

from tiendo_client.kafka_access import KafkaAccess
from tiendo_event_store.publication import LastAcknowledged
from tiendo_relay.feeds.chain_check import partitions_of, topic_reader
from tiendo_relay.sending.batch_sender import REQUEST_SECONDS, BatchSender

WATCH_SECONDS: Final = 15.0
NOTE_SECONDS: Final = 1.0

Noted = Mapping[tuple[str, int], LastAcknowledged]
"""Topic and number of a partition -> the last message acknowledged there; what it shows is told by the cursors, not by its position."""


class TopicEnds:
    """The ends of some topics. `shared`: others may write to them too."""

    def __init__(self, access: KafkaAccess, *, shared: bool) -> None:
        self._access = access
        self._shared = shared
        self._unnoted: dict[TopicPartition, int] = {}
        self._note_at = 0.0
        self._watch_at = 0.0

    async def begin(
        self, sender: BatchSender, topics: Sequence[str], noted: Noted, *, settled: bool
    ) -> list[tuple[str, int]]:
        """The partitions that lack what had been acknowledged (topics that were made anew, or cut off), or that somebody else wrote to.

        The latter can be told only where the last relay had `settled`. From now on the ends are watched.
        """
        ends = await self._ends(sender, topics)
        sender.expect(ends, alone=not self._shared)
        # What is there now counts as ours, whoever sent it: what is missing from here on, or comes without us, shows.
        self._unnoted = {where: end - 1 for where, end in ends.items() if end}
        self._watch_at = asyncio.get_running_loop().time() + WATCH_SECONDS
        alone = settled and not self._shared
        next_offsets = {where: last.record_offset + 1 for where, last in noted.items()}
        found = {where: ends.get(TopicPartition(*where), 0) for where in noted}
        return [
            where for where, end in found.items() if end < next_offsets[where] or (alone and end > next_offsets[where])
        ]

    def take(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Believe that messages were acknowledged, up to these offsets."""
        self._unnoted.update(offsets)

    def to_note(self, *, now: bool = False) -> Noted:
        """What is to be noted, from time to time or `now`: an offset noted late only makes less of a topic that was cut off show."""
        time = asyncio.get_running_loop().time()
        if not now and time < self._note_at:
            return {}
        self._note_at = time + NOTE_SECONDS
        noted = {
            (where.topic, where.partition): LastAcknowledged(position=0, record_offset=offset)
            for where, offset in self._unnoted.items()
        }
        self._unnoted.clear()
        return noted

    async def watch(self, sender: BatchSender, topics: Sequence[str]) -> None:
        """Look from time to time, while nothing is under way. Raises KafkaFault, PartitionsChanged."""
        time = asyncio.get_running_loop().time()
        if time < self._watch_at:
            return
        self._watch_at = time + WATCH_SECONDS
        await sender.look()
        sender.compare(await self._ends(sender, topics))

    async def _ends(self, sender: BatchSender, topics: Sequence[str]) -> dict[TopicPartition, int]:
        async with topic_reader(self._access, request_seconds=REQUEST_SECONDS) as consumer:
            ends: dict[TopicPartition, int] = await consumer.end_offsets(
                partitions_of({name: sender.partitions(name) for name in topics})
            )
        return ends
