"""Every command ends at SIGINT and SIGTERM, whatever it waits for, says so, and leaves no process."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.cli.interrupted import Left, begun, interrupt, succeeds
from tests.cli.stubborn_programs import PROGRAMS
from tests.conftest import QUICK
from tests.projector.logs import address_of, many_cases, send
from tests.waiting import until

from tiendo_contracts.database.advisory_locks import MIGRATION
from tiendo_runtime.database import owner_engine as owner_engine_of
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.server import find_server
from tiendo_runtime.embedded.usage import embedded_database

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
PERIOD = ["--from", "2022-01-01", "--to", "2022-08-25"]
COMMANDS = {
    "migrate": ["migrate"],
    "rebuild": ["rebuild", "--processes", "2"],
    "import": ["import", "events.ndjson"],
    "simulate": ["simulate", "--scale", "0.001", "--load"],
    "rules apply": ["rules", "apply", "rules.toml"],
    "rules show": ["rules", "show"],
    "case": ["case", "C-1"],
    "explain": ["explain", "C-1"],
    "report": ["report", *PERIOD],
    "officers": ["officers", *PERIOD],
    "delays": ["delays", *PERIOD],
    "keys create": ["keys", "create", "--name", "x", "--scope", "read", "--all-units"],
    "keys list": ["keys", "list"],
    "log show": ["log", "show"],
    "log renew-id": ["log", "renew-id", "--yes"],
    "doctor": ["doctor"],
    "up": ["up", "--port", "0"],
    "serve web": ["serve", "web", "--port", "0"],
    "serve projector": ["serve", "projector"],
}
IN_ORDER = {"up", "serve web", "serve projector"}
"""Commands that run until they are interrupted: to be interrupted is no failure of theirs."""


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_command_that_waits_for_a_lock_of_the_database_ends_at_an_interrupt(
    command: str, owner_engine: AsyncEngine, tmp_path: Path
) -> None:
    (tmp_path / "events.ndjson").write_text("\n".join(many_cases(2)))
    (tmp_path / "rules.toml").write_text('[[unit]]\nid = "H34"\nname = "Tỉnh"\n')
    number = SIGNALS[list(COMMANDS).index(command) % len(SIGNALS)]
    locked = migrations_locked if command == "migrate" else everything_locked
    address = address_of(owner_engine)
    async with (
        locked(owner_engine),
        begun(*COMMANDS[command], folder=tmp_path, TIENDO_DATABASE_URL=address) as process,
    ):
        await until(lambda: somebody_waits(owner_engine), seconds=60, what=f"{command} waits")
        assert_in_order(await interrupt(process, number), command)
        await until(lambda: nobody_waits(owner_engine), what="the server has let go of its statements")


@pytest.mark.parametrize("command", ["case", "rebuild", "doctor", "migrate", "up", "serve web"])
async def test_a_command_that_waits_for_a_server_that_never_answers_ends_at_an_interrupt(
    command: str, tmp_path: Path
) -> None:
    async with silent_server() as (port, asked):
        address = f"postgresql://tiendo@127.0.0.1:{port}/tiendo"
        async with begun(*COMMANDS[command], folder=tmp_path, TIENDO_DATABASE_URL=address) as process:
            await asyncio.wait_for(asked.wait(), 60)
            assert_in_order(await interrupt(process, signal.SIGTERM), command)


@pytest.mark.parametrize("command", ["plan", "apply", "show"])
async def test_a_command_that_waits_for_a_broker_that_never_answers_ends_at_an_interrupt(
    command: str, tmp_path: Path
) -> None:
    async with silent_server() as (port, asked):
        broker = f"127.0.0.1:{port}"
        async with begun("topics", command, folder=tmp_path, TIENDO_KAFKA_BOOTSTRAP_SERVERS=broker) as process:
            await asyncio.wait_for(asked.wait(), 60)
            assert_in_order(await interrupt(process, signal.SIGINT), command)


async def test_a_command_ends_at_an_interrupt_though_its_postgresql_is_halted(tmp_path: Path) -> None:
    cluster = Cluster(data=tmp_path / "data", settings=QUICK)
    async with embedded_database(cluster) as url:
        assert await succeeds("migrate", folder=tmp_path)
        engine = owner_engine_of(url)
        await send(engine, many_cases(3))
        server = find_server(cluster)
        assert server is not None
        async with pointer_locked(engine), begun("rebuild", folder=tmp_path) as process:
            await until(lambda: somebody_waits(engine), seconds=60)
            with halted([server, *await backends_that_wait(engine)]):
                assert_in_order(await interrupt(process, signal.SIGINT), "rebuild")
        await engine.dispose()


async def test_an_interrupt_while_the_database_folder_is_made_leaves_no_process_and_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "postgresql.unfinished"
    async with begun("migrate", folder=tmp_path) as process:
        await until((folder / "PG_VERSION").exists, seconds=60, what="initdb is at work")
        assert_in_order(await interrupt(process, signal.SIGTERM), "migrate")
    assert await succeeds("migrate", folder=tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_an_interrupted_simulation_leaves_no_half_of_a_file(number: signal.Signals, tmp_path: Path) -> None:
    async with begun("simulate", "--out", "events.ndjson", folder=tmp_path) as process:
        await until(lambda: files_in(tmp_path) != [], seconds=60)
        assert_in_order(await interrupt(process, number), "simulate")
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(("program", "number"), zip(PROGRAMS, cycle(SIGNALS), strict=False))
async def test_a_command_that_does_not_listen_ends_all_the_same(program: str, number: signal.Signals) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.cli.stubborn_programs", program, stdout=PIPE, stderr=PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    left = await interrupt(process, number)
    assert_in_order(left, program)
    assert ("closed" in left.complaints) is (program == "never_comes_back_to_the_loop")


ATTEMPTS = 10


async def test_an_interrupt_while_the_program_is_loaded_ends_it_without_a_word(tmp_path: Path) -> None:
    for attempt in range(ATTEMPTS):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        async with started("migrate", folder=folder) as process:
            await until(lambda: process.returncode is not None or has_loaded(process.pid, "pydantic_core"), seconds=60)
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
            _, complaints = await process.communicate()
        assert "Traceback" not in complaints.decode()
        if process.returncode != 0:  # on a busy machine it may be done before anybody sees what it has loaded
            break
    assert process.returncode in {-signal.SIGINT, 1}


@asynccontextmanager
async def started(*arguments: str, folder: Path) -> AsyncIterator[Process]:
    """A `tiendo` that still has everything to load; killed if it has not ended within the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tiendo_cli", *arguments,
        env={**os.environ, "TIENDO_DATA": str(folder / "data")},
        cwd=folder, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def assert_in_order(left: Left, command: str) -> None:
    """That it has ended as the contract says: 0 where it runs until it is interrupted, else 1 with a word."""
    assert left.processes == []
    assert "Traceback" not in left.complaints, left.complaints
    assert "most recent call first" not in left.complaints, left.complaints
    if command in IN_ORDER:
        assert left.status == 0, left.complaints
    else:
        assert (left.status, "interrupted" in left.complaints) == (1, True), left.complaints


