"""The poller's loop: hold the lock, poll, wait; come back when gateway or database were away, and stop at once when asked to."""

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_event_store.causes import cause_of
from tiendo_event_store.errors import PollerReplaced
from tiendo_event_store.faults import DATABASE_FAULTS, is_transient
from tiendo_event_store.sources.polled_sources import PolledSource
from tiendo_poller.dossier_intake import DossierIntake
from tiendo_poller.errors import AnotherPoller, GatewayFault, PollerLockLost
from tiendo_poller.gateway_client import GatewayClient
from tiendo_poller.poller_lock import PollerLock, poller_lock
from tiendo_poller.polling import Poll
from tiendo_runtime.database import service_engine
from tiendo_runtime.settings import Settings
from tiendo_runtime.shown_metrics import shown_metrics
from tiendo_runtime.stop_aware_waiting import BackOff, Stopped, run_until, sleep_until
from tiendo_sources.errors import GatewayConfigurationInvalid
from tiendo_sources.igate.configuration import GatewayConfiguration, client_secret

BACK_OFF_LAST_SECONDS: Final = 120.0
_FIRST_SECONDS: Final = 0.5
_JITTER: Final = 0.5
_POOL_SIZE: Final = 5

_journal = structlog.get_logger("tiendo.poller")


async def run(settings: Settings, database_url: str, stop: asyncio.Event, configuration: GatewayConfiguration) -> None:
    """Poll until `stop` is set; waits for a gateway or a database that is away.

    Raises AnotherPoller where another process polls on this database, GatewayConfigurationInvalid where the secret cannot be read at the start.
    """
    client_secret(configuration)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with shown_metrics(settings):
        engine = service_engine(database_url, DatabaseRole.POLLER, pool_size=_POOL_SIZE)
        try:
            await Poller(engine, configuration, stop).run()
        except Stopped:
            return
        finally:
            await engine.dispose()


class Poller:
    """Polls one gateway until `stop` is set."""

    def __init__(self, engine: AsyncEngine, configuration: GatewayConfiguration, stop: asyncio.Event) -> None:
        self._engine, self._configuration, self._stop = engine, configuration, stop
        self._source = PolledSource(engine, configuration.source)
        self._database_back_off = BackOff(stop, jitter=_JITTER)
        self._back_off = BackOff(stop, first_seconds=_FIRST_SECONDS, last_seconds=BACK_OFF_LAST_SECONDS, jitter=_JITTER)

    async def run(self) -> None:
        """Poll until stopped. Raises AnotherPoller, Stopped."""
        while not self._stop.is_set():
            try:
                await self._hold_and_poll()
            except PollerReplaced as error:
                raise AnotherPoller from error
            except (PollerLockLost, *DATABASE_FAULTS) as error:
                if not (isinstance(error, PollerLockLost) or is_transient(error)):
                    raise
                again = self._database_back_off.seconds
                _journal.warning("database is away", cause=cause_of(error), again_in_seconds=again)
                await self._database_back_off.wait()

    async def _hold_and_poll(self) -> None:
        async with AsyncExitStack() as stack:
            waiting = BackOff(self._stop, first_seconds=_FIRST_SECONDS, last_seconds=_FIRST_SECONDS)
            lock = await stack.enter_async_context(poller_lock(self._engine, waiting))
            await self._source.begin(self._configuration.poll_seconds)
            gateway = await stack.enter_async_context(GatewayClient(self._configuration))
            intake = await stack.enter_async_context(DossierIntake(self._engine, self._source, self._configuration))
            _journal.info("polling", source=self._configuration.source, every_seconds=self._configuration.poll_seconds)
            while not self._stop.is_set():
                await run_until(self._stop, self._poll(lock, gateway, intake))

    async def _poll(self, lock: PollerLock, gateway: GatewayClient, intake: DossierIntake) -> None:
        """One poll, and the wait after it."""
        await lock.check()
        requests = BackOff(self._stop, first_seconds=_FIRST_SECONDS, jitter=_JITTER)
        try:
            state = await self._source.state()
            progress = await Poll(gateway, intake, self._configuration, state, requests).run()
        except (GatewayFault, GatewayConfigurationInvalid) as fault:
            await self._source.note_failure(str(fault))
            again = self._back_off.seconds
            _journal.warning(
                "poll failed", source=self._configuration.source, reason=str(fault), again_in_seconds=again
            )
            least = fault.retry_after_seconds if isinstance(fault, GatewayFault) else 0.0
            await self._back_off.wait(least_seconds=least)
        else:
            await self._source.note_good(progress)
            self._back_off.reset()
            self._database_back_off.reset()
            await sleep_until(self._stop, self._configuration.poll_seconds)
