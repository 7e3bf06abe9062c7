"""One relay at a time: a lock of the database for each generation of topics, held by a connection that is asked before each sending."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_contracts.database.advisory_locks import RELAYS
from tiendo_event_store.faults import DATABASE_FAULTS, is_transient
from tiendo_relay.errors import LockLost
from tiendo_runtime.stop_aware_waiting import sleep_until

RETRY_SECONDS: Final = 0.5
_ANSWER_SECONDS: Final = 10.0
_BACKEND: Final = text("SELECT pg_backend_pid()")

_journal = structlog.get_logger("tiendo.relay")


class RelayLock:
    """The lock of a generation, while it is held: as long as its connection answers, no other relay of the generation is at work."""

    def __init__(self, connection: AsyncConnection, backend: int) -> None:
        self._connection = connection
        self._backend = backend
        self._turn = asyncio.Lock()

    async def check(self) -> None:
        """Return if the lock is still held. Raises LockLost."""
        # Cancelled in the middle of it the connection would be lost, and the lock with it.
        await asyncio.shield(self._asked())

    async def _asked(self) -> None:
        async with self._held():
            pass

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that can be committed only while the lock is held; one at a time. Raises LockLost.

        It need not wait for the disk: the broker is asked what is missing of it.
        """
        async with self._held() as connection:
            await connection.execute(text("SET LOCAL synchronous_commit = off"))
            yield connection

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[AsyncConnection]:
        async with self._turn:
            try:
                async with asyncio.timeout(_ANSWER_SECONDS), self._connection.begin():
                    # A connection that was lost is silently replaced by another, which holds no lock.
                    if await self._connection.scalar(_BACKEND) != self._backend:
                        raise LockLost("the connection that held the relay's lock has been replaced by another")
                    yield self._connection
            except DATABASE_FAULTS as error:
                if not is_transient(error):
                    raise
                raise LockLost("the connection that holds the relay's lock does not answer") from error


@asynccontextmanager
async def relay_lock(engine: AsyncEngine, generation: int, stop: asyncio.Event) -> AsyncIterator[RelayLock | None]:
    """The lock of a generation, as soon as no other relay holds it; None if `stop` was set before."""
    async with _own_connection(engine) as connection:
        backend = await _taken(connection, generation, stop)
        yield None if backend is None else RelayLock(connection, backend)


async def _taken(connection: AsyncConnection, generation: int, stop: asyncio.Event) -> int | None:
    """The process id of the connection's server process once it holds the lock."""
    reported = False
    parameters = {"locks": RELAYS.key, "generation": generation}
    while not stop.is_set():
        async with connection.begin():
            taken = await connection.scalar(text("SELECT pg_try_advisory_lock(:locks, :generation)"), parameters)
            backend = await connection.scalar(_BACKEND)
        if taken:
            return None if backend is None else int(backend)
        if not reported:
            _journal.info("another relay is at work; waiting for its end", generation=generation)
            reported = True
        await sleep_until(stop, RETRY_SECONDS)
    return None


@asynccontextmanager
async def _own_connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection that does not go back to the pool: its locks go with it, whatever state it is in."""
    connection = await engine.connect()
    try:
        yield connection
    finally:
        with suppress(Exception):
            await connection.invalidate()
        with suppress(Exception):
            await connection.close()
