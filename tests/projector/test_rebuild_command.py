"""`tiendo rebuild`, whether or not a projector runs."""

import asyncio
import json
import os
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.preloaded.commands import tiendo_beside
from tests.projector.logs import address_of, followed_to_the_end, many_cases, read_models, rows_of, send
from tests.projector.test_faults import put_raw
from tests.waiting import until

from tiendo_projector.build_cleanup import only_rebuild
from tiendo_runtime.worker_processes import WorkerProcess

ROUNDS = int(os.environ.get("ROUNDS", "3"))


async def test_it_makes_the_read_models_where_no_projector_runs(engine: AsyncEngine) -> None:
    await send(engine, many_cases(30))
    told = await _told(engine)
    assert told["cases"] == 30
    assert told["faults"] == 0
    assert len(await rows_of(engine, "cases", "case_id")) == 30


async def test_it_makes_them_anew_beside_a_projector(engine: AsyncEngine, projector: asyncio.Task[None]) -> None:
    await send(engine, many_cases(30))
    await until(lambda: followed_to_the_end(engine))
    before = await read_models(engine)
    told = await _told(engine)
    assert told["build"] == "build_000002"
    assert await read_models(engine) == before
    assert not projector.done()


async def test_it_names_the_cases_that_cannot_be_folded(engine: AsyncEngine) -> None:
    await put_raw(engine, "BAD", "no event")
    process = await _start(engine)
    _, complaints = await process.communicate()
    assert process.returncode == 0
    assert b"case BAD cannot be folded: the event poison-BAD of /test/one-stop cannot be read" in complaints


async def test_a_second_one_at_a_time_is_refused(engine: AsyncEngine) -> None:
    async with only_rebuild(engine):
        process = await _start(engine)
        _, complaints = await process.communicate()
    assert process.returncode == 1
    assert b"another rebuild is running" in complaints


async def test_an_interrupt_ends_it_with_its_processes_and_leaves_nothing(engine: AsyncEngine) -> None:
    await send(engine, many_cases(4_000))
    async with engine.begin() as connection:
        # Nothing can go live meanwhile, so however fast it is, it is interrupted before it is done.
        await connection.execute(text("SELECT build_id FROM tiendo.projection_pointer FOR UPDATE"))
        process = await _start(engine, "--processes", "2")
        await until(lambda: _fills(engine), seconds=60)
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(60):
            _, complaints = await process.communicate()
    assert process.returncode == 1
    assert b"interrupted" in complaints
    assert b"Traceback" not in complaints
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM tiendo.projection_builds")) == 0


async def test_an_interrupt_while_its_processes_end_is_not_lost() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import signal; signal.pause()", stdin=PIPE)
    fill = WorkerProcess(process)
    ending = asyncio.ensure_future(fill.end())
    await asyncio.sleep(0)
    ending.cancel()
    await asyncio.wait({ending})
    assert ending.cancelled()
    await fill.kill()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.torture
@pytest.mark.parametrize("number", range(ROUNDS))
async def test_an_interrupt_at_any_moment_ends_it_and_leaves_nothing(number: int, engine: AsyncEngine) -> None:
    await send(engine, many_cases(4_000))
    chance = random.Random(number)
    async with engine.begin() as connection:
        await connection.execute(text("SELECT build_id FROM tiendo.projection_pointer FOR UPDATE"))
        process = await _start(engine, "--processes", "2")
        await until(lambda: _has_begun(engine), seconds=60)
        await asyncio.sleep(chance.uniform(0, 4))  # any moment, up to that at which it waits for the pointer
        process.send_signal(chance.choice([signal.SIGINT, signal.SIGTERM]))
        async with asyncio.timeout(60):
            _, complaints = await process.communicate()
    assert (process.returncode, b"interrupted" in complaints) == (1, True), complaints
    assert b"Traceback" not in complaints
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM tiendo.projection_builds")) == 0
        schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'build%'"
        assert await connection.scalar(text(schemas)) == 0


async def _has_begun(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        return bool(await connection.scalar(text("SELECT EXISTS (SELECT FROM tiendo.projection_builds)")))


async def _start(engine: AsyncEngine, *arguments: str) -> Process:
    environment = {**os.environ, "TIENDO_DATABASE_URL": address_of(engine)}
    program = [sys.executable, "-m", "tiendo_cli", "rebuild", "--format", "json", *arguments]
    return await asyncio.create_subprocess_exec(*program, env=environment, stdout=PIPE, stderr=PIPE)


async def _told(engine: AsyncEngine) -> dict[str, object]:
    environment = {**os.environ, "TIENDO_DATABASE_URL": address_of(engine)}
    done = await tiendo_beside("rebuild", "--format", "json", environment=environment)
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told


async def _fills(engine: AsyncEngine) -> bool:
    """Whether cases are being written into a build."""
    async with engine.connect() as connection:
        if await connection.scalar(text("SELECT to_regclass('build_000001.cases')")) is None:
            return False
        return bool(await connection.scalar(text("SELECT EXISTS (SELECT FROM build_000001.cases)")))
