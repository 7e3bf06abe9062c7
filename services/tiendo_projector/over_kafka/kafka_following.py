"""The loop that follows other logs: store what comes, come back when something was away; the log is projected beside it as ever."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_client.errors import ChainContradicted
from tiendo_client.kafka_access import KafkaAccess
from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_contracts.shards import SHARD_COUNT
from tiendo_event_store.causes import cause_of
from tiendo_event_store.errors import FollowedElsewhere
from tiendo_event_store.faults import is_transient
from tiendo_projector import metrics
from tiendo_projector.backlog import Backlog
from tiendo_projector.errors import TopicContradicts
from tiendo_projector.following import STOP_SECONDS, Follower
from tiendo_projector.over_kafka.directory import Directory
from tiendo_projector.over_kafka.generations import only_generation
from tiendo_projector.over_kafka.reception import ReceivedBatch, Reception
from tiendo_projector.over_kafka.storing import store
from tiendo_projector.over_kafka.topic_consumers import Topics, away, check_topics, directory_consumer, group_consumer
from tiendo_projector.over_kafka.whole_events import Whole, whole_events
from tiendo_runtime.cycle_collection import few_collections
from tiendo_runtime.database import service_engine
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.settings import Settings
from tiendo_runtime.shown_metrics import shown_metrics
from tiendo_runtime.stop_aware_waiting import BackOff, DueTimes, Stopped, run_until, siblings

BATCH_EVENTS = 20_000
POLL_SECONDS = 0.2
MEASURE_SECONDS = 1.0
GAPS_SECONDS = 1.0
_POOL_SIZE = 8

_journal = structlog.get_logger("tiendo.projector")


async def run_over_kafka(settings: Settings, database_url: str, stop: asyncio.Event) -> None:
    """Follow the topics until `stop` is set; waits for a database or brokers that are away. Raises ProjectorRefused."""
    access = settings.kafka
    if access is None:
        raise SettingsInvalid(
            "TIENDO_KAFKA_BOOTSTRAP_SERVERS is not set: a projector over Kafka needs to know the brokers, such as kafka-1.example:9092"
        )
    # It complains at every attempt; the projector itself says why nothing comes.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with shown_metrics(settings), few_collections():
        engine = service_engine(database_url, DatabaseRole.PROJECTOR, pool_size=_POOL_SIZE)
        try:
            await _run(engine, settings, access, stop)
        finally:
            await engine.dispose()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Following:
    """What one connection to Kafka gives: both topics, and how what is too large for them is had."""

    reception: Reception
    directory: Directory
    whole: Whole


async def _run(engine: AsyncEngine, settings: Settings, access: KafkaAccess, stop: asyncio.Event) -> None:
    """Follow and project until `stop` is set; an error of either ends both."""
    backlog = Backlog()
    async with siblings() as group:
        group.create_task(KafkaFollower(engine, settings, access, stop, backlog).run())
        group.create_task(Follower(engine, range(SHARD_COUNT), stop, backlog).run())


class KafkaFollower:
    """A process's part in following other logs, until `stop` is set."""

    def __init__(
        self, engine: AsyncEngine, settings: Settings, access: KafkaAccess, stop: asyncio.Event, backlog: Backlog
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._access = access
        self._topics = Topics.of(settings.kafka_generation)
        self._stop = stop
        self._backlog = backlog
        self._due = DueTimes()
        self._back_off = BackOff(stop)

    async def run(self) -> None:
        """Follow until stopped; whatever is away is waited for. What is no such fault is raised."""
        while not self._stop.is_set():
            try:
                await self._follow()
            except Stopped:
                return
            except ChainContradicted as error:
                raise TopicContradicts(str(error)) from error
            except Exception as error:
                what = self._what_is_away(error)
                if what is None:
                    raise
                self._backlog.more = False
                metrics.INTERRUPTIONS.inc()
                _journal.warning("events wait", reason=what, again_in_seconds=self._back_off.seconds)
                await self._back_off.wait()

    def _what_is_away(self, error: Exception) -> str | None:
        kafka = away(error, self._access)
        if kafka is not None:
            return f"Kafka is away: {kafka}"
        if is_transient(error):
            return f"database is away: {cause_of(error)}"
        return None

    async def _follow(self) -> None:
        """Until stopped, with one connection to Kafka."""
        self._due.clear()
        async with AsyncExitStack() as stack:
            alone = only_generation(self._engine, self._settings.kafka_generation)
            await run_until(self._stop, stack.enter_async_context(alone))
            opened = await run_until(self._stop, stack.enter_async_context(self._opened()))
            _journal.info("following over Kafka", topic=self._topics.case_events.topic)
            while not self._stop.is_set():
                await run_until(self._stop, self._turn(opened), grace_seconds=STOP_SECONDS)
                self._back_off.reset()

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[_Following]:
        """Both topics, with all of the directory that there is now stored."""
        await check_topics(self._access, self._topics)
        async with (
            whole_events(self._settings) as whole,
            directory_consumer(self._access, self._topics.directory) as of_directory,
            group_consumer(self._access, self._engine) as of_group,
        ):
            directory = Directory(of_directory, self._topics.directory, self._engine, whole)
            await directory.take_all()
            reception = Reception(of_group, self._topics.case_events, self._engine)
            of_group.subscribe([self._topics.case_events.topic], listener=reception)
            yield _Following(reception=reception, directory=directory, whole=whole)

    async def _turn(self, opened: _Following) -> None:
        """What has come; then what is due now and then."""
        await opened.directory.take()
        batch = await opened.reception.batch(BATCH_EVENTS, POLL_SECONDS)
        self._backlog.more = batch is not None and batch.more
        if batch is not None:
            await self._take(batch, opened)
        if self._due.is_due("measure", MEASURE_SECONDS):
            opened.reception.measure()
        if self._due.is_due("gaps", GAPS_SECONDS):
            opened.reception.look_for_missing()
            opened.directory.look_for_missing()

    async def _take(self, batch: ReceivedBatch, opened: _Following) -> None:
        """Store a batch; while the database does, what follows it is received already."""
        reception = opened.reception
        try:
            if batch.more:
                reception.receive_ahead(BATCH_EVENTS)
            events = [await opened.whole(one) for one in batch.received]
            await store(self._engine, self._topics.case_events, events, before=batch.before, after=batch.after)
            self._backlog.stored += len(events)
        except FollowedElsewhere as error:
            _journal.info("starting over", reason=str(error))
            await reception.forget()
        except BaseException:
            await reception.forget()
            raise
