"""The two Kafka consumers of a process: one in the group that shares the case events out, one that reads the directory by itself."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_client.access_errors import AccessFault
from tiendo_client.connectivity import reach, refusal
from tiendo_client.kafka_access import KafkaAccess
from tiendo_client.lifecycle import begun, leave
from tiendo_contracts.messages import TopicKind, topic
from tiendo_event_store import EventLog
from tiendo_event_store.followed.followed_positions import FollowedTopic
from tiendo_projector.errors import TopicsAway
from tiendo_projector.over_kafka.directory import DIRECTORY_PARTITION
from tiendo_runtime.kafka.planning import PROJECTOR_GROUPS
from tiendo_runtime.settings import with_settings

CONSUMER = "projector"
"""The name under which places are kept; there is one projector to a database, however many processes it has."""

_POLL_INTERVAL_MILLISECONDS = 900_000
_PARTITION_BYTES = 2 * 1024 * 1024
_STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """The topics of one generation, as this database follows them."""

    case_events: FollowedTopic
    directory: FollowedTopic

    @classmethod
    def of(cls, generation: int) -> "Topics":
        """Those of a generation."""
        return cls(
            case_events=FollowedTopic(
                consumer=CONSUMER, topic=topic(TopicKind.CASE_EVENTS, generation=generation).name
            ),
            directory=FollowedTopic(consumer=CONSUMER, topic=topic(TopicKind.DIRECTORY, generation=generation).name),
        )


async def check_topics(access: KafkaAccess, topics: Topics) -> None:
    """Return once the brokers show both topics. Raises KafkaAway: asking for a topic that is missing might make it."""
    await reach(access)
    admin = AIOKafkaAdminClient(**access.options())
    await begun(admin.start())
    try:
        there = set(await admin.list_topics())
    finally:
        await admin.close()
    _complain([name for name in (topics.case_events.topic, topics.directory.topic) if name not in there])


def _complain(missing: Sequence[str]) -> None:
    if missing:
        raise TopicsAway(f"missing, or not shown to this user: {', '.join(missing)}; `tiendo topics apply` makes them")


def away(error: Exception, access: KafkaAccess) -> TopicsAway | None:
    """What to tell of an error by which Kafka cannot be read for now; None for every other error."""
    if isinstance(error, TopicsAway):
        return error
    if isinstance(error, AccessFault):
        return TopicsAway(with_settings(error))
    if isinstance(error, KafkaError):
        refused = refusal(error, access)
        return TopicsAway(f"{type(error).__name__}: {error}" if refused is None else with_settings(refused))
    return None


@asynccontextmanager
async def group_consumer(access: KafkaAccess, engine: AsyncEngine) -> AsyncIterator[AIOKafkaConsumer]:
    """A running member of this database's consumer group, which has not subscribed yet. Its offsets are not kept in Kafka."""
    group = f"{PROJECTOR_GROUPS}.{await EventLog(engine).log_id()}"
    async with _running(
        AIOKafkaConsumer(
            **access.options(),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_interval_ms=_POLL_INTERVAL_MILLISECONDS,
            max_partition_fetch_bytes=_PARTITION_BYTES,
        )
    ) as consumer:
        yield consumer


@asynccontextmanager
async def directory_consumer(access: KafkaAccess, directory: FollowedTopic) -> AsyncIterator[AIOKafkaConsumer]:
    """A running consumer of the directory's one partition, a member of no group."""
    async with _running(
        AIOKafkaConsumer(**access.options(), enable_auto_commit=False, auto_offset_reset="earliest")
    ) as consumer:
        consumer.assign([TopicPartition(directory.topic, DIRECTORY_PARTITION)])
        yield consumer


@asynccontextmanager
async def _running(consumer: AIOKafkaConsumer) -> AsyncIterator[AIOKafkaConsumer]:
    try:
        await begun(consumer.start())
        yield consumer
    finally:
        await leave(consumer, seconds_max=_STOP_SECONDS)
