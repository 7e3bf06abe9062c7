"""The loop of the projector over Kafka: take what comes, work the refold list off, come back when something was away."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_client.access import KafkaAccess
from tiendo_client.errors import ChainContradicted
from tiendo_event_store.causes import cause_of
from tiendo_event_store.errors import FollowedElsewhere
from tiendo_event_store.faults import is_transient
from tiendo_projector import metrics
from tiendo_projector.errors import BuildReplaced, TopicContradicts
from tiendo_projector.leftovers import drop_leftovers
from tiendo_projector.live_builds import live_build_as_defined
from tiendo_projector.one_truth import refuse_own_cases
from tiendo_projector.over_kafka.consumers import Topics, away, check_topics, directory_consumer, group_consumer
from tiendo_projector.over_kafka.directory import Directory
from tiendo_projector.over_kafka.generations import only_generation
from tiendo_projector.over_kafka.projection import FollowedProjection
from tiendo_projector.over_kafka.rebuilding import rebuild_followed
from tiendo_projector.over_kafka.reception import Batch, Reception
from tiendo_projector.over_kafka.rules import RuleBooks
from tiendo_projector.over_kafka.stubs import Whole, whole_events
from tiendo_runtime.database import application_engine
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.settings import Settings
from tiendo_runtime.shown_metrics import shown_metrics
from tiendo_runtime.stop_aware_waiting import BackOff, DueTimes

BATCH_EVENTS = 20_000
LISTED_MAX = 200_000
"""Far behind so many events are stored before the cases that they touch are folded, each once."""

POLL_SECONDS = 0.2
REFOLD_SECONDS = 0.5
SHOW_SECONDS = 1.0
MEASURE_SECONDS = 1.0
GAPS_SECONDS = 1.0
TIDY_SECONDS = 60.0
_POOL_SIZE = 8
_COLLECT_AFTER = 100_000

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
    with shown_metrics(settings), _few_collections():
        engine = application_engine(database_url, pool_size=_POOL_SIZE)
        try:
            await KafkaFollower(engine, settings, access, stop).run()
        finally:
            await engine.dispose()


@contextmanager
def _few_collections() -> Iterator[None]:
    """A time in which Python seldom looks for cycles: among the many values of a batch, of which none is in one, that costs a sixth of all."""
    before = gc.get_threshold()
    gc.set_threshold(_COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Following:
    """What one connection to Kafka gives: both topics, and the rules that come of one of them."""

    reception: Reception
    directory: Directory
    rules: RuleBooks
    whole: Whole


class KafkaFollower:
    """A process's part in projecting followed logs, until `stop` is set."""

    def __init__(self, engine: AsyncEngine, settings: Settings, access: KafkaAccess, stop: asyncio.Event) -> None:
        self._engine = engine
        self._settings = settings
        self._access = access
        self._topics = Topics.of(settings.kafka_generation)
        self._stop = stop
        self._due = DueTimes()
        self._back_off = BackOff(stop)

    async def run(self) -> None:
        """Follow until stopped; whatever is away is waited for. What is no such fault is raised."""
        while not self._stop.is_set():
            try:
                await self._follow()
            except ChainContradicted as error:
                raise TopicContradicts(str(error)) from error
            except Exception as error:
                what = self._what_is_away(error)
                if what is None:
                    raise
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
        await refuse_own_cases(self._engine)
        if await live_build_as_defined(self._engine, self._stop, rebuild_followed) is None:
            return
        async with only_generation(self._engine, self._settings.kafka_generation, self._stop), self._opened() as opened:
            while not self._stop.is_set():
                await self._follow_build(opened)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[_Following]:
        """Both topics, with all of the directory that there is now stored."""
        await check_topics(self._access, self._topics)
        async with (
            whole_events(self._settings) as whole,
            directory_consumer(self._access, self._topics.directory) as of_directory,
            group_consumer(self._access, self._engine) as of_group,
        ):
            rules = RuleBooks(self._topics.directory)
            directory = Directory(of_directory, self._topics.directory, self._engine, rules, whole)
            await directory.take_all()
            reception = Reception(of_group, self._topics.case_events, self._engine)
            of_group.subscribe([self._topics.case_events.topic], listener=reception)
            yield _Following(reception=reception, directory=directory, rules=rules, whole=whole)

    async def _follow_build(self, opened: _Following) -> None:
        """Until the build that is read is another, or stopped."""
        build = await live_build_as_defined(self._engine, self._stop, rebuild_followed)
        if build is None:
            return
        projection = FollowedProjection(self._engine, build, self._topics.case_events, opened.rules, opened.whole)
        _journal.info("following over Kafka", build=build.schema_name, topic=self._topics.case_events.topic)
        try:
            await projection.retry_faults()
            while not self._stop.is_set():
                await self._turn(opened, projection)
                self._back_off.reset()
        except BuildReplaced:
            _journal.info("starting over", reason="BuildReplaced")
            await opened.reception.forget()

    async def _turn(self, opened: _Following, projection: FollowedProjection) -> None:
        """One batch; cases of the refold list, unless much more is to come first; then what is due now and then."""
        await opened.directory.take()
        batch = None
        if projection.listed < LISTED_MAX:
            batch = await opened.reception.batch(BATCH_EVENTS, 0 if projection.listed else POLL_SECONDS)
            if batch is not None:
                await self._take(batch, opened.reception, projection)
        if (batch is None or not batch.more) and (projection.listed or self._due.is_due("refold", REFOLD_SECONDS)):
            await self._refold(opened.reception, projection)
        if self._due.is_due("show", SHOW_SECONDS) or (batch is not None and not batch.more and not projection.listed):
            await projection.show_position()
        await self._now_and_then(opened)

    async def _take(self, batch: Batch, reception: Reception, projection: FollowedProjection) -> None:
        """Store a batch; while the database does, what follows it is received already."""
        try:
            if batch.more:
                reception.receive_ahead(BATCH_EVENTS)
            with metrics.BATCH_SECONDS.time():
                await projection.take(batch)
        except FollowedElsewhere as error:
            _journal.info("starting over", reason=str(error))
            await reception.forget()
        except BaseException:
            await reception.forget()
            raise

    async def _refold(self, reception: Reception, projection: FollowedProjection) -> None:
        if await projection.refold(reception.partitions, reception.partition_count()):
            self._due.make_due("refold")

    async def _now_and_then(self, opened: _Following) -> None:
        if self._due.is_due("measure", MEASURE_SECONDS):
            opened.reception.measure()
        if self._due.is_due("gaps", GAPS_SECONDS):
            opened.reception.look_for_missing()
            opened.directory.look_for_missing()
        if self._due.is_due("tidy", TIDY_SECONDS):
            await drop_leftovers(self._engine)
