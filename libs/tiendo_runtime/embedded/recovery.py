"""Whether a server that refuses everybody still recovers: when its startup process dies a second time, PostgreSQL 18 waits for it for ever."""

import time
from dataclasses import dataclass, field
from typing import Final

import psutil

DEAD_SECONDS: Final = 10.0
"""Between a crash and the next startup process everything else ends first: PostgreSQL gives that five seconds."""

_WORDS: Final = ("in recovery mode", "starting up", "not yet accepting connections")


@dataclass(slots=True)
class Recovery:
    """The recovery of a server, looked at again and again."""

    pid: int
    _seen_at: float = field(default_factory=time.monotonic)

    def has_died(self, refusal: str) -> bool:
        """Whether the server says by `refusal` that it recovers, and no process of it has done so for DEAD_SECONDS."""
        if not any(words in refusal for words in _WORDS) or _recovers(self.pid):
            self._seen_at = time.monotonic()
        return time.monotonic() - self._seen_at > DEAD_SECONDS


def _recovers(server: int) -> bool:
    """Whether the server has a startup process; True also where that cannot be told."""
    try:
        return any(_is_startup(process) for process in psutil.Process(server).children())
    except psutil.Error:
        return True


def _is_startup(process: psutil.Process) -> bool:
    try:
        return "startup" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False
