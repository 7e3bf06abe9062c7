"""Read models of followed events are made anew from them, while they go on being followed."""

import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.followed_topics import publishing, topics_of
from tests.projector.followers import all_rows, following, has_cases, level, shown
from tests.projector.logs import address_of, define, many_cases, send
from tests.projector.test_refolding import OFF, calendar
from tests.waiting import until

from tiendo_projector import RebuildRunning, rebuild
from tiendo_read_models.builds import live_build


async def test_a_rebuild_gives_the_same_read_models(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    await send(engine, many_cases(120, seed=6))
    async with publishing(engine, settings) as publisher, following(settings, address_of(other_engine)):
        await publisher.publish()
        await shown(other_engine, engine)
    followed = await all_rows(other_engine)
    build = await rebuild(other_engine)
    assert build.build_id == 2
    assert await all_rows(other_engine) == followed


async def rebuilt(engine: AsyncEngine) -> None:
    """Read models made anew, as soon as nobody else makes or drops builds: who begins to follow tidies up first."""

    async def tried() -> bool:
        try:
            await rebuild(engine)
        except RebuildRunning:
            return False
        return True

    await until(tried, seconds=60)


async def test_what_comes_during_a_rebuild_is_in_it(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    texts = many_cases(150, seed=7)
    async with publishing(engine, settings) as publisher, following(settings, address_of(other_engine)) as follower:
        await send(engine, texts[:300])
        await publisher.publish()
        await until(lambda: has_cases(other_engine, 50), seconds=60)
        rebuilding = asyncio.ensure_future(rebuilt(other_engine))
        for start in range(300, len(texts), 100):
            await send(engine, texts[start : start + 100])
            await define(engine, calendar(f"huyện {start}", f"H34.{start % 4 + 1}"), calendar("vn", overrides=(OFF,)))
            await publisher.publish()
        await rebuilding
        await rebuild(engine, processes=1)
        await level(engine, other_engine)
        assert not follower.done()


async def test_read_models_of_another_version_are_made_anew_before_they_are_followed(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    await send(engine, many_cases(30, seed=2))
    await rebuild(engine, processes=1)
    async with publishing(engine, settings) as publisher:
        async with following(settings, address_of(other_engine)):
            await publisher.publish()
            await level(engine, other_engine)
        async with other_engine.begin() as connection:
            await connection.execute(text("UPDATE tiendo.projection_builds SET definition = 'of an older version'"))
        async with following(settings, address_of(other_engine)):
            await until(lambda: _live(other_engine, 2), seconds=60)
            await level(engine, other_engine)


async def _live(engine: AsyncEngine, build_id: int) -> bool:
    async with engine.connect() as connection:
        build = await live_build(connection)
    return build is not None and build.build_id == build_id
