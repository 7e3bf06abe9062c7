"""The topic of the directory: every process reads all of it, and whoever is first stores what comes."""

from datetime import UTC, datetime

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_client.gap_watch import GapWatch
from tiendo_event_store.errors import FollowedElsewhere
from tiendo_event_store.followed.followed_positions import FollowedTopic, open_places
from tiendo_projector.over_kafka.reception import GAP_SECONDS, Partition
from tiendo_projector.over_kafka.storing import store
from tiendo_projector.over_kafka.whole_events import Whole

DIRECTORY_PARTITION = 0

_AT_ONCE = 500
_POLL_MILLISECONDS = 200

_journal = structlog.get_logger("tiendo.projector")


class Directory:
    """The facts of the configuration of all logs, as they come."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: FollowedTopic, engine: AsyncEngine, whole: Whole) -> None:
        self._consumer = consumer
        self._topic = topic
        self._engine = engine
        self._whole = whole
        self._assigned = TopicPartition(topic.topic, DIRECTORY_PARTITION)
        self._partition: Partition | None = None
        self._watch = GapWatch(GAP_SECONDS)

    async def take_all(self) -> None:
        """Store what the topic holds now."""
        end = (await self._consumer.end_offsets([self._assigned]))[self._assigned]
        await self._opened()
        while await self._consumer.position(self._assigned) < end:
            await self.take(_POLL_MILLISECONDS)

    async def take(self, wait_milliseconds: int = 0) -> None:
        """Store what has come."""
        partition = await self._opened()
        found = await self._consumer.getmany(self._assigned, timeout_ms=wait_milliseconds, max_records=_AT_ONCE)
        new = partition.take(found.get(self._assigned, ()), of_cases=False)
        reached = partition.reached
        if reached == partition.given:
            return
        events = [await self._whole(one) for one in new]
        try:
            before, after = {DIRECTORY_PARTITION: partition.given}, {DIRECTORY_PARTITION: reached}
            await store(self._engine, self._topic, events, before=before, after=after)
        except FollowedElsewhere:
            self._partition = None  # another process was first: on from where it is
            return
        except BaseException:
            self._partition = None
            raise
        partition.given = reached
        offset = partition.rewind()
        if offset is not None:
            self._consumer.seek(self._assigned, offset)

    def look_for_missing(self) -> None:
        """Tell of facts that do not come, and read the topic from the beginning."""
        gaps = () if self._partition is None else self._partition.gaps()
        for gap in self._watch.news(gaps, datetime.now(UTC)):
            _journal.warning("a message has not come", gap=str(gap))
            self._consumer.seek(self._assigned, 0)

    async def _opened(self) -> Partition:
        if self._partition is None:
            async with self._engine.begin() as connection:
                places = await open_places(connection, self._topic, [DIRECTORY_PARTITION])
            place = places[DIRECTORY_PARTITION]
            self._consumer.seek(self._assigned, place.offset)
            self._partition = Partition(self._topic, DIRECTORY_PARTITION, place)
        return self._partition
