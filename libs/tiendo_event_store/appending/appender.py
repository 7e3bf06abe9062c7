"""A connection that appends, with what has to be done when it breaks: try again, look again, or say that nothing is known."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_event_store.appending.appending_transaction import Beside, Claims, append_once
from tiendo_event_store.driver import driver_of
from tiendo_event_store.errors import LogUnavailable
from tiendo_event_store.faults import DATABASE_FAULTS, UNSTORABLE, is_transient
from tiendo_event_store.outcomes import Outcome, Unstorable
from tiendo_event_store.stored import Candidate

_PAUSES_SECONDS = (0.0, 0.05, 0.2, 0.5, 1.0)
"""Before each attempt: long enough for a connection that was cut, too short for a server that is away."""

_TIMEOUT_SECONDS = 30.0
"""For all attempts at one batch together; where the database refuses something in it, anew for each of its events alone."""


class Appender:
    """One connection of the engine, held while the context is open, over which one batch at a time is appended."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()

    async def append(self, batch: Sequence[Candidate], *, beside: Beside | None = None) -> list[Outcome]:
        """One outcome per event, in order, durable. Raises LogUnavailable when the database is away or its answer is not known.

        `beside` is written in the same transaction; it may run more than once. Where the database refuses an event of the batch the others
        come first, each in a transaction of its own, and `beside` last.

        After a commit whose answer was cut off the same transaction runs again: under the lock it finds what became of the first.
        """
        claims = Claims()
        deadline = asyncio.get_running_loop().time() + _TIMEOUT_SECONDS
        last: Exception | None = None
        for pause in _PAUSES_SECONDS:
            await asyncio.sleep(pause)
            try:
                return await self._attempt(batch, claims, deadline, beside)
            except UNSTORABLE as error:
                return await self._one_by_one(batch, error, beside)
            except DATABASE_FAULTS as error:
                if not is_transient(error):
                    raise LogUnavailable("the log's database does not take the append") from error
                last = error
        raise LogUnavailable("the log's database cannot be reached, or did not answer") from last

    async def _one_by_one(self, batch: Sequence[Candidate], error: Exception, beside: Beside | None) -> list[Outcome]:
        """The outcomes of a batch in which the database refuses something: only the events that it refuses alone are unstorable."""
        if not batch:
            raise error
        if len(batch) == 1 and beside is None:
            return [Unstorable(f"{type(error).__name__}: {error}")]
        outcomes = [outcome for event in batch for outcome in await self.append([event])]
        if beside is not None:
            await self.append((), beside=beside)
        return outcomes

    async def _attempt(
        self, batch: Sequence[Candidate], claims: Claims, deadline: float, beside: Beside | None
    ) -> list[Outcome]:
        try:
            async with asyncio.timeout_at(deadline):
                return await append_once(await self._driver(), batch, claims, beside=beside)
        except BaseException:
            await self._drop()
            raise

    async def _driver(self) -> asyncpg.Connection:
        if self._connection is None:
            self._connection = await self._engine.connect()
        return await driver_of(self._connection)

    async def _drop(self) -> None:
        """Throw the connection away: an error may have left a transaction on it."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.invalidate()
            await connection.close()
