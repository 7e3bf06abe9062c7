"""Read models made from topics are those made from the log, to the byte."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.conftest import running_projector
from tests.projector.followed_topics import publishing, topics_of
from tests.projector.logs import address_of, define, followed_to_the_end, many_cases, rows_of, send
from tests.projector.test_refolding import calendar
from tests.waiting import until

import tiendo_projector
from tiendo_domain.rules import PlaceholdersDefinition, ProcedureRule
from tiendo_event_store import EventLog
from tiendo_read_models.builds import reached_position, reading
from tiendo_read_models.tables import metadata
from tiendo_runtime.settings import Settings

BOOKKEEPING = {"folds"}


@asynccontextmanager
async def following(settings: Settings, database_url: str) -> AsyncIterator[asyncio.Task[None]]:
    """A projector over Kafka until the context ends, and then stops in order."""
    stop = asyncio.Event()
    task = asyncio.ensure_future(tiendo_projector.run_over_kafka(settings, database_url, stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


async def all_rows(engine: AsyncEngine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the live build, positions as well."""
    tables = [table.name for table in metadata.sorted_tables if table.name not in BOOKKEEPING]
    return {name: await rows_of(engine, name) for name in tables}


async def shows(engine: AsyncEngine, position: int) -> bool:
    """Whether the live build holds everything up to the position, with nothing left to fold again."""
    if await reached_position(engine) < position:
        return False
    async with reading(engine) as reader:
        return (await reader.connection.execute(metadata.tables["refolds"].select())).first() is None


async def level(engine: AsyncEngine, followers: AsyncEngine) -> None:
    """Wait until both show all of the log of the first, and hold that they show the same."""
    head = await EventLog(engine).head()
    await until(lambda: followed_to_the_end(engine), seconds=60)
    await until(lambda: shows(followers, head), seconds=60, what=f"position {head} is shown")
    assert await all_rows(followers) == await all_rows(engine)


async def test_a_province_followed_over_kafka_is_the_province(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    texts = many_cases(300, seed=8)
    random.Random(8).shuffle(texts)
    async with (
        running_projector(address_of(engine)),
        publishing(engine, settings, random.Random(8)) as publisher,
        following(settings, address_of(other_engine)) as follower,
    ):
        for number, start in enumerate(range(0, len(texts), 400)):
            await send(engine, texts[start : start + 400])
            await define(
                engine,
                calendar("huyện", f"H34.{number % 4 + 1}"),
                ProcedureRule(id="1.004227", norm_minutes=number + 1),
                PlaceholdersDefinition(names=("chuyên viên", f"tên {number}")),
            )
            await publisher.publish()
        await level(engine, other_engine)
        await publisher.send_again()
        await send(engine, many_cases(20, seed=9))
        await publisher.publish()
        await level(engine, other_engine)
        assert not follower.done()
