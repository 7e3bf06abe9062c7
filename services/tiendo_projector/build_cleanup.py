"""Removing builds that nobody reads: those replaced a while ago, and those whose rebuild died."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.database.advisory_locks import REBUILD
from tiendo_event_store.faults import is_transient
from tiendo_projector.errors import RebuildRunning
from tiendo_read_models.builds import Build, abandoned_builds, drop_build, retired_builds

RETIRED_FOR = timedelta(minutes=5)

_journal = structlog.get_logger("tiendo.projector")


@asynccontextmanager
async def only_rebuild(engine: AsyncEngine) -> AsyncIterator[None]:
    """A time in which no other process rebuilds or drops builds. Raises RebuildRunning."""
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if not await connection.scalar(text("SELECT pg_try_advisory_lock(:lock, 0)"), {"lock": REBUILD.key}):
            raise RebuildRunning
        try:
            yield
        finally:
            await connection.invalidate()


async def drop_leftovers(engine: AsyncEngine) -> None:
    """Drop what is not read any more, unless a rebuild is running; what somebody still reads is left for the next time."""
    try:
        async with only_rebuild(engine):
            await drop_unread(engine)
    except RebuildRunning:
        return


async def drop_unread(engine: AsyncEngine) -> None:
    """Drop the builds that were replaced more than RETIRED_FOR ago and those never finished; for the only rebuild."""
    async with engine.connect() as connection:
        unread = [*await abandoned_builds(connection), *await retired_builds(connection, older_than=RETIRED_FOR)]
    await _drop(engine, unread)


async def drop_abandoned(engine: AsyncEngine) -> bool:
    """Whether no build that was never finished is left; for the only rebuild. False while one is still being written or read."""
    async with engine.connect() as connection:
        abandoned = await abandoned_builds(connection)
    return await _drop(engine, abandoned)


async def _drop(engine: AsyncEngine, builds: Sequence[Build]) -> bool:
    """Whether all could be dropped. One that somebody still holds is left."""
    dropped = True
    for build in builds:
        try:
            async with engine.begin() as connection:
                await drop_build(connection, build)
        except Exception as error:
            if not is_transient(error):
                raise
            dropped = False
            _journal.info("build is still read", build=build.schema_name)
    return dropped
