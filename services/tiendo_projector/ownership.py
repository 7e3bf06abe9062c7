"""Which shards a process projects: an advisory lock each, shared out evenly among the processes that are there."""

import asyncio
import math
from collections.abc import Collection
from contextlib import suppress
from types import TracebackType
from typing import Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_contracts.database.advisory_locks import PROJECTORS, SHARDS
from tiendo_event_store.locks import holders

GRACE_SECONDS = 3.0


async def processes_at_work(engine: AsyncEngine) -> int:
    """How many processes project the database's own log now."""
    async with engine.connect() as connection:
        return len({pid for pid, _ in await holders(connection, PROJECTORS)})


class ShardLocks:
    """The shards that this process holds, of those that it `wanted`; an asynchronous context.

    A lock goes with its connection: when the process dies, the shards are free at once. `refresh` takes free ones up to this process's
    share of them, and after GRACE_SECONDS, in which others could take theirs, all that are still free; it gives up what is above the
    share when a further process has come.
    """

    def __init__(self, engine: AsyncEngine, wanted: Collection[int]) -> None:
        self._engine = engine
        self._wanted = sorted(wanted)
        self._held: set[int] = set()
        self._processes = 0
        self._greedy_at = 0.0
        self._connection: AsyncConnection | None = None

    async def __aenter__(self) -> Self:
        # Held outside of a transaction, which would keep the database from tidying up.
        engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection = await engine.connect()
        await self._connection.execute(text("SELECT pg_advisory_lock_shared(:locks, 0)"), {"locks": PROJECTORS.key})
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            with suppress(Exception):  # the connection is done with, locks and all, whatever state it is in
                await connection.invalidate()
            with suppress(Exception):
                await connection.close()

    @property
    def held(self) -> frozenset[int]:
        """The shards that this process held at the last refresh."""
        return frozenset(self._held)

    async def refresh(self) -> bool:
        """Whether the shards held have changed. Any error means that they are lost, with the connection."""
        connection = self._connection
        if connection is None:
            raise RuntimeError("the locks are held within the context only")
        before = set(self._held)
        processes = len({pid for pid, _ in await holders(connection, PROJECTORS)}) or 1
        share = math.ceil(len(self._wanted) / processes)
        now = asyncio.get_running_loop().time()
        if processes > self._processes:
            self._greedy_at = now + (GRACE_SECONDS if processes > 1 else 0)
            await self._release(connection, sorted(self._held)[share:])
        self._processes = processes
        await self._acquire(connection, share if now < self._greedy_at else len(self._wanted))
        return self._held != before

    async def _release(self, connection: AsyncConnection, shards: Collection[int]) -> None:
        for shard in shards:
            await connection.execute(
                text("SELECT pg_advisory_unlock(:locks, :shard)"), {"locks": SHARDS.key, "shard": shard}
            )
            self._held.discard(shard)

    async def _acquire(self, connection: AsyncConnection, shards_max: int) -> None:
        for shard in self._wanted:
            if len(self._held) >= shards_max:
                return
            if shard not in self._held and await connection.scalar(
                text("SELECT pg_try_advisory_lock(:locks, :shard)"), {"locks": SHARDS.key, "shard": shard}
            ):
                self._held.add(shard)
