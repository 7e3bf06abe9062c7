"""The data folder as the supervisor's own: one at a time, and what a killed one left is ended first."""

import asyncio
import fcntl
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from tiendo_runtime.errors import FolderInUse

_LEFTOVER_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.05
_SAME_SECOND: Final = 1.0
_CONTENT_MAX: Final = 4096
_NOTE: Final = re.compile(r"^another `tiendo up`(?: at (?P<address>\S+))? \(process (?P<pid>\d+)\)$")


@contextmanager
def sole_supervisor(data: Path) -> Iterator[None]:
    """Within the block no other `tiendo up` runs on the folder. Raises FolderInUse.

    The kernel drops the lock when the process ends, however it ends.
    """
    data.mkdir(parents=True, mode=0o700, exist_ok=True)
    descriptor = os.open(data / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(data, _holder(descriptor)) from None
        note_address(data, None)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def note_address(data: Path, address: str | None) -> None:
    """Write who uses the folder, for the word that a second `tiendo up` says."""
    where = "" if address is None else f" at {address}"
    (data / "up.lock").write_text(f"another `tiendo up`{where} (process {os.getpid()})", encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervising:
    """A `tiendo up` that runs on a folder: its process, and where it listens once it does."""

    pid: int
    address: str | None


def running_supervisor(data: Path) -> Supervising | None:
    """The `tiendo up` that runs on the folder; None where none does. Its lock is not touched, so that one that starts meanwhile gets it."""
    try:
        noted = _NOTE.search((data / "up.lock").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    if noted is None:
        return None
    try:
        words = psutil.Process(int(noted["pid"])).cmdline()
    except psutil.Error:
        return None
    # A killed one leaves its note, and the number may be another process's by now.
    if "up" not in words or not any("tiendo" in word for word in words):
        return None
    return Supervising(pid=int(noted["pid"]), address=noted["address"])


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, _CONTENT_MAX, 0).decode("utf-8", "replace") or "another `tiendo up`"


def note_children(data: Path, pids: Sequence[int]) -> None:
    """Remember the children, so that the next supervisor can end them if this one is killed and they hang."""
    noted = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            noted.append([pid, psutil.Process(pid).create_time()])
    temporary = data / "up.children.new"
    temporary.write_text(json.dumps(noted), encoding="utf-8")
    temporary.replace(data / "up.children")


async def end_leftovers(data: Path) -> int:
    """How many processes of a killed supervisor were still there; they end by themselves, else they are killed."""
    found = _leftovers(data)
    deadline = time.monotonic() + _LEFTOVER_SECONDS
    for process in found:
        while _runs(process) and time.monotonic() < deadline:  # noqa: ASYNC110 - a process tells nobody that it ends
            await asyncio.sleep(_POLL_SECONDS)
        if _runs(process):
            with suppress(psutil.Error):
                process.kill()
    (data / "up.children").unlink(missing_ok=True)
    return len(found)


def _leftovers(data: Path) -> list[psutil.Process]:
    try:
        noted = json.loads((data / "up.children").read_text(encoding="utf-8"))
        pairs = [(int(pid), float(created_at)) for pid, created_at in noted]
    except (FileNotFoundError, ValueError, TypeError):
        return []
    found = []
    for pid, created_at in pairs:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            if abs(process.create_time() - created_at) < _SAME_SECOND and _runs(process):
                found.append(process)
    return found


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
