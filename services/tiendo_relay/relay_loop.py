"""The relay's loop: hold the lock, keep the feeds going, come back when the database was away, stop with a clear word when it must."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_client.kafka_access import KafkaAccess
from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_event_store.causes import cause_of
from tiendo_event_store.faults import DATABASE_FAULTS, is_transient
from tiendo_event_store.publication import PublicationLog
from tiendo_relay import metrics
from tiendo_relay.errors import LockLost, RelayError, RelayRefused
from tiendo_relay.feed_following import BACK_OFF_FIRST_SECONDS, REST_OF_STATES_SECONDS, REST_SECONDS, FeedFollower
from tiendo_relay.feeds.agencies import agencies_feed
from tiendo_relay.feeds.checkpoints_feed import CheckpointsFeed
from tiendo_relay.feeds.events_feed import EventsFeed
from tiendo_relay.feeds.feed import Feed
from tiendo_relay.feeds.states import states_feed
from tiendo_relay.lock import RelayLock, relay_lock
from tiendo_runtime.agencies import load_agencies
from tiendo_runtime.database import service_engine
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.settings import Settings
from tiendo_runtime.shown_metrics import shown_metrics
from tiendo_runtime.stop_aware_waiting import BackOff, Stopped, run_until, siblings, sleep_until

REFUSED_SECONDS: Final = 30.0
"""How long a patient relay waits before it looks again whether topic and log belong together."""

_POOL_SIZE: Final = 10

_journal = structlog.get_logger("tiendo.relay")


async def run(settings: Settings, database_url: str, stop: asyncio.Event, *, patient: bool = False) -> None:
    """Relay until `stop` is set; waits for a database or a Kafka that is away, and for another relay's end.

    Raises RelayRefused when topic and log do not belong together; a `patient` relay says so again and again, and looks whether it was mended.
    Raises SettingsInvalid where Kafka is not configured or the file of agencies cannot be used.
    """
    access = settings.kafka
    if access is None:
        raise SettingsInvalid(
            "TIENDO_KAFKA_BOOTSTRAP_SERVERS is not set: the relay needs to know the brokers, such as kafka-1.example:9092"
        )
    # It complains at every attempt; the relay itself says why nothing is sent.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with shown_metrics(settings):
        engine = service_engine(database_url, DatabaseRole.RELAY, pool_size=_POOL_SIZE)
        try:
            await Relay(engine, settings, access, stop, patient=patient).run()
        finally:
            await engine.dispose()


class Relay:
    """All feeds of one generation of topics, until `stop` is set."""

    def __init__(
        self, engine: AsyncEngine, settings: Settings, access: KafkaAccess, stop: asyncio.Event, *, patient: bool
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._access = access
        self._stop = stop
        self._patient = patient
        self._agencies = load_agencies(settings.kafka_agencies)
        self._back_off = BackOff(stop, first_seconds=BACK_OFF_FIRST_SECONDS)

    async def run(self) -> None:
        """Relay until stopped. Raises RelayRefused unless it is patient; what is no fault of the database is raised as well."""
        while not self._stop.is_set():
            try:
                await self._hold_and_follow()
            except RelayRefused as refused:
                if not self._patient:
                    raise
                _journal.error("the relay does not go on", found=refused.found, to_mend_it=refused.remedy)
                await sleep_until(self._stop, REFUSED_SECONDS)
            except (LockLost, *DATABASE_FAULTS) as error:
                if not (isinstance(error, LockLost) or is_transient(error)):
                    raise
                metrics.INTERRUPTIONS.labels("database").inc()
                _journal.warning("database is away", cause=cause_of(error), again_in_seconds=self._back_off.seconds)
                await self._back_off.wait()

    async def _hold_and_follow(self) -> None:
        generation = self._settings.kafka_generation
        async with AsyncExitStack() as stack:
            lock = await stack.enter_async_context(relay_lock(self._engine, generation, self._stop))
            if lock is None:
                return
            metrics.HOLDS_LOCK.set(1)
            stack.callback(metrics.HOLDS_LOCK.set, 0)
            log = await stack.enter_async_context(PublicationLog(self._engine))
            self._back_off.reset()
            await self._follow_all(lock, log)

    async def _follow_all(self, lock: RelayLock, log: PublicationLog) -> None:
        """Run all feeds until they are stopped, or the first of them fails. The events go first: they tell whether topics and log belong together."""
        first, *others = [
            FeedFollower(
                feed,
                lock=lock,
                log=log,
                access=self._access,
                compression=self._settings.kafka_compression,
                stop=self._stop,
                rest_seconds=REST_SECONDS if number == 0 else REST_OF_STATES_SECONDS,
            )
            for number, feed in enumerate(self._feeds(lock, log))
        ]
        async with siblings() as group:
            group.create_task(self._whole(first.run()))
            for other in others:
                group.create_task(self._whole(self._after(first, other)))

    async def _whole(self, feed: Coroutine[Any, Any, None]) -> None:
        """Return when the feed has ended because it was asked to. Raises RelayError if it ended else."""
        task = asyncio.current_task()
        try:
            await feed
        except asyncio.CancelledError:
            if task is not None and not task.cancelling():
                raise RelayError("a feed was cancelled from within") from None
            raise
        if not self._stop.is_set():
            raise RelayError("a feed ended without being asked to")

    async def _after(self, first: FeedFollower, other: FeedFollower) -> None:
        with suppress(Stopped):
            await run_until(self._stop, first.opened.wait())
            await other.run()

    def _feeds(self, lock: RelayLock, log: PublicationLog) -> Sequence[Feed]:
        generation, shared = self._settings.kafka_generation, self._settings.kafka_shared_topics
        feeds: list[Feed] = [
            EventsFeed(log, lock, self._access, generation=generation, shared=shared),
            states_feed(self._engine, lock, self._access, generation=generation, shared=shared),
            CheckpointsFeed(self._engine, log, lock, generation=generation),
        ]
        if self._agencies:
            feed = agencies_feed(self._engine, lock, self._access, self._agencies, generation=generation, shared=shared)
            feeds.append(feed)
        return feeds
