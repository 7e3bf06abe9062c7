"""Read models made from topics are those made from the log, to the byte."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.conftest import running_projector
from tests.projector.followed_topics import publishing, topics_of
from tests.projector.followers import all_rows, following, has_cases, level, shown
from tests.projector.logs import (
    STARTED_AT,
    address_of,
    define,
    event_text,
    holder,
    many_cases,
    received_text,
    rows_of,
    send,
)
from tests.projector.test_refolding import OFF, calendar
from tests.projector.watching import somebody_waits
from tests.waiting import until

from tiendo_contracts.database.advisory_locks import GENERATIONS
from tiendo_domain.rules import PlaceholdersDefinition, ProcedureRule
from tiendo_event_store.followed.followed_positions import FollowedPlace, move_places, open_places
from tiendo_projector import rebuild
from tiendo_projector.over_kafka.topic_consumers import Topics


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


async def test_followers_that_wait_for_a_lock_end_when_they_are_asked_to(
    engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    async with engine.connect() as held:
        await held.execute(
            text("SELECT pg_advisory_lock(:locks, :number)"), {"locks": GENERATIONS.key, "number": generation}
        )
        async with following(settings, address_of(engine)):
            await until(lambda: somebody_waits(engine), what="it waits for the lock of its generation")


async def test_rules_that_come_after_the_cases_fold_them_again(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    await define(engine, calendar("vn", overrides=(OFF,)), calendar("huyện", "H34.2"))
    await send(engine, many_cases(40, seed=3))
    await rebuild(engine, processes=1)
    async with publishing(engine, settings) as publisher, following(settings, address_of(other_engine)):
        publisher.holds_directory_back = True
        await publisher.publish()
        await until(lambda: has_cases(other_engine, 40), seconds=60)
        await publisher.release_directory()
        await level(engine, other_engine)


async def test_a_missing_message_is_waited_for_and_what_other_partitions_tell_is_shown_meanwhile(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation, partitions=2)
    await send(engine, many_cases(30, seed=4))
    await rebuild(engine, processes=1)
    async with publishing(engine, settings) as publisher, following(settings, address_of(other_engine)):
        publisher.losing = {10}
        await publisher.publish()
        await until(lambda: has_cases(other_engine, 10), seconds=60)
        await publisher.send_lost()
        await shown(other_engine, engine)
    assert await all_rows(other_engine) == await all_rows(engine)


async def test_what_was_skipped_is_looked_for_from_the_beginning(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiendo_projector.over_kafka.reception.GAP_SECONDS", 0.2)
    settings = await topics_of(kafka.bootstrap_servers, generation, partitions=1)
    await send(engine, many_cases(10, seed=4))
    await rebuild(engine, processes=1)
    topic = Topics.of(generation).case_events
    async with publishing(engine, settings) as publisher, other_engine.begin() as connection:
        await publisher.publish()
        await open_places(connection, topic, [0])
        await move_places(connection, topic, {0: FollowedPlace(offset=7, tails={})})
    async with following(settings, address_of(other_engine)):
        await level(engine, other_engine)


async def test_another_generation_of_topics_goes_on_where_the_first_ended(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    first = await topics_of(kafka.bootstrap_servers, generation, partitions=2)
    second = await topics_of(kafka.bootstrap_servers, generation + 1_000_000, partitions=5)
    texts = many_cases(60, seed=5)
    await send(engine, texts[:150])
    async with publishing(engine, first) as publisher, following(first, address_of(other_engine)):
        await publisher.publish()
        await shown(other_engine, engine)
    await send(engine, texts[150:])
    await rebuild(engine, processes=1)
    async with publishing(engine, second) as publisher, following(second, address_of(other_engine)):
        await publisher.publish()
        await level(engine, other_engine)


async def test_two_provinces_are_followed_into_one_database_each_by_its_own_rules(
    engine: AsyncEngine, other_engine: AsyncEngine, third_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    await define(engine, calendar("vn", overrides=(OFF,)))
    await send(engine, [received_text("A-1"), received_text("SHARED")])
    await send(third_engine, [received_text("B-1"), _forwarded("SHARED"), received_text("SHARED")])
    async with (
        publishing(engine, settings) as one,
        publishing(third_engine, settings) as two,
        following(settings, address_of(other_engine)),
    ):
        await one.publish()
        await two.publish()
        await shown(other_engine, engine, third_engine)
        rows = dict(await rows_of(other_engine, "cases", "case_id", "calendar_version"))
        assert rows == {"A-1": "vn/2", "B-1": "vn/1", "SHARED": "vn/2"}
        # What both took is told once; what one of them took alone counts as well.
        assert ("SHARED", 2) in await rows_of(other_engine, "cases", "case_id", "event_count")
        await define(third_engine, calendar("vn", overrides=(OFF,)))
        await define(third_engine, calendar("vn"))
        await two.publish()
        await shown(other_engine, engine, third_engine)
        rows = dict(await rows_of(other_engine, "cases", "case_id", "calendar_version"))
        assert rows == {"A-1": "vn/2", "B-1": "vn/3", "SHARED": "vn/2"}
    followed = await all_rows(other_engine)
    await rebuild(other_engine)
    assert await all_rows(other_engine) == followed


def _forwarded(case_id: str) -> str:
    to = holder(("CB-7", "Y Khuê"), "H34.1")
    return event_text(case_id, f"{case_id}-1", "forwarded", STARTED_AT + timedelta(hours=2), holder=to)
