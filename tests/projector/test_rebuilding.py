"""A rebuild gives the same read models to the byte, beside those that are read, and is swapped in at once."""

import asyncio
import random

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.conftest import running_projector
from tests.projector.logs import (
    address_of,
    define,
    followed_to_the_end,
    many_cases,
    read_models,
    received_text,
    rows_of,
    send,
)
from tests.waiting import until

from tiendo_domain.rules import PlaceholdersDefinition, ProcedureRule
from tiendo_event_store import EventLog
from tiendo_projector import Phase, RebuildProgress, RebuildRunning, rebuild
from tiendo_projector.build_cleanup import drop_leftovers, drop_unread, only_rebuild
from tiendo_read_models.builds import create_build, live_build, position_of, reached_position


async def test_rebuilding_twice_gives_the_same_bytes(engine: AsyncEngine) -> None:
    await send(engine, many_cases(200))
    await rebuild(engine, processes=1)
    once = await read_models(engine)
    await rebuild(engine, processes=1)
    assert await read_models(engine) == once
    assert once.count(b"\n") > 200


async def test_several_processes_build_what_one_builds(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiendo_projector.rebuilding._EVENTS_FOR_PROCESSES", 1)
    await send(engine, many_cases(600))
    await rebuild(engine, processes=2)
    by_two = await read_models(engine)
    await rebuild(engine, processes=1)
    assert await read_models(engine) == by_two


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_order_and_repetition_of_delivery_do_not_show(
    engine: AsyncEngine, other_engine: AsyncEngine, seed: int
) -> None:
    texts = many_cases(150)
    await send(engine, texts)
    await rebuild(engine, processes=1)
    in_order = await read_models(engine)
    async with running_projector(address_of(other_engine)):
        await _deliver_badly(other_engine, texts, random.Random(seed))
        await until(lambda: followed_to_the_end(other_engine), seconds=60)
        assert await read_models(other_engine) == in_order
    await rebuild(other_engine, processes=1)
    assert await read_models(other_engine) == in_order


async def test_the_live_build_is_read_and_followed_until_the_swap(
    engine: AsyncEngine, projector: asyncio.Task[None]
) -> None:
    await send(engine, many_cases(150))
    positions: list[int] = []

    async def write_and_look() -> None:
        for number in range(60):
            await send(engine, [received_text(f"NEW-{number}")])
            positions.append(await reached_position(engine))

    writing = asyncio.ensure_future(write_and_look())
    await rebuild(engine, processes=1)
    await writing
    assert positions == sorted(positions), "a reader saw the position go back"
    await until(lambda: followed_to_the_end(engine), seconds=60)
    assert len(await rows_of(engine, "cases", "case_id")) == 210
    assert not projector.done()


async def test_progress_ends_with_every_event(engine: AsyncEngine) -> None:
    texts = many_cases(50)
    await send(engine, texts)
    seen: list[RebuildProgress] = []
    await rebuild(engine, seen.append, processes=1)
    assert seen[-1].phase is Phase.DONE
    assert seen[-1].events == len(texts)
    assert seen[-1].cases == 50
    assert [one.events for one in seen] == sorted(one.events for one in seen)


async def test_facts_of_the_configuration_hold_in_a_rebuild(engine: AsyncEngine) -> None:
    await define(engine, PlaceholdersDefinition(names=("Y Bình",)), ProcedureRule(id="1.004227", norm_minutes=60))
    await send(engine, [received_text("HS-1", officer=("CB-2", "Y Bình"))])
    await rebuild(engine, processes=1)
    assert await rows_of(engine, "holds", "party_id", "party_name") == [("CB-2", None)]


async def test_only_one_rebuild_runs_at_a_time(engine: AsyncEngine) -> None:
    async with only_rebuild(engine):
        with pytest.raises(RebuildRunning):
            await rebuild(engine, processes=1)
    await rebuild(engine, processes=1)


async def test_a_rebuild_that_was_interrupted_leaves_the_live_build_as_it_was(engine: AsyncEngine) -> None:
    await send(engine, many_cases(100))
    await rebuild(engine, processes=1)
    before = await read_models(engine)

    def interrupt(progress: RebuildProgress) -> None:
        if progress.phase is Phase.CATCHING_UP:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await rebuild(engine, interrupt, processes=1)
    assert await read_models(engine) == before
    assert await _schemas(engine) == ["build_000001"]


async def test_a_build_whose_rebuild_was_killed_is_dropped(engine: AsyncEngine) -> None:
    await rebuild(engine, processes=1)
    async with engine.begin() as connection:
        killed = await create_build(connection)
    assert await _schemas(engine) == ["build_000001", killed.schema_name]
    await drop_leftovers(engine)
    assert await _schemas(engine) == ["build_000001"]


async def test_a_build_that_is_being_filled_is_not_dropped_by_a_projector(engine: AsyncEngine) -> None:
    async with only_rebuild(engine):
        async with engine.begin() as connection:
            filling = await create_build(connection)
        await drop_leftovers(engine)
        assert await _schemas(engine) == [filling.schema_name]


async def test_a_replaced_build_stays_for_requests_that_began_on_it(engine: AsyncEngine) -> None:
    await rebuild(engine, processes=1)
    await rebuild(engine, processes=1)
    assert await _schemas(engine) == ["build_000001", "build_000002"]
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE tiendo.projection_builds SET swapped_at = now() - interval '1 hour' WHERE state = 'retired'")
        )
    async with engine.connect() as still_reading:
        await still_reading.execute(text("SELECT FROM build_000001.cases"))
        await drop_unread(engine)
        assert await _schemas(engine) == ["build_000001", "build_000002"]
    await drop_unread(engine)
    assert await _schemas(engine) == ["build_000002"]


async def test_a_build_of_other_table_definitions_is_made_anew(engine: AsyncEngine, database_url: str) -> None:
    await send(engine, many_cases(20))
    await rebuild(engine, processes=1)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE tiendo.projection_builds SET definition = 'of another version'"))
    async with running_projector(database_url):
        await until(lambda: _live_is(engine, "build_000002"))
        await until(lambda: followed_to_the_end(engine))
    assert len(await rows_of(engine, "cases", "case_id")) == 20


async def test_a_rebuild_is_level_with_the_log(engine: AsyncEngine) -> None:
    await send(engine, many_cases(10))
    build = await rebuild(engine, processes=1)
    async with engine.connect() as connection:
        assert await position_of(connection, build) == await EventLog(engine).head()


async def _live_is(engine: AsyncEngine, schema_name: str) -> bool:
    async with engine.connect() as connection:
        build = await live_build(connection)
    return build is not None and build.schema_name == schema_name


async def _schemas(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        found = await connection.scalars(
            text("SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'build%' ORDER BY 1")
        )
        return list(found)


async def _deliver_badly(engine: AsyncEngine, texts: list[str], chance: random.Random) -> None:
    """In another order, in pieces, a third of it twice."""
    again = [*texts, *chance.sample(texts, len(texts) // 3)]
    chance.shuffle(again)
    for start in range(0, len(again), 100):
        await send(engine, again[start : start + 100])
