"""Whatever dies, and whenever: every followed event takes effect once, and nothing newer is overwritten by something older."""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.conftest import running_projector
from tests.projector.followed_topics import publishing, topics_of
from tests.projector.followers import following, has_cases, level, shown
from tests.projector.logs import address_of, define, many_cases, received_text, rows_of, send
from tests.projector.test_refolding import OFF, calendar
from tests.waiting import until

from tiendo_event_store import EventLog
from tiendo_event_store.errors import FollowedElsewhere
from tiendo_event_store.followed_positions import FollowedPlace
from tiendo_projector.over_kafka.consumers import Topics
from tiendo_projector.over_kafka.projection import FollowedProjection
from tiendo_projector.over_kafka.reception import Batch
from tiendo_projector.over_kafka.rules import RuleBooks
from tiendo_projector.over_kafka.stubs import whole_events
from tiendo_read_models.builds import ensure_live_build
from tiendo_runtime.database import owner_engine as make_owner_engine
from tiendo_runtime.settings import Settings

ROUNDS = int(os.environ.get("ROUNDS", "2"))
REPOSITORY = Path(__file__).parents[2]


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_killed_followers_lose_and_double_nothing(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int, seed: int
) -> None:
    chance = random.Random(seed)
    settings = await topics_of(kafka.bootstrap_servers, generation)
    texts = many_cases(200, seed=seed)
    async with (
        running_projector(address_of(engine)),
        _followers(other_engine, settings) as followers,
        publishing(engine, settings, chance) as publisher,
    ):
        while texts:
            size = chance.randrange(1, 160)
            await send(engine, texts[:size])
            texts = texts[size:]
            if chance.random() < 0.2:
                await define(engine, calendar("huyện", f"H34.{chance.randrange(1, 5)}"))
            await publisher.publish()
            await _trouble(other_engine, settings, followers, chance)
        await level(engine, other_engine)
        for follower in followers:
            follower.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(follower.wait(), 30) in {0, -signal.SIGTERM}


async def test_two_followers_share_the_partitions_and_one_takes_over_from_the_other(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    texts = many_cases(200, seed=3)
    address = address_of(other_engine)
    async with (
        running_projector(address_of(engine)),
        publishing(engine, settings, random.Random(3)) as publisher,
        following(settings, address),
    ):
        async with following(settings, address):
            for start in range(0, len(texts), 300):
                await send(engine, texts[start : start + 300])
                await define(engine, calendar("huyện", f"H34.{start // 300 + 1}"))
                await publisher.publish()
            await shown(other_engine, await EventLog(engine).head())
        await send(engine, [received_text("LAST")])
        await publisher.publish()
        await level(engine, other_engine)


async def test_what_an_overtaken_follower_received_is_abandoned(
    other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    projection = await _projection(other_engine, settings)
    there = FollowedPlace(offset=0, tails={})
    first = Batch(received=[], before={0: there}, after={0: FollowedPlace(offset=5, tails={})}, more=False)
    async with other_engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO tiendo.followed_positions VALUES ('projector', :topic, 0, 0, '{}')"),
            {"topic": Topics.of(settings.kafka_generation).case_events.topic},
        )
    await projection.take(first)
    with pytest.raises(FollowedElsewhere, match="another process has moved on"):
        await projection.take(first)


async def test_nobody_folds_by_rules_that_have_been_replaced(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    await send(engine, [received_text("HS-1")])
    async with publishing(engine, settings) as publisher:
        async with following(settings, address_of(other_engine)):
            await publisher.publish()
            await until(lambda: has_cases(other_engine, 1))
        projection = await _projection(other_engine, settings)
        partitions = range(settings.kafka_partitions)
        await projection.retry_faults()
        await _list(other_engine, "HS-1")
        assert await projection.refold(partitions, settings.kafka_partitions) == 1
        async with following(settings, address_of(other_engine)):
            await define(engine, calendar("vn", overrides=(OFF,)))
            await publisher.publish()
            await shown(other_engine, await EventLog(engine).head())
        # It read the rules before they changed, and has heard nothing of the change.
        await _list(other_engine, "HS-1")
        assert await projection.refold(partitions, settings.kafka_partitions) == 1
    assert await rows_of(other_engine, "cases", "calendar_version") == [("vn/2",)]


async def test_while_the_topic_is_gone_nothing_is_folded_again(other_engine: AsyncEngine) -> None:
    projection = await _projection(other_engine, Settings())
    async with other_engine.begin() as connection:
        await connection.execute(text("INSERT INTO build_000001.refolds VALUES (0, 'HS-1', NULL)"))
    assert await projection.refold(range(24), 0) == 0


async def _projection(engine: AsyncEngine, settings: Settings) -> FollowedProjection:
    async with engine.begin() as connection:
        build = await ensure_live_build(connection)
    topics = Topics.of(settings.kafka_generation)
    async with whole_events(settings) as whole:
        return FollowedProjection(engine, build, topics.case_events, RuleBooks(topics.directory), whole)


async def _list(engine: AsyncEngine, case_id: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO build_000001.refolds SELECT shard, case_id, NULL FROM build_000001.cases WHERE case_id = :case"
            ),
            {"case": case_id},
        )


async def _start(engine: AsyncEngine, settings: Settings) -> Process:
    servers = settings.kafka_bootstrap_servers
    assert servers is not None
    arguments = (address_of(engine), servers, str(settings.kafka_generation))
    program = [sys.executable, "-m", "tests.projector.follower_program", *arguments]
    return await asyncio.create_subprocess_exec(*program, cwd=REPOSITORY, stdout=DEVNULL)


@asynccontextmanager
async def _followers(engine: AsyncEngine, settings: Settings) -> AsyncIterator[list[Process]]:
    """Two projectors over Kafka as processes; the list is to hold those that run."""
    running = [await _start(engine, settings) for _ in range(2)]
    try:
        yield running
    finally:
        for process in running:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _trouble(engine: AsyncEngine, settings: Settings, followers: list[Process], chance: random.Random) -> None:
    """Sometimes a kill -9, sometimes a cut connection, mostly nothing; at whatever moment this is."""
    what = chance.random()
    if what < 0.2:
        place = chance.randrange(len(followers))
        followers[place].kill()
        await followers[place].wait()
        followers[place] = await _start(engine, settings)
    elif what < 0.5:
        owner = make_owner_engine(address_of(engine))
        async with owner.connect() as connection:
            await connection.execute(_CUT)
        await owner.dispose()
    else:
        await asyncio.sleep(chance.random())


_CUT = text("""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
      AND (query LIKE '%followed_%' OR query LIKE '%build_0%')
""")
