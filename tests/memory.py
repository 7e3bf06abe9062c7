"""Folders of the tests that lie in memory, where the machine has room for them: what tests write need not survive the machine."""

import os
import shutil
from pathlib import Path

import psutil

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder below it has a name of its own
ROOM_BYTES_MIN = 6 * 1024**3
"""Far above what a run has been seen to need at once, some 2 GB with four workers."""

_PREFIX = "tiendo-tests-"


def folder_in_memory() -> Path | None:
    """A fresh folder for a run of this process, which clears what runs left whose process is gone; None where there is no room."""
    if not SHARED_MEMORY.is_dir():
        return None
    for left in SHARED_MEMORY.glob(f"{_PREFIX}*"):
        if not psutil.pid_exists(int(left.name.removeprefix(_PREFIX))):
            shutil.rmtree(left, ignore_errors=True)
    if min(shutil.disk_usage(SHARED_MEMORY).free, psutil.virtual_memory().available) < ROOM_BYTES_MIN:
        return None
    folder = SHARED_MEMORY / f"{_PREFIX}{os.getpid()}"
    folder.mkdir(mode=0o700)
    return folder
