"""Whatever dies, and whenever: every followed event takes effect once, and nothing newer is overwritten by something older."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.preloaded.commands import Begun, begun_module
from tests.projector.conftest import running_projector
from tests.projector.followed_topics import publishing, topics_of
from tests.projector.followers import following, level, shown
from tests.projector.logs import SOURCE, STARTED_AT, address_of, define, many_cases, received_text, send
from tests.projector.test_refolding import calendar

from tiendo_contracts.messages import Place
from tiendo_contracts.shards import shard_of
from tiendo_event_store import EventLog
from tiendo_event_store.errors import FollowedElsewhere
from tiendo_event_store.followed.followed_appending import FollowedEvent
from tiendo_event_store.followed.followed_positions import FollowedPlace, open_places
from tiendo_projector.over_kafka.records import ReceivedEvent
from tiendo_projector.over_kafka.storing import store
from tiendo_projector.over_kafka.topic_consumers import Topics
from tiendo_runtime.database import owner_engine as make_owner_engine
from tiendo_runtime.settings import Settings

ROUNDS = int(os.environ.get("ROUNDS", "2"))


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
            assert await asyncio.wait_for(follower.wait(), 60) in {0, -signal.SIGTERM}


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
            await shown(other_engine, engine)
        await send(engine, [received_text("LAST")])
        await publisher.publish()
        await level(engine, other_engine)


async def test_what_an_overtaken_follower_received_is_abandoned(
    other_engine: AsyncEngine,
) -> None:
    settings = Settings()
    topic = Topics.of(settings.kafka_generation).case_events
    async with other_engine.begin() as connection:
        before = await open_places(connection, topic, [0])
    after = {0: FollowedPlace(offset=5, tails={})}
    event = _followed("HS-1")
    await store(other_engine, topic, [event], before=before, after=after)
    with pytest.raises(FollowedElsewhere, match="another process has moved on"):
        await store(other_engine, topic, [_followed("HS-2")], before=before, after=after)
    assert await EventLog(other_engine).read_case("HS-2") == []
    # The same event at the same place, with another generation of the topics, is there already.
    await store(other_engine, topic, [event, event], before=after, after=after)
    assert len(await EventLog(other_engine).read_case("HS-1")) == 1


def _followed(case_id: str) -> ReceivedEvent:
    event = FollowedEvent(
        log_id=UUID(int=1),
        position=int(case_id[-1]),
        source=SOURCE,
        id=case_id,
        subject=case_id,
        type="vn.tiendo.case.received.v1",
        shard=shard_of(case_id),
        ingested_at=STARTED_AT,
        digest=bytes(32),
        text=received_text(case_id),
    )
    return ReceivedEvent(
        place=Place(log_id=event.log_id, position=event.position, previous_position=0), event=event, dataref=None
    )


async def _start(engine: AsyncEngine, settings: Settings) -> Begun:
    servers = settings.kafka_bootstrap_servers
    assert servers is not None
    arguments = (address_of(engine), servers, str(settings.kafka_generation))
    return await begun_module("tests.projector.follower_program", arguments)


@asynccontextmanager
async def _followers(engine: AsyncEngine, settings: Settings) -> AsyncIterator[list[Begun]]:
    """Two projectors over Kafka as processes; the list is to hold those that run."""
    running = [await _start(engine, settings) for _ in range(2)]
    try:
        yield running
    finally:
        for process in running:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _trouble(engine: AsyncEngine, settings: Settings, followers: list[Begun], chance: random.Random) -> None:
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
      AND (query LIKE '%followed_%' OR query LIKE '%tiendo.events%' OR query LIKE '%build_0%')
""")
