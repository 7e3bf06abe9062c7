"""The database folder of the embedded server: where its files are, how it is made and configured."""

import asyncio
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BufferedWriter
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_runtime.embedded.binaries import MAJOR, Binaries
from tiendo_runtime.embedded.system_accounts import Account, current_user
from tiendo_runtime.errors import ClusterNewer, ClusterOlder, ClusterUnusable

OWNER: Final = "tiendo"
"""The administrator's role, by which the server is made and migrations are run, and the database's name."""

_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_PATH_MAX = 100
_UNFINISHED = "postgresql.unfinished"
_JOURNAL_SIZE_MAX = 10_000_000
_INITIALISE_SECONDS = 300.0
_POLL_SECONDS = 0.05
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
_HBA = "# written anew at every start\nlocal all all peer map=tiendo\n"
_BASE_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_directories": ".",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_startup_progress_interval": "2s",
    "log_checkpoints": "off",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "jit": "off",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One database folder below a data folder. `settings` go to the server beside those that every cluster has."""

    data: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """PostgreSQL's own folder; the server's account owns it and nobody else may enter."""
        return self.data / "postgresql"

    @property
    def journal(self) -> Path:
        """What the server writes to its standard error."""
        return self.data / "postgresql.log"

    @property
    def marker(self) -> str:
        """The name that the server's processes carry in their titles: the folder's own number, whatever path leads to it."""
        found = self.folder.stat()
        return f"tiendo-{found.st_dev:x}-{found.st_ino:x}"

    @property
    def exists(self) -> bool:
        """Whether the folder has been made already."""
        return (self.folder / "PG_VERSION").exists()

    def url(self, database: str = OWNER) -> str:
        """The address of a database for SQLAlchemy, over the Unix socket, with the administrator's login."""
        return f"postgresql+asyncpg://{OWNER}@/{database}?host={quote(str(self.socket_folder()), safe='/')}"

    def socket_folder(self) -> Path:
        """A path of the folder with the socket that is short enough for the system's limit of 107 bytes.

        For a deep data folder, or one whose name means something in an address, it is a symbolic link in a folder under /tmp that is
        this user's alone.
        """
        path = str(self.folder / _SOCKET_NAME)
        if len(path) <= _SOCKET_PATH_MAX and _PLAIN_PATH.fullmatch(path):
            return self.folder
        place = Path(f"/tmp/tiendo-{os.geteuid()}")  # noqa: S108 - checked to be ours alone
        place.mkdir(mode=0o700, exist_ok=True)
        found = os.lstat(place)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise ClusterUnusable(
                f"{place} is not a folder of this user's alone: remove it, or set TIENDO_DATA to a shorter path"
            )
        link = place / sha256(os.fsencode(self.folder)).hexdigest()[:16]
        if not link.is_symlink() or link.readlink() != self.folder:
            link.unlink(missing_ok=True)
            link.symlink_to(self.folder)
        return link


def check_version(cluster: Cluster) -> None:
    """Refuse a folder of another major version. Raises ClusterOlder, ClusterNewer, ClusterUnusable."""
    found = version_of(cluster.folder)
    if found < MAJOR:
        raise ClusterOlder(cluster.folder, found, MAJOR)
    if found > MAJOR:
        raise ClusterNewer(cluster.folder, found, MAJOR)


def version_of(folder: Path) -> int:
    """The major version that made a database folder. Raises ClusterUnusable."""
    text = (folder / "PG_VERSION").read_text(encoding="ascii").strip()
    if not text.isdecimal():
        raise ClusterUnusable(
            f"{folder}/PG_VERSION says {text[:20]!r}: this is no database folder of PostgreSQL {MAJOR}"
        )
    return int(text)


def make_folders(cluster: Cluster) -> None:
    """Make the data folder, for its owner alone; one that exists keeps its permissions."""
    if not cluster.data.exists():
        cluster.data.mkdir(parents=True, mode=0o700)


