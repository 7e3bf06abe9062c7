"""Programs of tiendo as processes that a test may kill, hold and let go on, and that are started again when they end."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.preloaded.commands import Begun, begun_module

STOP_SECONDS = 90
AGAIN_SECONDS = 0.3


@dataclass(slots=True, kw_only=True)
class Program:
    """One process of `python -m MODULE ARGUMENTS`; it is started again whenever it ends, as an init system would."""

    name: str
    module: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    journal: Path
    statuses: list[int] = field(default_factory=list)
    """With which statuses it has ended."""
    preloaded: bool = True
    """Whether what it needs may have been loaded before it begins."""
    _process: asyncio.subprocess.Process | Begun | None = None
    _keeping: asyncio.Task[None] | None = None
    _started: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        """Start it, and go on starting it until it is stopped."""
        self._started.clear()
        self._keeping = asyncio.create_task(self._keep())
        await self._started.wait()

    @property
    def pid(self) -> int:
        """The process id; 0 between an end and the next start."""
        return 0 if self._process is None or self._process.returncode is not None else self._process.pid

    def signal(self, number: signal.Signals) -> bool:
        """Whether there was a process to send the signal to."""
        if not self.pid:
            return False
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
            return True
        return False

    async def stop(self) -> int:
        """The exit status after a stop in order; a held process goes on first."""
        await self._let_end()
        process = self._process
        if process is None:
            return 0
        if process.returncode is None:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            self.signal(signal.SIGKILL)
            raise

    async def ended(self) -> int:
        """The status with which it ends by itself; it is not started again."""
        await self._let_end()
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), STOP_SECONDS)

    def said(self) -> str:
        """All that it wrote, over all its starts."""
        return self.journal.read_text()

    async def _let_end(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])
            self._keeping = None

    async def _keep(self) -> None:
        while True:
            self._process = await self._begun()
            self._started.set()
            self.statuses.append(await self._process.wait())
            await asyncio.sleep(AGAIN_SECONDS)

    async def _begun(self) -> asyncio.subprocess.Process | Begun:
        with self.journal.open("ab") as journal:
            if self.preloaded:
                return await begun_module(
                    self.module, self.arguments, environment=self.environment, journal=journal.fileno()
                )
            command = (sys.executable, "-m", self.module, *self.arguments)
            return await asyncio.create_subprocess_exec(
                *command, env=dict(self.environment), stdout=journal, stderr=journal
            )
