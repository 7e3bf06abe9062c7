"""The supervisor never runs on without a part."""

import asyncio
import json
import os
import signal
from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.cli.running_up import all_gone
from tests.conftest import QUICK
from tests.keys import SECRET, register_on
from tests.system.fire.faults import Whose, faults
from tests.waiting import until

from tiendo_cli.supervision import folder
from tiendo_cli.supervision import supervisor as supervision
from tiendo_cli.supervision.children import ChildProgram
from tiendo_cli.supervision.demo_keys import demo_keys
from tiendo_cli.supervision.folder import end_leftovers, note_children, sole_supervisor
from tiendo_cli.supervision.supervisor import PartKeepsEnding, Supervisor
from tiendo_runtime.authentication import KeyStore, Scope
from tiendo_runtime.database import owner_engine
from tiendo_runtime.embedded import Cluster, recovery, system_accounts
from tiendo_runtime.embedded.server import find_server, refusal
from tiendo_runtime.embedded.usage import embedded_database
from tiendo_runtime.errors import FolderInUse

ENDS_AT_ONCE = ChildProgram(name="short", arguments=("--version",))
SERVES = ChildProgram(name="long", arguments=("serve", "projector"))


def environment_with(url: str, data: Path) -> dict[str, str]:
    return {"TIENDO_DATABASE_URL": url, "TIENDO_DATA": str(data)}


async def test_a_part_that_ends_again_and_again_ends_everything(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "PAUSES_SECONDS", (0.0, 0.0))
    long = ChildProgram(name="long", arguments=SERVES.arguments, environment=environment_with(database_url, tmp_path))
    supervisor = Supervisor(tmp_path, [ENDS_AT_ONCE, long], cluster=None)
    running = asyncio.ensure_future(supervisor.run(asyncio.Event()))
    await until(lambda: "long" in supervisor.pids)
    processes = [psutil.Process(supervisor.pids["long"])]
    with pytest.raises(PartKeepsEnding, match="short"):
        await asyncio.wait_for(running, 60)
    await all_gone(processes, seconds=10)


async def test_a_relay_that_ends_again_and_again_ends_nothing_else(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "PAUSES_SECONDS", (0.0, 0.0))
    environment = environment_with(database_url, tmp_path)
    long = ChildProgram(name="long", arguments=SERVES.arguments, environment=environment)
    stop, seen = asyncio.Event(), set[int]()

    def starts() -> int:
        seen.update(pid for name, pid in supervisor.pids.items() if name == "short")
        return len(seen)

    supervisor = Supervisor(tmp_path, [replace(ENDS_AT_ONCE, indispensable=False), long], cluster=None)
    running = asyncio.ensure_future(supervisor.run(stop))
    await until(lambda: starts() >= 3 and "long" in supervisor.pids, seconds=60)
    assert psutil.pid_exists(supervisor.pids["long"])
    stop.set()
    await asyncio.wait_for(running, 60)


async def test_a_part_that_is_killed_again_and_again_is_started_again(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "PAUSES_SECONDS", (0.0, 0.0))
    long = ChildProgram(name="long", arguments=SERVES.arguments, environment=environment_with(database_url, tmp_path))
    stop, killed = asyncio.Event(), set[int]()
    supervisor = Supervisor(tmp_path, [long], cluster=None)
    running = asyncio.ensure_future(supervisor.run(stop))
    for _ in range(3):
        await until(lambda: "long" in supervisor.pids and supervisor.pids["long"] not in killed)
        killed.add(supervisor.pids["long"])
        os.kill(supervisor.pids["long"], signal.SIGKILL)
    await until(lambda: supervisor.pids["long"] not in killed)
    stop.set()
    await asyncio.wait_for(running, 60)


async def test_a_part_that_hangs_is_ended_and_started_again(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "LOOK_SECONDS", 0.5)
    monkeypatch.setattr(supervision, "SILENT_TIMES_MAX", 100)
    long = ChildProgram(name="long", arguments=SERVES.arguments, environment=environment_with(database_url, tmp_path))
    stop = asyncio.Event()
    supervisor = Supervisor(tmp_path, [long], cluster=None)
    running = asyncio.ensure_future(supervisor.run(stop))
    await until(lambda: beats(supervisor, "long"), seconds=60, what="it gives signs of life")
    hanging = supervisor.pids["long"]
    os.kill(hanging, signal.SIGSTOP)
    monkeypatch.setattr(supervision, "SILENT_TIMES_MAX", 3)
    await until(lambda: supervisor.pids["long"] != hanging, seconds=60, what="it is started again")
    monkeypatch.setattr(supervision, "SILENT_TIMES_MAX", 1000)
    assert not psutil.pid_exists(hanging)
    stop.set()
    await asyncio.wait_for(running, 60)


