"""The memory of each process of a running `tiendo up`, looked at again and again, and whether it grows."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median

import psutil
from tests.cli.running_up import Up

MEGABYTE = 1024 * 1024
SHARED = "PostgreSQL, with the buffers that they share"
"""Grows until its buffers are full, which have a size."""
PARTS = ("web", "projector", "relay")
GROWN_SHARE = 0.10
GROWN_MEGABYTES = 12.0
"""How much more the last quarter may hold than the second: what caches fill in the first is let go."""


@dataclass(slots=True, kw_only=True)
class Memory:
    """Megabytes that a process has to itself, by its name and the second since the beginning."""

    up: Up
    samples: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    _begun: float = field(default_factory=time.monotonic)

    async def watch(self, every_seconds: float) -> None:
        """Look for ever."""
        while True:
            for name, megabytes in await asyncio.to_thread(self._look):
                self.samples[name].append((time.monotonic() - self._begun, megabytes))
            await asyncio.sleep(every_seconds)

    def table(self) -> str:
        """Medians of each quarter of the time, by process."""
        lines = ["| process | 1st quarter | 2nd | 3rd | 4th | most |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
        for name, quarters in self._quarters():
            shown = " | ".join(f"{quarter:.0f}" for quarter in quarters)
            lines.append(f"| {name} | {shown} | {max(value for _, value in self.samples[name]):.0f} |")
        return "\n".join(lines)

    def growing(self) -> list[str]:
        """What holds more and more, in words."""
        return [
            f"{name} grows: {quarters[1]:.0f} MB in the second quarter, {quarters[3]:.0f} MB in the last"
            for name, quarters in self._quarters()
            if name != SHARED and quarters[3] > quarters[1] * (1 + GROWN_SHARE) + GROWN_MEGABYTES
        ]

    def _quarters(self) -> Iterator[tuple[str, list[float]]]:
        for name, samples in self.samples.items():
            count = len(samples)
            parts = [samples[count * number // 4 : count * (number + 1) // 4] for number in range(4)]
            yield name, [median(value for _, value in part) for part in parts]

    def _look(self) -> list[tuple[str, float]]:
        found = [("up", _own([psutil.Process(self.up.process.pid)]))]
        found += [(part, _own([psutil.Process(pid)])) for part in PARTS if (pid := self.up.child(part))]
        server = self.up.server()
        if server:
            processes = [psutil.Process(server), *psutil.Process(server).children()]
            found.append(("PostgreSQL, all its processes", _own(processes)))
            found.append((SHARED, _own(processes, "pss")))
        return found


def _own(processes: Iterable[psutil.Process], kind: str = "uss") -> float:
    total = 0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            total += getattr(process.memory_full_info(), kind)
    return total / MEGABYTE
