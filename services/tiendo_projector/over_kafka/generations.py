"""One generation of topics at a time: of two, the same case may stand in different partitions, and nobody would hold both."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_contracts.database.advisory_locks import GENERATIONS
from tiendo_event_store.locks import holders

_AGAIN_SECONDS = 1.0

_journal = structlog.get_logger("tiendo.projector")


async def followers_at_work(engine: AsyncEngine) -> int:
    """How many processes follow other logs into the database now, whatever generation of topics."""
    async with engine.connect() as connection:
        return len({pid for pid, _ in await holders(connection, GENERATIONS)})


@asynccontextmanager
async def only_generation(engine: AsyncEngine, generation: int) -> AsyncIterator[None]:
    """A time in which no process follows another generation into this database; waits for the end of those that do."""
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        try:
            while (other := await _taken(connection, generation)) is not None:
                _journal.warning("another generation of topics is followed; waiting for its end", generation=other)
                await asyncio.sleep(_AGAIN_SECONDS)
            yield
        finally:
            with suppress(Exception):  # the connection is done with, lock and all, whatever state it is in
                await connection.invalidate()


async def _taken(connection: AsyncConnection, generation: int) -> int | None:
    """Another generation that is followed; None when this one's lock is held and there is none."""
    key = {"locks": GENERATIONS.key, "generation": generation}
    await connection.execute(text("SELECT pg_advisory_lock_shared(:locks, :generation)"), key)
    others = {number for _, number in await holders(connection, GENERATIONS)} - {generation}
    if others:
        await connection.execute(text("SELECT pg_advisory_unlock_shared(:locks, :generation)"), key)
    return min(others, default=None)