def beats(supervisor: Supervisor, name: str) -> bool:
    """Whether the last look at a child found signs of life."""
    child = supervisor._children.get(name)
    return child is not None and child.heartbeats.looks > 0 and child.heartbeats.silent_times == 0


async def test_what_a_killed_supervisor_left_and_does_not_end_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_LEFTOVER_SECONDS", 0.1)
    left = await asyncio.create_subprocess_exec("sleep", "1000")
    note_children(tmp_path, [left.pid])
    assert await end_leftovers(tmp_path) == 1
    assert await asyncio.wait_for(left.wait(), 60) == -signal.SIGKILL


async def test_another_process_with_a_noted_number_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "up.children").write_text(f"[[{os.getpid()}, 1.0]]")
    assert await end_leftovers(tmp_path) == 0


@pytest.mark.parametrize("noted", ["", "[", "{}", '[["a", 1]]', "[1]"])
async def test_a_spoilt_note_of_leftovers_is_no_obstacle(tmp_path: Path, noted: str) -> None:
    (tmp_path / "up.children").write_text(noted)
    assert await end_leftovers(tmp_path) == 0


def test_a_folder_has_one_supervisor_at_a_time(tmp_path: Path) -> None:
    with (
        sole_supervisor(tmp_path),
        pytest.raises(FolderInUse, match=f"process {os.getpid()}"),
        sole_supervisor(tmp_path),
    ):
        pass
    with sole_supervisor(tmp_path):
        pass


async def test_a_revoked_demo_key_is_replaced_and_the_others_stay(tmp_path: Path, engine: AsyncEngine) -> None:
    register = register_on(engine)
    first = await demo_keys(tmp_path, register)
    entries = await KeyStore(engine, SECRET).list()
    (read,) = [entry.key.key_id for entry in entries if entry.key.name == "tiendo up: read"]
    await register.revoke(read)
    second = await demo_keys(tmp_path, register)
    assert second.read != first.read
    assert (second.ingest, second.publish) == (first.ingest, first.publish)


async def test_the_key_that_earlier_versions_printed_in_an_address_is_revoked(
    tmp_path: Path, engine: AsyncEngine
) -> None:
    register = register_on(engine)
    _, secret = await register.create("tiendo up: sign-in", {Scope.READ})
    (tmp_path / "keys.json").write_text(json.dumps({"sign_in": secret}))
    await demo_keys(tmp_path, register)
    assert await KeyStore(engine, SECRET).authenticate(secret) is None
    assert secret not in (tmp_path / "keys.json").read_text()


@pytest.mark.parametrize("spoilt", ["", "[]", "{", '{"read": 1}'])
async def test_a_spoilt_file_of_keys_is_made_anew(tmp_path: Path, engine: AsyncEngine, spoilt: str) -> None:
    (tmp_path / "keys.json").write_text(spoilt)
    keys = await demo_keys(tmp_path, register_on(engine))
    assert await demo_keys(tmp_path, register_on(engine)) == keys


async def test_a_server_whose_recovery_has_died_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails once more while PostgreSQL recovers: the server lives, refuses everybody, and would for ever."""
    monkeypatch.setattr(supervision, "LOOK_SECONDS", 0.5)
    monkeypatch.setattr(recovery, "DEAD_SECONDS", 0.5)
    with faults() as disk:
        if disk is None:
            pytest.skip("no C compiler (cc)")
        monkeypatch.setattr(system_accounts, "_environment", lambda: {"LC_ALL": "C", **disk.environment})
        cluster = Cluster(data=tmp_path / "data", settings=QUICK | {"fsync": "on"})
        async with embedded_database(cluster) as url:
            stuck = find_server(cluster)
            disk.fail_fsync(Whose.POSTGRESQL)
            engine = owner_engine(url)
            with pytest.raises(DBAPIError):
                async with engine.begin() as connection:
                    await connection.execute(text("CREATE TABLE lost (number integer)"))
            await engine.dispose()
            await until(lambda: "PANIC:  could not fsync file" in cluster.journal.read_text(), what="it dies again")
            disk.mend()
            assert "in recovery mode" in str(await refusal(cluster))
            stop = asyncio.Event()
            running = asyncio.ensure_future(Supervisor(tmp_path, [], cluster).run(stop))
            await until(partial(_answers, cluster), seconds=60, what="it answers again")
            stop.set()
            await running
            assert find_server(cluster) != stuck


async def _answers(cluster: Cluster) -> bool:
    return await refusal(cluster) is None
