"""The supervisor: every part runs, or none does.

A child that hangs is ended. One that ends is started again at once, later after ever longer pauses; so is the embedded PostgreSQL. If one
ends again and again, the supervisor gives up: it stops everything and reports failure. It never runs on without a part. Two things never make
it give up: the end of a part that ingest and queries do without (the relay), and somebody's killing a part.
"""

import asyncio
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from tiendo_cli.supervision.children import Child, ChildProgram
from tiendo_cli.supervision.folder import note_children
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.server import find_server, refusal
from tiendo_runtime.embedded.usage import restart_server
from tiendo_runtime.errors import RuntimeFault
from tiendo_runtime.stop_aware_waiting import Stopped, run_until, siblings

PAUSES_SECONDS: Final = (0.0, 0.5, 1.0, 2.0, 4.0)
"""The pause before each further start of a child that has ended soon after the last; after them all the supervisor gives up, or keeps to the last."""

STEADY_SECONDS: Final = 30.0
"""A child that has run for so long was well: its next end counts as the first."""

LOOK_SECONDS: Final = 10.0
SILENT_TIMES_MAX: Final = 12
"""A child whose event loop has not turned for two minutes hangs: the longest that it does at once takes seconds, on a busy machine a minute."""

_DATABASE_POLL_SECONDS: Final = 0.25

_journal = structlog.get_logger("tiendo.up")


class PartKeepsEnding(RuntimeFault):
    """A part ended again and again; everything was stopped."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} ended again and again; everything has been stopped. The journal above says why")


class Supervisor:
    """Keeps programs running, and the embedded database if there is one, until it is asked to stop."""

    def __init__(self, data: Path, programs: Sequence[ChildProgram], cluster: Cluster | None) -> None:
        self._data = data
        self._programs = programs
        self._cluster = cluster
        self._children: dict[str, Child] = {}

    @property
    def pids(self) -> dict[str, int]:
        """Name of each child that runs -> its process id."""
        return {name: child.pid for name, child in self._children.items()}

    async def run(self, stop: asyncio.Event) -> None:
        """Return after `stop` is set and all children have ended. Raises PartKeepsEnding; then too they have ended."""
        try:
            with suppress(Stopped):
                await run_until(stop, self._keep_all())
        finally:
            await self._stop_children()

    async def _keep_all(self) -> None:
        async with siblings() as group:
            for program in self._programs:
                group.create_task(self._keep(program))
            if self._cluster is not None:
                group.create_task(self._keep_database(self._cluster))

    async def _keep(self, program: ChildProgram) -> None:
        """Start a program again whenever it ends. Raises PartKeepsEnding."""
        ends = 0
        while True:
            await asyncio.sleep(PAUSES_SECONDS[ends])
            begun = time.monotonic()
            child = await self._start(program)
            status = await self._end_of(child)
            ends = 1 if time.monotonic() - begun >= STEADY_SECONDS else ends + 1
            _journal.warning("a process ended and is started again", part=program.name, status=status, times=ends)
            if ends >= len(PAUSES_SECONDS):
                if program.indispensable and status != -signal.SIGKILL:
                    raise PartKeepsEnding(program.name)
                ends = len(PAUSES_SECONDS) - 1

    async def _end_of(self, child: Child) -> int:
        """The exit status of a child once it has ended; one that gives no sign of life for long is ended."""
        while not child.ended.done():
            await asyncio.wait({child.ended}, timeout=LOOK_SECONDS)
            if not child.ended.done() and child.heartbeats.look() >= SILENT_TIMES_MAX:
                _journal.error(
                    "a process hangs and is ended", part=child.name, silent_seconds=LOOK_SECONDS * SILENT_TIMES_MAX
                )
                child.kill()
                await asyncio.wait({child.ended})
        return child.ended.result()

    async def _start(self, program: ChildProgram) -> Child:
        """The new child; one that was being started when the supervisor was asked to stop is known, too, and stopped with the others."""
        starting = asyncio.ensure_future(Child.start(program))
        try:
            await asyncio.shield(starting)
        finally:
            child = self._children[program.name] = await starting
            note_children(self._data, list(self.pids.values()))
        return child

    async def _keep_database(self, cluster: Cluster) -> None:
        """Start the server again whenever it has ended, or its recovery has died."""
        looked_at = time.monotonic()
        while True:
            await asyncio.sleep(_DATABASE_POLL_SECONDS)
            if find_server(cluster) is None:
                _journal.warning("PostgreSQL ended and is started again")
                await restart_server(cluster)
            elif time.monotonic() - looked_at >= LOOK_SECONDS:
                looked_at = time.monotonic()
                if (reason := await refusal(cluster)) is not None:
                    _journal.warning("PostgreSQL answers nobody", cause=reason)
                    await restart_server(cluster)

    async def _stop_children(self) -> None:
        await asyncio.gather(*(child.stop() for child in self._children.values()))
        self._children.clear()
        note_children(self._data, [])
