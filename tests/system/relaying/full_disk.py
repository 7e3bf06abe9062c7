"""A disk that a test can fill and empty."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.kafka.brokers import Broker

MEGABYTES = 96
_PIECE = bytes(1024 * 1024)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A folder on a small disk of its own; where nobody may mount one, a folder whose files a limit of the broker's process keeps from growing."""

    folder: Path
    mounted: bool

    def fill_for(self, broker: Broker) -> None:
        """Leave no room on the disk for a broker."""
        if self.mounted:
            self.fill()
            return
        _, hard = resource.prlimit(broker.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(broker.pid, resource.RLIMIT_FSIZE, (0, hard))

    def fill(self) -> None:
        """Leave no room on the disk, which is mounted."""
        with self._ballast.open("wb", buffering=0) as ballast:
            try:
                while ballast.write(_PIECE) == len(_PIECE):
                    pass
                while ballast.write(b"x"):
                    pass
            except OSError:
                return

    def empty(self) -> None:
        """Make room again; a limit went with the process that had it."""
        self._ballast.unlink(missing_ok=True)

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"


@contextmanager
def small_disk(folder: Path, *, megabytes: int = MEGABYTES) -> Iterator[Disk]:
    """A disk that is there within the block."""
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    mounted = subprocess.run(mounting, capture_output=True, check=False).returncode == 0
    try:
        yield Disk(folder=folder, mounted=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
