"""Faults of disks and clocks in PostgreSQL and the services, by a library that is loaded before them (`faults.c`)."""

import errno
import mmap
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("faults.c")
_NUMBER = struct.Struct("=q")
_MEMBERS = ("clock_ahead_us", "fsync_error", "write_error", "fsyncs_failed", "writes_failed", "clocks_read")


class Whose(IntEnum):
    """Whose disk and clock it is."""

    POSTGRESQL = 0
    SERVICES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """The page of memory that all processes under fire look at; nothing is wrong until it says so."""

    library: Path
    control: Path
    page: mmap.mmap

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process has to be started with."""
        return {"LD_PRELOAD": str(self.library), "FIRE_CONTROL": str(self.control)}

    def put_clock(self, whose: Whose, *, ahead_seconds: float) -> None:
        """Set a clock ahead of the machine's, or behind it."""
        self._put(whose, "clock_ahead_us", round(ahead_seconds * 1_000_000))

    def fail_fsync(self, whose: Whose) -> None:
        """Let every fsync fail, as of a broken disk."""
        self._put(whose, "fsync_error", errno.EIO)

    def fill_disk(self, whose: Whose) -> None:
        """Let nothing more be written into files."""
        self._put(whose, "write_error", errno.ENOSPC)

    def mend(self) -> None:
        """Everything is as on the machine itself."""
        for whose in Whose:
            for member in ("clock_ahead_us", "fsync_error", "write_error"):
                self._put(whose, member, 0)

    def count(self) -> dict[str, int]:
        """How often a process met a fault."""
        return {
            f"{member} of {whose.name.lower()}": self._get(whose, member)
            for whose in Whose
            for member in ("fsyncs_failed", "writes_failed", "clocks_read")
        }

    def _put(self, whose: Whose, member: str, value: int) -> None:
        _NUMBER.pack_into(self.page, self._place(whose, member), value)

    def _get(self, whose: Whose, member: str) -> int:
        return int(_NUMBER.unpack_from(self.page, self._place(whose, member))[0])

    @staticmethod
    def _place(whose: Whose, member: str) -> int:
        return _NUMBER.size * (whose * len(_MEMBERS) + _MEMBERS.index(member))


@contextmanager
def faults() -> Iterator[Faults | None]:
    """The library and its page within the block, where every account of the machine reaches them; None without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="tiendo-fire-"))
    try:
        folder.chmod(0o755)
        library, control = folder / "faults.so", folder / "control"
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"], check=True)
        control.write_bytes(bytes(2 * len(_MEMBERS) * _NUMBER.size))
        control.chmod(0o666)
        with control.open("r+b") as opened, mmap.mmap(opened.fileno(), 0) as page:
            yield Faults(library=library, control=control, page=page)
    finally:
        shutil.rmtree(folder)


def preloaded() -> Mapping[str, str]:
    """What this process was started with of `Faults.environment`."""
    return {name: os.environ[name] for name in ("LD_PRELOAD", "FIRE_CONTROL") if name in os.environ}
