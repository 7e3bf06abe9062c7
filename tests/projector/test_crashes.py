"""Whatever dies, and whenever: every event takes effect once, and no reader sees a case without what its position promises."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.preloaded.commands import Begun, begun_module
from tests.projector.conftest import running_projector
from tests.projector.logs import address_of, followed_to_the_end, many_cases, read_models, received_text, rows_of, send
from tests.projector.watching import watched
from tests.waiting import until

from tiendo_event_store import EventLog
from tiendo_projector import rebuild
from tiendo_projector.projection import Projection
from tiendo_read_models.builds import checkpoints, ensure_live_build, reached_position
from tiendo_read_models.errors import CheckpointMoved

ROUNDS = int(os.environ.get("ROUNDS", "3"))


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_killed_projectors_lose_and_double_nothing(
    engine: AsyncEngine, owner_engine: AsyncEngine, seed: int
) -> None:
    chance = random.Random(seed)
    async with _projectors(engine) as projectors, watched(engine):
        texts = many_cases(200, seed=seed)
        while texts:
            size = chance.randrange(1, 120)
            await send(engine, texts[:size])
            texts = texts[size:]
            await _trouble(engine, owner_engine, projectors, chance)
        await until(lambda: followed_to_the_end(engine), seconds=60)
        followed = await read_models(engine)
        for projector in projectors:
            projector.send_signal(signal.SIGTERM)
            # One that has just been started may not have come to listen to signals.
            assert await asyncio.wait_for(projector.wait(), 60) in {0, -signal.SIGTERM}
    await rebuild(engine, processes=1)
    assert await read_models(engine) == followed
    assert await rows_of(engine, "faults", "case_id") == []


async def test_a_batch_that_was_cut_off_leaves_nothing_behind(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine.begin() as connection:
        build = await ensure_live_build(connection)
    await send(engine, many_cases(30))
    projection = await Projection.open(engine, build, range(16), live=True)
    with monkeypatch.context() as patch:
        patch.setattr("tiendo_projector.projection.advance", _cut_off)
        with pytest.raises(ConnectionResetError):
            await projection.step()
    assert await rows_of(engine, "cases", "case_id") == []
    assert await reached_position(engine) == 0
    assert await projection.step() == await EventLog(engine).head()
    assert len(await rows_of(engine, "cases", "case_id")) == 30


async def test_a_projector_comes_back_when_its_connections_were_cut(
    engine: AsyncEngine, owner_engine: AsyncEngine
) -> None:
    async with running_projector(address_of(engine)) as projector:
        await until(lambda: followed_to_the_end(engine))
        for number in range(5):
            await _cut(owner_engine, "true")
            await engine.dispose()
            await send(engine, [received_text(f"HS-{number}")])
            await until(lambda: followed_to_the_end(engine))
        assert not projector.done()
    assert len(await rows_of(engine, "cases", "case_id")) == 5


async def test_what_an_overtaken_projector_computed_is_abandoned(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        build = await ensure_live_build(connection)
    slow = await Projection.open(engine, build, range(16), live=True)
    quick = await Projection.open(engine, build, range(16), live=True)
    await send(engine, many_cases(10))
    await quick.step()
    with pytest.raises(CheckpointMoved):
        await slow.step()
    async with engine.connect() as connection:
        places = await checkpoints(connection, build)
    assert set(places.values()) == {await EventLog(engine).head()}


async def _cut_off(*_: object) -> None:
    raise ConnectionResetError


async def _start(engine: AsyncEngine) -> Begun:
    return await begun_module("tests.projector.projector_program", [address_of(engine)])


@asynccontextmanager
async def _projectors(engine: AsyncEngine) -> AsyncIterator[list[Begun]]:
    """Two projectors as processes; the list is to hold those that run."""
    running = [await _start(engine) for _ in range(2)]
    try:
        yield running
    finally:
        for process in running:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _trouble(engine: AsyncEngine, owner: AsyncEngine, projectors: list[Begun], chance: random.Random) -> None:
    """Sometimes a kill -9, sometimes a cut connection, mostly nothing; at whatever moment this is."""
    what = chance.random()
    if what < 0.15:
        place = chance.randrange(len(projectors))
        projectors[place].kill()
        await projectors[place].wait()
        projectors[place] = await _start(engine)
    elif what < 0.4:
        await _cut(owner, "query LIKE '%projection_checkpoints%' OR query LIKE '%build_0%'")
    else:
        head = await EventLog(engine).head()
        await until(lambda: _near(engine, chance.randrange(head + 1)), seconds=60)


async def _near(engine: AsyncEngine, position: int) -> bool:
    return await reached_position(engine) >= position


async def _cut(owner: AsyncEngine, which: str) -> None:
    """End the connections that are doing something of the kind."""
    statement = text(f"""
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL AND ({which})
    """)
    async with owner.connect() as connection:
        await connection.execute(statement)
