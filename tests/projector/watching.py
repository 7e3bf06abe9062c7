"""A reader that looks again and again whether the read models keep what their position promises."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.faults import is_transient
from tiendo_read_models import tables
from tiendo_read_models.builds import reading
from tiendo_read_models.errors import NoLiveBuild

_PROMISED = text("""
    SELECT subject, count(*) AS events FROM tiendo.events
    WHERE shard IS NOT NULL AND position <= :position GROUP BY subject
""")


async def somebody_waits(engine: AsyncEngine) -> bool:
    """Whether a connection to the engine's database waits for a lock."""
    async with engine.connect() as connection:
        waiting = await connection.scalar(
            text(
                "SELECT count(*) FROM pg_locks WHERE NOT granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    return bool(waiting)


@asynccontextmanager
async def watched(engine: AsyncEngine) -> AsyncIterator[None]:
    """A time in which every case that is shown has all its events up to the position shown, which never goes back."""
    watching = asyncio.ensure_future(_watch(engine))
    try:
        yield
        assert not watching.done()
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watch(engine: AsyncEngine) -> None:
    last = 0
    while True:
        try:
            position = await _checked_position(engine)
            assert position >= last
            last = position
        except NoLiveBuild:
            pass
        except DBAPIError as error:
            if not is_transient(error):  # tests that cut connections cut the watcher's too
                raise
        await asyncio.sleep(0.01)


async def _checked_position(engine: AsyncEngine) -> int:
    async with reading(engine) as reader:
        rows = await reader.connection.execute(select(tables.cases.c.case_id, tables.cases.c.event_count))
        shown = {row.case_id: row.event_count for row in rows}
        promised = await reader.connection.execute(_PROMISED, {"position": reader.position})
        missing = [row.subject for row in promised if shown.get(row.subject, 0) < row.events]
        assert missing == [], f"shown at {reader.position} without their last events"
        return reader.position
