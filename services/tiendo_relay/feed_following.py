"""One feed kept going: opened with a new sender after each fault of Kafka, for as long as the relay holds its lock."""

import asyncio
from typing import Final

import structlog

from tiendo_client.kafka_access import KafkaAccess
from tiendo_event_store.publication import PublicationLog, note_refusal
from tiendo_relay import metrics
from tiendo_relay.errors import KafkaFault, RelayRefused
from tiendo_relay.feeds.feed import Feed
from tiendo_relay.lock import RelayLock
from tiendo_relay.sending.batch_sender import opened_sender
from tiendo_runtime.settings import Compression
from tiendo_runtime.stop_aware_waiting import BackOff, Stopped, run_until, siblings, sleep_until

REST_SECONDS: Final = 0.02
"""How long the feed of events rests when there is nothing to send."""

REST_OF_STATES_SECONDS: Final = 0.1
"""How long the others rest: what they look for costs more, and follows the projector."""

BACK_OFF_FIRST_SECONDS: Final = 0.2
MEASURE_SECONDS: Final = 1.0
STOP_SECONDS: Final = 4.0
"""How long a batch that is under way, or the opening of a feed, may take when the process is asked to stop; then its producer is closed.

Whoever is cancelled while asking the database takes the connection along that holds the lock.
"""

_journal = structlog.get_logger("tiendo.relay")


class FeedFollower:
    """A feed until `stop` is set. `opened` is set while it is known that topics and log belong together."""

    def __init__(
        self,
        feed: Feed,
        *,
        lock: RelayLock,
        log: PublicationLog,
        access: KafkaAccess,
        compression: Compression,
        stop: asyncio.Event,
        rest_seconds: float,
    ) -> None:
        self._feed = feed
        self._lock = lock
        self._log = log
        self._access = access
        self._compression = compression
        self._stop = stop
        self._rest_seconds = rest_seconds
        self._back_off = BackOff(stop, first_seconds=BACK_OFF_FIRST_SECONDS)
        self.opened = asyncio.Event()

    async def run(self) -> None:
        """Send until stopped. Raises RelayRefused, LockLost and what the database raises."""
        async with siblings() as group:
            measuring = group.create_task(self._keep_measuring())
            await self._keep_going()
            measuring.cancel()

    async def _keep_going(self) -> None:
        while not self._stop.is_set():
            try:
                await self._follow()
            except Stopped:
                return
            except KafkaFault as fault:
                metrics.INTERRUPTIONS.labels("kafka").inc()
                _journal.warning(
                    "nothing is sent for now",
                    feed=self._feed.name,
                    reason=str(fault),
                    again_in_seconds=self._back_off.seconds,
                )
                await self._back_off.wait()
            except RelayRefused as refused:
                metrics.REFUSED.labels(self._feed.name).set(1)
                await self._note_refusal(f"{refused.found}\n{refused.remedy}")
                raise

    async def _follow(self) -> None:
        opening = opened_sender(self._access, self._lock, self._feed.name, self._feed.topics, self._compression)
        sender = await run_until(self._stop, opening.__aenter__())
        try:
            await run_until(self._stop, self._feed.open(sender), grace_seconds=STOP_SECONDS)
            await self._note_refusal(None)
            metrics.REFUSED.labels(self._feed.name).set(0)
            self.opened.set()
            while not self._stop.is_set():
                await self._turn()
            await self._feed.settle()
            _journal.info("stopped in order", feed=self._feed.name, position=await self._feed.position())
        finally:
            await opening.__aexit__(None, None, None)

    async def _turn(self) -> None:
        """One step, and a rest after one that found nothing."""
        sent = await run_until(self._stop, self._feed.step(), grace_seconds=STOP_SECONDS)
        self._back_off.reset()
        if not sent:
            await sleep_until(self._stop, self._rest_seconds)

    async def _keep_measuring(self) -> None:
        """Show how far behind the feed is, also while nothing can be sent. Raises what the database raises."""
        while True:
            position = await self._feed.position()
            metrics.POSITION.labels(self._feed.name).set(position)
            metrics.LAG.labels(self._feed.name).set(max(0, await self._log.head() - position))
            await asyncio.sleep(MEASURE_SECONDS)

    async def _note_refusal(self, refusal: str | None) -> None:
        log_id = await self._log.log_id()
        async with self._lock.writing() as connection:
            await note_refusal(connection, self._feed.name, log_id, refusal)
