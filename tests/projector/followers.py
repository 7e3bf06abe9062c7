"""Projectors over Kafka for the tests, and what is held of what they show."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.logs import followed_to_the_end, rows_of
from tests.waiting import until

import tiendo_projector
from tiendo_contracts.events.event_types import DIRECTORY_TYPE_PREFIX
from tiendo_event_store import EventLog
from tiendo_event_store.tables import events
from tiendo_read_models.builds import reached_position, reading
from tiendo_read_models.errors import NoLiveBuild
from tiendo_read_models.tables import metadata
from tiendo_runtime.settings import Settings

BOOKKEEPING = {"folds", "places"}
"""Tables that say nothing of cases."""

POSITIONS = {"first_position", "last_position"}


@asynccontextmanager
async def following(settings: Settings, database_url: str) -> AsyncIterator[asyncio.Task[None]]:
    """A projector over Kafka until the context ends, and then stops in order."""
    stop = asyncio.Event()
    task = asyncio.ensure_future(tiendo_projector.run_over_kafka(settings, database_url, stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 60)


async def all_rows(engine: AsyncEngine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the live build but for the positions, which are each log's own."""
    return {
        table.name: await rows_of(
            engine, table.name, *[column.name for column in table.columns if column.name not in POSITIONS]
        )
        for table in metadata.sorted_tables
        if table.name not in BOOKKEEPING
    }


async def has_cases(followers: AsyncEngine, count: int) -> bool:
    """Whether the live build shows so many cases."""
    try:
        return len(await rows_of(followers, "cases", "case_id")) >= count
    except NoLiveBuild:
        return False


async def shows(followers: AsyncEngine, position: int) -> bool:
    """Whether the live build holds everything up to the position, with nothing left to fold again."""
    if await reached_position(followers) < position:
        return False
    async with reading(followers) as reader:
        return (await reader.connection.execute(metadata.tables["refolds"].select())).first() is None


async def shown(followers: AsyncEngine, *logs: AsyncEngine) -> None:
    """Wait until everything that the logs hold is in the followers' own, and shown."""
    stored = sum([await _passed_on(log) for log in logs])
    await until(lambda: _holds(followers, stored), seconds=120, what=f"{stored} events have come")
    position = await EventLog(followers).head()
    await until(lambda: shows(followers, position), seconds=120, what=f"position {position} is shown")


async def _passed_on(log: AsyncEngine) -> int:
    """How many events the relay passes on: facts of the house are a log's own."""
    passed_on = events.c.shard.is_not(None) | events.c.type.startswith(DIRECTORY_TYPE_PREFIX)
    async with log.connect() as connection:
        return int(await connection.scalar(select(func.count()).where(passed_on)) or 0)


async def _holds(followers: AsyncEngine, events_wanted: int) -> bool:
    async with followers.connect() as connection:
        found = await connection.scalar(select(func.count()).where(events.c.log_id.is_not(None)))
    return bool(found == events_wanted)


async def level(engine: AsyncEngine, followers: AsyncEngine) -> None:
    """Wait until both show all of the log of the first, and hold that they show the same."""
    await until(lambda: followed_to_the_end(engine), seconds=120)
    await shown(followers, engine)
    assert await all_rows(followers) == await all_rows(engine)