async def initialise(cluster: Cluster, account: Account, binaries: Binaries) -> None:
    """Make the database folder: UTF-8, locale C, logins only through the socket by the peer's account. Raises ClusterUnusable.

    It gets its name once it is whole. Interrupted, this leaves no process, and the next one begins anew.
    """
    if cluster.folder.exists() and any(cluster.folder.iterdir()):
        _clear_unfinished(cluster)
    unfinished = cluster.data / _UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    account.own(unfinished)
    command = [binaries.program("initdb"), "-D", _address_for(unfinished, account), "--locale=C", "--encoding=UTF8"]
    command += [f"--username={OWNER}", "--auth=peer", "--no-instructions"]
    if cluster.settings.get("fsync") == "off":
        command.append("--no-sync")
    with open_journal(cluster) as output:
        status = await _status_of(account.start(command, cwd=unfinished, output=output))
    if status != 0:
        raise ClusterUnusable(f"initdb ended with status {status}: {last_lines(cluster.journal)}")
    unfinished.replace(cluster.folder)


async def _status_of(process: "subprocess.Popen[bytes]") -> int:
    """The exit status of a process that leads a group; whatever ends the waiting ends the group. Raises ClusterUnusable."""
    try:
        async with asyncio.timeout(_INITIALISE_SECONDS):
            while (status := process.poll()) is None:  # noqa: ASYNC110 - it was not started by the loop
                await asyncio.sleep(_POLL_SECONDS)
            return status
    except TimeoutError:
        raise ClusterUnusable(f"initdb did not end within {_INITIALISE_SECONDS:.0f} s") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _clear_unfinished(cluster: Cluster) -> None:
    """Leave a folder that an interrupted initdb filled aside; anything else in it is refused."""
    names = {entry.name for entry in cluster.folder.iterdir()}
    if "PG_VERSION" in names or not names & {"base", "global", "pg_wal"}:
        raise ClusterUnusable(f"{cluster.folder} is not empty and is no database folder: move it away")
    number = 1
    while (aside := cluster.data / f"postgresql.unfinished-{number}").exists():
        number += 1
    cluster.folder.rename(aside)


def _address_for(folder: Path, account: Account) -> str:
    """The path of a database folder for the use of the programs that work in it.

    An unprivileged account often cannot enter the folders above (/root, a temporary folder of root's). No permission is changed for
    that: the server is started inside its folder and knows it by the kernel's link to the current directory.
    """
    if account.switch and sys.platform == "linux" and Path("/proc/self/cwd").exists():
        return "/proc/self/cwd"
    return str(folder)


def configure(cluster: Cluster, account: Account) -> None:
    """Write who may log in: the account that runs tiendo, as the administrator or as one of the services, and nobody else."""
    user = current_user().replace('"', '""')
    logins = "".join(f'tiendo "{user}" {role}\n' for role in (OWNER, *DatabaseRole))
    ident = f"# written anew at every start\n{logins}"
    for name, text in (("pg_hba.conf", _HBA), ("pg_ident.conf", ident)):
        path = cluster.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
    account.own(cluster.folder)


def server_command(cluster: Cluster, account: Account, binaries: Binaries) -> list[str]:
    """The command line of the server."""
    command = [binaries.program("postgres"), "-D", _address_for(cluster.folder, account)]
    for name, value in {**_BASE_SETTINGS, **cluster.settings, "cluster_name": cluster.marker}.items():
        command += ["-c", f"{name}={value}"]
    return command


def open_journal(cluster: Cluster) -> BufferedWriter:
    """The server's journal, to write at its end; it is for the owner alone, and one that has grown large is put aside."""
    if cluster.journal.exists() and cluster.journal.stat().st_size > _JOURNAL_SIZE_MAX:
        cluster.journal.replace(cluster.journal.with_suffix(".log.1"))
    return os.fdopen(os.open(cluster.journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def last_lines(journal: Path, *, limit: int = 3) -> str:
    """The last lines of the server's journal, for a message."""
    try:
        with journal.open("rb") as file:
            file.seek(max(0, journal.stat().st_size - 4096))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return "(no journal)"
    return " | ".join(lines[-limit:])