@asynccontextmanager
async def everything_locked(owner_engine: AsyncEngine) -> AsyncIterator[None]:
    """A time in which no table of tiendo's can be read or written, but for the one that says which version made them."""
    named = "SELECT tablename FROM pg_tables WHERE schemaname = 'tiendo' AND tablename <> 'alembic_version'"
    async with owner_engine.begin() as connection:
        tables = [f"tiendo.{name}" for name in await connection.scalars(text(named))]
        await connection.execute(text(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE"))
        yield


@asynccontextmanager
async def migrations_locked(owner_engine: AsyncEngine) -> AsyncIterator[None]:
    """A time in which another `tiendo migrate` is at work."""
    async with owner_engine.begin() as connection:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION.key})"))
        yield


@asynccontextmanager
async def pointer_locked(engine: AsyncEngine) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.execute(text("SELECT build_id FROM tiendo.projection_pointer FOR UPDATE"))
        yield


@asynccontextmanager
async def silent_server() -> AsyncIterator[tuple[int, asyncio.Event]]:
    """The port of a server that takes connections and never says a word, and whether somebody has come."""
    asked, over = asyncio.Event(), asyncio.Event()

    async def keep(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await over.wait()
        writer.close()

    server = await asyncio.start_server(keep, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], asked
    finally:
        over.set()
        server.close()
        await server.wait_closed()


def has_loaded(pid: int, library: str) -> bool:
    return library in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def somebody_waits(engine: AsyncEngine) -> bool:
    return bool(await backends_that_wait(engine))


async def backends_that_wait(engine: AsyncEngine) -> list[int]:
    """The server processes of this database that wait for a lock."""
    asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with engine.connect() as connection:
        return list(await connection.scalars(text(asked)))


async def nobody_waits(engine: AsyncEngine) -> bool:
    return not await backends_that_wait(engine)


@contextmanager
def halted(processes: list[int]) -> Iterator[None]:
    """A time in which these processes do nothing."""
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in processes:
            os.kill(pid, signal.SIGCONT)
