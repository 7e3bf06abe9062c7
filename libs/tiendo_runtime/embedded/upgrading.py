"""A data folder of an older major version of PostgreSQL, brought to the present one; the old folder is kept."""

import asyncio
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tiendo_runtime.embedded.binaries import MAJOR, Binaries, reachable_binaries
from tiendo_runtime.embedded.cluster import OWNER, Cluster, check_version, initialise, version_of
from tiendo_runtime.embedded.server import Progress, find_server, start_with, stop_server
from tiendo_runtime.embedded.system_accounts import Account, server_account
from tiendo_runtime.embedded.usage import sole_use
from tiendo_runtime.errors import ClusterUnusable
from tiendo_runtime.stop_aware_waiting import to_its_end


async def upgrade_cluster(cluster: Cluster, progress: Progress) -> Path | None:
    """Where the old database folder was put; None when there was nothing to upgrade.

    Everything is copied by dump and restore into a new folder, which takes the old one's place once it is complete.
    Raises ClusterNewer, FolderInUse, and ClusterUnusable when a step fails: then nothing was changed.
    """
    if not cluster.exists or version_of(cluster.folder) >= MAJOR:
        if cluster.exists:
            check_version(cluster)
        return None
    async with sole_use(cluster):
        old = version_of(cluster.folder)
        progress(f"upgrading the database folder from PostgreSQL {old} to {MAJOR} ...")
        fresh = Cluster(data=cluster.data / f"upgrade-to-{MAJOR}", settings=cluster.settings)
        shutil.rmtree(fresh.data, ignore_errors=True)
        fresh.data.mkdir(mode=0o700)
        await _copy(cluster, fresh, old, progress)
        kept = _unused(cluster.data / f"postgresql.{old}")
        cluster.folder.rename(kept)
        fresh.folder.rename(cluster.folder)
        shutil.rmtree(fresh.data, ignore_errors=True)
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One of the two clusters of an upgrade."""

    cluster: Cluster
    account: Account
    binaries: Binaries


async def _copy(old: Cluster, fresh: Cluster, major: int, progress: Progress) -> None:
    account = server_account(old.folder)
    source = _Side(cluster=old, account=account, binaries=await asyncio.to_thread(reachable_binaries, account, major))
    target = _Side(cluster=fresh, account=account, binaries=await asyncio.to_thread(reachable_binaries, account))
    await initialise(fresh, account, target.binaries)
    await _start(source, progress)
    try:
        await _start(target, progress)
        try:
            await asyncio.to_thread(_dump_and_restore, source, target)
        finally:
            await to_its_end(_stop(target))
    finally:
        await to_its_end(_stop(source))


async def _start(side: _Side, progress: Progress) -> None:
    if find_server(side.cluster) is None:
        await start_with(side.cluster, side.account, side.binaries, progress)


async def _stop(side: _Side) -> None:
    pid = find_server(side.cluster)
    if pid is not None:
        await stop_server(side.cluster, pid)


def _dump_and_restore(source: _Side, target: _Side) -> None:
    """Roles and all databases, piped from the old server into the new one; the first error ends it."""
    dump = [target.binaries.program("pg_dumpall"), "--host", str(source.cluster.socket_folder()), "--username", OWNER]
    restore = [target.binaries.program("psql"), "--host", str(target.cluster.socket_folder()), "--username", OWNER]
    # The owner's role exists in a new folder already; pg_dumpall creates it all the same, so this one error is let pass.
    restore += ["--dbname", "postgres", "--quiet", "--no-psqlrc", "--output", "/dev/null"]
    journal = target.cluster.data / "restore.log"
    with journal.open("wb") as errors:
        reading = subprocess.Popen(dump, stdout=subprocess.PIPE, stderr=errors)  # noqa: S603 - our own binaries
        writing = subprocess.Popen(restore, stdin=reading.stdout, stderr=errors)  # noqa: S603
        assert reading.stdout is not None  # noqa: S101 - it was asked for
        reading.stdout.close()
        statuses = (writing.wait(), reading.wait())
    complaints = [line for line in journal.read_text(errors="replace").splitlines() if _matters(line)]
    if any(statuses) or complaints:
        raise ClusterUnusable(f"the upgrade failed and changed nothing: {' | '.join(complaints[:3]) or statuses}")


def _matters(line: str) -> bool:
    return bool(line.strip()) and f'role "{OWNER}" already exists' not in line


def _unused(path: Path) -> Path:
    number = 1
    candidate = path
    while candidate.exists():
        candidate = path.with_name(f"{path.name}-{number}")
        number += 1
    return candidate
