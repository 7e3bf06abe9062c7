"""Snapshots that stay open between questions: what the rows of changed cases said before is asked of them."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_read_models.builds import Reader, within
from tiendo_read_models.queries.cases.changes import Revisions, revisions_of
from tiendo_runtime.database import engine_like
from tiendo_runtime.stop_aware_waiting import called_off

IDLE_SECONDS: Final = 120.0
"""A snapshot that nobody asks is let go after this time: an old one keeps the database from clearing rows away."""

State = tuple[int, Revisions]
"""A build and how far its folds have come."""


@dataclass(slots=True, eq=False, kw_only=True)
class KeptSnapshot:
    """A snapshot on a connection of its own, and when it was last of use; who asks it holds `asking`, and looks whether it is `closed`.

    `compared` is the last one that it was compared with, and the cases that the two may show otherwise: a page asks for many sums of one snapshot.
    """

    state: State
    reader: Reader
    used_at: float = 0
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    closed: bool = False
    compared: tuple[Reader, list[str]] | None = None

    async def close(self) -> None:
        """Let it go, once nobody asks it any more."""
        async with self.asking:
            self.closed = True
            with suppress(SQLAlchemyError, OSError):
                await self.reader.connection.close()


class KeptSnapshots:
    """Open snapshots, one for each state of the read models, `most` of them and for a moment one more; `changing` is held by who opens and closes them."""

    def __init__(self, engine: AsyncEngine, *, most: int) -> None:
        self._engine = engine_like(engine, pool_size=most + 1)
        self._most = most
        self._open: dict[State, KeptSnapshot] = {}
        self.changing = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None
        self._looked_at: tuple[Reader, State] | None = None

    async def state_of(self, reader: Reader) -> State:
        """What the snapshot of `reader` shows, asked once while sums of it are worked out."""
        if self._looked_at is None or self._looked_at[0] is not reader:
            state = (reader.build.build_id, await revisions_of(reader.connection, reader.build))
            self._looked_at = (reader, state)
            return state
        return self._looked_at[1]

    async def like(self, reader: Reader, state: State) -> KeptSnapshot:
        """The kept snapshot that shows what `reader` does: a new one where there is none, or where the database has ended it."""
        found = self._open.get(state)
        if found is not None and found.closed:
            await self.let_go(found)
            found = None
        if found is None:
            found = self._open[state] = await self._opened(reader, state)
        found.used_at = asyncio.get_running_loop().time()
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._close_idle())
        return found

    def too_many(self, but: KeptSnapshot) -> list[KeptSnapshot]:
        """All but the one, where there are more than may stay; else none."""
        return [kept for kept in self._open.values() if kept is not but] if len(self._open) > self._most else []

    async def let_go(self, kept: KeptSnapshot) -> None:
        """Close the snapshot."""
        self._open.pop(kept.state, None)
        await kept.close()

    async def _opened(self, reader: Reader, state: State) -> KeptSnapshot:
        exported = await reader.connection.scalar(text("SELECT pg_export_snapshot()"))
        connection = await self._engine.connect()
        try:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            await connection.execute(text(f"SET TRANSACTION SNAPSHOT '{exported}'"))
        except BaseException:
            await connection.close()
            raise
        own = Reader(connection=await within(connection, reader.build), build=reader.build, position=reader.position)
        return KeptSnapshot(state=state, reader=own)

    async def _close_idle(self) -> None:
        """Close what nobody asks any more, until nothing is open."""
        while self._open:
            await asyncio.sleep(IDLE_SECONDS / 4)
            async with self.changing:
                long_ago = asyncio.get_running_loop().time() - IDLE_SECONDS
                for kept in [*self._open.values()]:
                    if kept.used_at < long_ago:
                        await self.let_go(kept)

    async def close(self) -> None:
        """Close them all."""
        if self._watch is not None:
            await called_off(self._watch)
        async with self.changing:
            for kept in [*self._open.values()]:
                await self.let_go(kept)
        await self._engine.dispose()
