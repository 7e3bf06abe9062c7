"""Peak memory of programs, sampled while a block runs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import psutil

_EVERY_SECONDS = 0.05
_MEBIBYTE = 1024 * 1024


class PeakMemory:
    """The largest resident size that each program's largest process had."""

    def __init__(self, programs: Mapping[str, int]) -> None:
        self._programs = {name: psutil.Process(pid) for name, pid in programs.items()}
        self.mebibytes: dict[str, float] = {}

    def look(self) -> None:
        """Note what the programs and those that they started hold now."""
        for name, program in self._programs.items():
            for process in _family(program):
                try:
                    size = process.memory_info().rss / _MEBIBYTE
                except psutil.NoSuchProcess:
                    continue
                self.mebibytes[name] = max(size, self.mebibytes.get(name, 0.0))


@asynccontextmanager
async def peak_memory(**programs: int) -> AsyncIterator[PeakMemory]:
    """The peak of the programs (name and process id), watched while the block runs."""
    peak = PeakMemory(programs)

    async def watch() -> None:
        while True:
            await asyncio.to_thread(peak.look)
            await asyncio.sleep(_EVERY_SECONDS)

    watching = asyncio.ensure_future(watch())
    try:
        yield peak
    finally:
        watching.cancel()
        peak.look()


def _family(program: psutil.Process) -> list[psutil.Process]:
    try:
        return [program, *program.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
