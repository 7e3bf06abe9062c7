"""Filling a build in several processes."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store import LogUnavailable
from tiendo_projector.errors import RebuildFailed
from tiendo_projector.filling import Fill, Filled
from tiendo_read_models.builds import Build
from tiendo_read_models.refolding import CaseKey

_END_SECONDS = 10.0


class FillProcess:
    """One process of `tiendo_projector.fill_worker`, which does one thing at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def tell(self, what: object) -> None:
        """Send a line."""
        stdin = self._process.stdin
        if stdin is None:
            raise RuntimeError("the process was started without a standard input")
        stdin.write(json.dumps(what).encode() + b"\n")
        await stdin.drain()

    async def ask(self, what: object) -> dict[str, Any]:
        """The answer to a line. Raises RebuildFailed when the process has ended, LogUnavailable when the database stays away from it."""
        stdout = self._process.stdout
        if stdout is None:
            raise RuntimeError("the process was started without a standard output")
        line = b""
        with suppress(ConnectionError):
            await self.tell(what)
            line = await stdout.readline()
        if not line.endswith(b"\n"):
            raise RebuildFailed("a process that folded cases has ended; the read models are as before")
        answer: dict[str, Any] = json.loads(line)
        if "away" in answer:
            raise LogUnavailable("the log's database cannot be reached")
        return answer

    async def end(self) -> None:
        """Let it end in order, in limited time."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                await self._process.wait()

    async def kill(self) -> None:
        """End it, if it has not ended: whatever it was writing is of no use any more."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def filling_in_processes(engine: AsyncEngine, build: Build, head: int, processes: int) -> AsyncIterator[Fill]:
    """Filling in `processes` further processes, each with connections of its own; they end with this one, however it ends."""
    # The address goes through the pipe: the arguments of a process can be read by everyone on the machine.
    where = {"url": engine.url.render_as_string(hide_password=False), "build": asdict(build), "head": head}
    async with AsyncExitStack() as stack:
        started = [await stack.enter_async_context(_process(where)) for _ in range(processes)]
        idle: asyncio.Queue[FillProcess] = asyncio.Queue()
        for process in started:
            idle.put_nowait(process)

        async def fill(cases: Sequence[CaseKey]) -> Filled:
            process = await idle.get()
            answer = await process.ask([[key.case_id, key.shard] for key in cases])
            idle.put_nowait(process)
            return Filled(**answer)

        yield fill
        for process in started:
            await process.ask(None)


@asynccontextmanager
async def _process(where: dict[str, Any]) -> AsyncIterator[FillProcess]:
    # In a session of its own: an interrupt from the terminal is for the process that was asked, which ends the others.
    process = FillProcess(
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tiendo_projector.fill_worker", stdin=PIPE, stdout=PIPE, start_new_session=True
        )
    )
    try:
        await process.tell(where)
        yield process
        await process.end()
    finally:
        await process.kill()
