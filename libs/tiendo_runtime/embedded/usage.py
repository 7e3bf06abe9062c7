"""Use of the embedded database by several processes at once: the first starts the server, the last stops it.

Every user holds a shared lock on `database.users`; whoever starts or stops the server holds `database.lock` meanwhile. The kernel drops
both when a process is killed, so nothing stale can be left in them.
"""

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

import structlog

from tiendo_runtime.database_urls import sqlalchemy_url, with_logins
from tiendo_runtime.embedded.binaries import reachable_binaries
from tiendo_runtime.embedded.cluster import Cluster, check_version, initialise, make_folders
from tiendo_runtime.embedded.databases import ensure_database
from tiendo_runtime.embedded.server import Progress, find_server, start_server, stop_server, wait_until_ready
from tiendo_runtime.embedded.system_accounts import server_account
from tiendo_runtime.errors import FolderInUse, ServerFailed
from tiendo_runtime.settings import Settings
from tiendo_runtime.stop_aware_waiting import to_its_end

_LOCK_SECONDS: Final = 3600.0
_LEAVE_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.05

_journal = structlog.get_logger("tiendo.database")


def say(word: str) -> None:
    """Put a word of progress into the journal."""
    _journal.info(word)


@asynccontextmanager
async def running_database(settings: Settings, progress: Progress = say) -> AsyncIterator[str]:
    """The SQLAlchemy URL of the database that the settings name; the embedded one runs at least as long as the block.

    Raises EmbeddedDatabaseFault and SettingsInvalid.
    """
    if settings.database_url is not None:
        yield with_logins(sqlalchemy_url(settings.database_url), settings.database_logins_path)
        return
    async with embedded_database(Cluster(data=settings.data), progress) as url:
        yield url


@asynccontextmanager
async def embedded_database(cluster: Cluster, progress: Progress = say) -> AsyncIterator[str]:
    """The SQLAlchemy URL of a cluster's database; the server runs at least as long as the block."""
    make_folders(cluster)
    users = _open_lock(cluster.data / "database.users")
    try:
        async with _changing(cluster):
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                await ensure_server(cluster, progress)
            except BaseException:  # also when interrupted while the server recovers: it must not be left behind
                await to_its_end(_stop_if_last(cluster, users))
                raise
        try:
            yield cluster.url()
        finally:
            await to_its_end(_leave(cluster, users))
    finally:
        os.close(users)


async def restart_server(cluster: Cluster, progress: Progress = say) -> None:
    """Start the server again after it has ended or its recovery has died; one that recovers is waited for. The caller is one of its users."""
    async with _changing(cluster):
        await ensure_server(cluster, progress)


@asynccontextmanager
async def sole_use(cluster: Cluster) -> AsyncIterator[None]:
    """Within the block nobody else uses the database. Raises FolderInUse."""
    users = _open_lock(cluster.data / "database.users")
    try:
        async with _changing(cluster):
            if not _try_lock(users, fcntl.LOCK_EX):
                raise FolderInUse(cluster.data, "tiendo up or another command")
            yield
    finally:
        os.close(users)


async def ensure_server(cluster: Cluster, progress: Progress) -> int:
    """The process id of the cluster's server, which answers: the one that runs, or a new one. The caller holds the lock."""
    if not cluster.exists:
        account = server_account(cluster.folder)
        binaries = await asyncio.to_thread(reachable_binaries, account)
        await initialise(cluster, account, binaries)
    check_version(cluster)
    pid = find_server(cluster)
    if pid is None or not await wait_until_ready(cluster, pid, progress):
        pid = await start_server(cluster, progress)
    await ensure_database(cluster)
    return pid


async def _leave(cluster: Cluster, users: int) -> None:
    """Give up the use, and stop the server if nobody else uses it.

    Not waited for are those who have been starting it for long, through its recovery: they use it too, and stop it when they end.
    """
    try:
        async with asyncio.timeout(_LEAVE_SECONDS), _changing(cluster):
            await to_its_end(_stop_if_last(cluster, users))
    except TimeoutError:
        fcntl.flock(users, fcntl.LOCK_UN)


async def _stop_if_last(cluster: Cluster, users: int) -> None:
    """Give up the use, and stop the server if nobody else uses it. The caller holds the lock."""
    if _try_lock(users, fcntl.LOCK_EX) and (pid := find_server(cluster)) is not None:
        await stop_server(cluster, pid)
    fcntl.flock(users, fcntl.LOCK_UN)


@asynccontextmanager
async def _changing(cluster: Cluster) -> AsyncIterator[None]:
    """Exclusive right to start or stop the server, waited for."""
    with _lock_file(cluster.data / "database.lock") as descriptor:
        deadline = time.monotonic() + _LOCK_SECONDS
        while not _try_lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() >= deadline:
                raise ServerFailed(
                    f"another process has been starting or stopping PostgreSQL in {cluster.data} for too long"
                )
            await asyncio.sleep(_POLL_SECONDS)
        yield


@contextmanager
def _lock_file(path: Path) -> Iterator[int]:
    descriptor = _open_lock(path)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
