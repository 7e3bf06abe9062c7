"""The account that PostgreSQL runs under: the caller's own, or an unprivileged one when tiendo was started as root."""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tiendo_runtime.errors import NoUnprivilegedAccount

CANDIDATES = ("tiendo", "postgres", "nobody")
"""Accounts tried in this order when started as root; `nobody` exists everywhere, the others keep the files apart."""

_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the machine; `switch` tells whether this process (root) has to change to it."""

    name: str
    uid: int
    gid: int
    switch: bool

    def start(
        self, command: Sequence[str], *, cwd: Path, output: IO[bytes] | int, stdin: int = subprocess.DEVNULL
    ) -> "subprocess.Popen[bytes]":
        """The process of `command`, run under this account in a session of its own, with a clean environment."""
        return subprocess.Popen(  # noqa: S603 - our own binaries, no shell
            command,
            cwd=cwd,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(),
            start_new_session=True,
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=() if self.switch else None,
        )

    def can_run(self, program: Path) -> bool:
        """Whether this account reaches `program` and can execute it; tried, not computed from permission bits."""
        try:
            process = self.start([str(program), "--version"], cwd=Path("/"), output=subprocess.DEVNULL)
        except OSError:
            return False
        return process.wait(timeout=60) == 0

    def own(self, folder: Path) -> None:
        """Make `folder` and all in it this account's; only ever called on the database's own folder."""
        if not self.switch:
            return
        for root, folders, files in os.walk(folder):
            for name in ("", *folders, *files):
                os.chown(Path(root) / name, self.uid, self.gid, follow_symlinks=False)


def current_user() -> str:
    """The name of the account that this process runs under; its number where it has no name."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def server_account(cluster: Path) -> Account:
    """The account for the server of `cluster`: the caller's; as root the folder's owner, else the first of CANDIDATES that works."""
    uid = os.geteuid()
    if uid != 0:
        return Account(name=current_user(), uid=uid, gid=os.getegid(), switch=False)
    for entry in _entries(cluster):
        account = Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, switch=True)
        if account.can_run(Path("/bin/true")):
            return account
    raise NoUnprivilegedAccount(CANDIDATES)


def _entries(cluster: Path) -> list[pwd.struct_passwd]:
    found = []
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        found += _lookup(owner)
    for name in CANDIDATES:
        found += _lookup(name)
    return [entry for entry in found if entry.pw_uid != 0]


def _lookup(account: int | str) -> list[pwd.struct_passwd]:
    try:
        return [pwd.getpwuid(account) if isinstance(account, int) else pwd.getpwnam(account)]
    except KeyError:
        return []


def _environment() -> Mapping[str, str]:
    """The environment of PostgreSQL's programs: nothing of the caller's, so that no PG… or TIENDO_… variable reaches them."""
    return {"PATH": _PATH, "LC_ALL": "C", "TZ": "UTC"}
