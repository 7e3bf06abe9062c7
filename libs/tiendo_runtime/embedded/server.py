"""The server's processes: started, waited for through recovery, found again, stopped in order."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Final

import asyncpg
import psutil

from tiendo_event_store.faults import DATABASE_FAULTS
from tiendo_runtime.embedded.binaries import Binaries, reachable_binaries
from tiendo_runtime.embedded.cluster import OWNER, Cluster, configure, last_lines, open_journal, server_command
from tiendo_runtime.embedded.recovery import Recovery
from tiendo_runtime.embedded.system_accounts import Account, server_account
from tiendo_runtime.errors import ServerFailed
from tiendo_runtime.stop_aware_waiting import to_its_end

Progress = Callable[[str], None]

START_SECONDS: Final = 3600.0
"""How long recovery may take: hours of WAL are worth waiting for; a server that has ended is noticed at once."""

_STOP_SECONDS: Final = 12.0
_KILL_SECONDS: Final = 2.0
_POLL_SECONDS: Final = 0.05
_POLL_SECONDS_MAX: Final = 1.0
_ATTEMPTS: Final = 40
_ATTEMPT_PAUSE_SECONDS: Final = 0.5
_WORD_SECONDS: Final = 3.0

_LOCK_FILES: Final = ("postmaster.pid", ".s.PGSQL.5432.lock")

_children: dict[int, "subprocess.Popen[bytes]"] = {}
"""Servers that this process started; kept so that they are reaped when they end."""


def find_server(cluster: Cluster) -> int | None:
    """The process id of the server that runs on the folder; None where none does, whatever lock files say."""
    pid = _pid_of_lock_file(cluster)
    return pid if pid is not None and _belongs(pid, cluster) else None


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not reaped yet does not."""
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        del _children[pid]
        return False
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


async def start_server(cluster: Cluster, progress: Progress) -> int:
    """The process id of a server that has just been started and answers. Raises ServerFailed."""
    account = server_account(cluster.folder)
    binaries = await asyncio.to_thread(reachable_binaries, account)
    return await start_with(cluster, account, binaries, progress)


async def start_with(cluster: Cluster, account: Account, binaries: Binaries, progress: Progress) -> int:
    """The same with a given account and programs, as an upgrade needs it."""
    configure(cluster, account)
    for _ in range(_ATTEMPTS):
        _clear_leftovers(cluster)
        with open_journal(cluster) as output:
            command = server_command(cluster, account, binaries)
            child = account.start(command, cwd=cluster.folder, output=output)
        _children[child.pid] = child
        try:
            ready = await wait_until_ready(cluster, child.pid, progress)
        except BaseException:  # also when interrupted: by its lock file it could not be found yet
            await to_its_end(stop_server(cluster, child.pid))
            raise
        if ready:
            return child.pid
        # Processes of a killed server hold its shared memory until they notice; so this one may have to be tried again.
        if "shared memory" not in last_lines(cluster.journal, limit=5):
            break
        await asyncio.sleep(_ATTEMPT_PAUSE_SECONDS)
    raise ServerFailed(f"PostgreSQL ended while starting: {last_lines(cluster.journal)}; see {cluster.journal}")


async def wait_until_ready(cluster: Cluster, pid: int, progress: Progress) -> bool:
    """True once the server answers; False once it has ended, or was stopped because its recovery had died. Says what it waits for.

    Raises ServerFailed after START_SECONDS.
    """
    deadline = time.monotonic() + START_SECONDS
    recovery = Recovery(pid)
    word_at = time.monotonic() + _WORD_SECONDS
    pause = _POLL_SECONDS
    while time.monotonic() < deadline:
        reason = await refusal(cluster)
        if reason is None:
            return True
        if not is_alive(pid):
            return False
        if recovery.has_died(reason):
            progress("PostgreSQL's recovery has died, and nothing goes on: it is stopped")
            await stop_server(cluster, pid, in_order=False)
            return False
        if time.monotonic() >= word_at:
            progress(f"waiting for PostgreSQL: {reason}; {last_lines(cluster.journal, limit=1)}")
            word_at = time.monotonic() + _WORD_SECONDS
        await asyncio.sleep(pause)
        pause = min(pause * 1.2, _POLL_SECONDS_MAX)  # every try leaves two lines in the server's journal
    raise ServerFailed(f"PostgreSQL did not answer within {START_SECONDS:.0f} s: {last_lines(cluster.journal)}")


async def refusal(cluster: Cluster) -> str | None:
    """Why the server cannot be used yet; None once it can."""
    try:
        connection = await asyncpg.connect(
            host=str(cluster.socket_folder()), port=5432, user=OWNER, database="postgres", timeout=5
        )
    except DATABASE_FAULTS as error:
        return str(error) or type(error).__name__
    await connection.close()
    return None


async def stop_server(cluster: Cluster, pid: int, *, in_order: bool = True) -> None:
    """Stop the server in order: connections are ended, a checkpoint is written; what does not end in time is killed.

    Not in order it ends as in a crash, without a checkpoint. One that was halted (SIGSTOP) is set going for it.
    """
    steps = ((signal.SIGINT, _STOP_SECONDS), (signal.SIGQUIT, _KILL_SECONDS), (signal.SIGKILL, _KILL_SECONDS))
    for number, seconds in steps[0 if in_order else 1 :]:
        _send(pid, number)
        _send(pid, signal.SIGCONT)
        if await _ended(pid, seconds):
            break
    _clear_leftovers(cluster)


async def _ended(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not is_alive(pid):
            return True
        await asyncio.sleep(_POLL_SECONDS)
    return False


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _pid_of_lock_file(cluster: Cluster) -> int | None:
    try:
        first = (cluster.folder / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]
    except FileNotFoundError:
        return None
    return int(first) if first.strip().isdecimal() else None


def _belongs(pid: int, cluster: Cluster) -> bool:
    """Whether a process is one of this cluster's server: its command line or title carries the marker."""
    try:
        process = psutil.Process(pid)
        if process.name() != "postgres" or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return any(cluster.marker in part for part in process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _clear_leftovers(cluster: Cluster) -> None:
    """End what a killed server left: backends without a postmaster, and lock files that PostgreSQL would take for a running server's.

    Those are files whose number is another process's by now, or that of a dead server which nobody has reaped yet. Lock files whose process is
    gone are left to PostgreSQL, which looks for the dead server's shared memory by them.
    """
    if find_server(cluster) is not None:
        return
    _end_orphans(cluster)
    named = _pid_of_lock_file(cluster)
    if named is not None and (is_alive(named) or psutil.pid_exists(named)):
        for name in _LOCK_FILES:
            (cluster.folder / name).unlink(missing_ok=True)


def _end_orphans(cluster: Cluster) -> None:
    """Kill the backends that outlived their postmaster, and wait until they have let go of its shared memory."""
    deadline = time.monotonic() + _KILL_SECONDS
    while orphans := [pid for pid in psutil.pids() if _belongs(pid, cluster)]:
        for pid in orphans:
            _send(pid, signal.SIGKILL)
        if time.monotonic() >= deadline:
            break
        time.sleep(_POLL_SECONDS)
