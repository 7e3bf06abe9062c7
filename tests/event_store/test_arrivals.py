"""Pauses between arrivals, found by jumps along an index, are those that reading everything finds; what is retired is told no more."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.commands import tiendo_on

from tiendo_event_store.reading.arrivals import ArrivalPause, arrival_pauses, arriving_sources
from tiendo_event_store.sources.polled_sources import PolledSource, Progress, source_standings
from tiendo_runtime.web.polled_metrics import PolledMetrics

BEGAN_AT = datetime(2022, 3, 1, tzinfo=UTC)
SOURCES = ("/a", "/a/b", "/ü")
Arrivals = dict[str, list[datetime]]


async def arrived(owner: AsyncEngine, chance: random.Random) -> Arrivals:
    """Events of the sources with all kinds of pauses between them, many at one instant; those of the directory do not count."""
    found: Arrivals = {source: [] for source in SOURCES}
    at, rows = BEGAN_AT, []
    for number in range(400):
        at += timedelta(minutes=chance.choice([0, 0, 1, 7, 60, 59, 61, 400]))
        source, shard = chance.choice(SOURCES), chance.choice([1, 1, 1, None])
        rows.append({"at": at, "source": source, "shard": shard, "id": f"e-{number}"})
        if shard is not None:
            found[source].append(at)
    statement = text("""
        INSERT INTO tiendo.events (position, source, id, subject, type, shard, ingested_at, digest, text)
        SELECT (SELECT max(position) FROM tiendo.events) + 1, :source, :id, 's', 't', :shard, :at, sha256('x'), '{}'""")
    async with owner.begin() as connection:
        for row in rows:
            await connection.execute(statement, row)
    return found


def by_reading(arrivals: Arrivals, since: datetime, until: datetime, longest: timedelta) -> list[ArrivalPause]:
    """The same from the whole lists."""
    found: list[ArrivalPause] = []
    for source in SOURCES:
        ends: Sequence[datetime | None] = [*arrivals[source], None]
        for last_at, next_at in pairwise(ends):
            is_long = last_at is not None and (next_at is None or next_at - last_at > longest)
            if is_long and last_at is not None and last_at < until and (next_at is None or next_at > since):
                found.append(ArrivalPause(source=source, last_at=last_at, next_at=next_at))
    return found


async def test_pauses_are_those_that_reading_everything_finds(owner_engine: AsyncEngine, engine: AsyncEngine) -> None:
    chance = random.Random(7)
    arrivals = await arrived(owner_engine, chance)
    async with engine.connect() as connection:
        assert [one.source for one in await arriving_sources(connection)] == list(SOURCES)
        for _ in range(30):
            since = BEGAN_AT + timedelta(minutes=chance.randrange(-500, 9_000))
            until = since + timedelta(minutes=chance.randrange(1, 9_000))
            longest = chance.choice([60, 61, 240, 3_600])
            found = await arrival_pauses(connection, since=since, until=until, longer_than_seconds=longest)
            assert found == by_reading(arrivals, since, until, timedelta(seconds=longest)), (since, until, longest)


async def test_a_retired_source_is_silent_without_a_word_until_something_comes_of_it(
    owner_engine: AsyncEngine, engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    await arrived(owner_engine, random.Random(1))
    run = tiendo_on(database_url, tmp_path)
    refused = run("sources", "retire", "/nobody")
    assert (refused.returncode, "no event came of /nobody" in refused.stderr) == (1, True)
    assert run("sources", "retire", "/a").returncode == 0

    async def lasting() -> set[str]:
        async with engine.connect() as connection:
            found = await arrival_pauses(connection, since=BEGAN_AT, until=datetime.now(UTC), longer_than_seconds=3_600)
        return {pause.source for pause in found if pause.next_at is None}

    assert await lasting() == {"/a/b", "/ü"}
    assert "/a: last event" in run("sources", "list").stdout
    async with owner_engine.begin() as connection:
        await connection.execute(
            text("""INSERT INTO tiendo.events (position, source, id, subject, type, shard, ingested_at, digest, text)
                SELECT max(position) + 1, '/a', 'again', 's', 't', 1, now(), sha256('x'), '{}' FROM tiendo.events""")
        )
    assert await lasting() == set(SOURCES)


async def test_a_source_that_is_polled_no_more_shows_no_lag(
    engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    polled = PolledSource(engine, "/kontum/igate")
    await polled.begin(60)
    await polled.note_good(Progress())
    registry = CollectorRegistry()
    metrics = PolledMetrics(registry)

    async def shown() -> bool:
        await metrics.refresh(engine)
        return 'tiendo_source_lag_seconds{source="/kontum/igate"}' in generate_latest(registry).decode()

    assert await shown()
    assert tiendo_on(database_url, tmp_path)("sources", "retire", "/kontum/igate").returncode == 0
    assert [one.retired for one in await source_standings(engine)] == [True]
    assert not await shown()
    await polled.note_good(Progress())
    assert await shown()
