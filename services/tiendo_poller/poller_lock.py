"""One poller at a time: a lock of the database, held by a connection of its own that is asked before each poll."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_contracts.database.advisory_locks import POLLER
from tiendo_event_store.faults import DATABASE_FAULTS, is_transient
from tiendo_poller.errors import AnotherPoller, PollerLockLost
from tiendo_runtime.stop_aware_waiting import BackOff

_TAKE: Final = text(f"SELECT pg_backend_pid() WHERE pg_try_advisory_lock({POLLER.key})")
_BACKEND: Final = text("SELECT pg_backend_pid()")
_ATTEMPTS_MAX: Final = 6
"""Together some three seconds: the server may not have noticed yet that a poller which was killed is gone."""


class PollerLock:
    """The lock while it is held."""

    def __init__(self, connection: AsyncConnection, backend: int) -> None:
        self._connection = connection
        self._backend = backend

    async def check(self) -> None:
        """Return if the lock is still held. Raises PollerLockLost."""
        try:
            async with self._connection.begin():
                found = await self._connection.scalar(_BACKEND)
        except DATABASE_FAULTS as error:
            if not is_transient(error):
                raise
            raise PollerLockLost("the connection that holds the poller's lock does not answer") from error
        # A connection that was lost is silently replaced by another, which holds no lock.
        if found != self._backend:
            raise PollerLockLost("the connection that held the poller's lock has been replaced by another")


@asynccontextmanager
async def poller_lock(engine: AsyncEngine, back_off: BackOff) -> AsyncIterator[PollerLock]:
    """The lock. Raises AnotherPoller where another process holds it."""
    connection = await engine.connect()
    try:
        yield PollerLock(connection, await _taken(connection, back_off))
    finally:
        # The connection does not go back to the pool: its lock goes with it, whatever state it is in.
        with suppress(*DATABASE_FAULTS):
            await connection.invalidate()
        with suppress(*DATABASE_FAULTS):
            await connection.close()


async def _taken(connection: AsyncConnection, back_off: BackOff) -> int:
    for _ in range(_ATTEMPTS_MAX):
        async with connection.begin():
            backend = await connection.scalar(_TAKE)
        if backend is not None:
            return int(backend)
        await back_off.wait()
    raise AnotherPoller
