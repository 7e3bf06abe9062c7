"""Processes that work for this one: each a module of ours, told lines of JSON what to do, as `tiendo_runtime.lines_of_work` answers them."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from tiendo_event_store import LogUnavailable
from tiendo_runtime.errors import WorkerEnded

_END_SECONDS = 10.0
_LINE_BYTES_MAX = 1 << 26


class WorkerProcess:
    """One such process, which does one thing at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def tell(self, what: object) -> None:
        """Send a line."""
        stdin = self._process.stdin
        if stdin is None:
            raise RuntimeError("the process was started without a standard input")
        stdin.write(json.dumps(what).encode() + b"\n")
        await stdin.drain()

    async def ask(self, what: object) -> Any:  # noqa: ANN401 - any JSON value
        """The answer to a line. Raises WorkerEnded when the process has ended, LogUnavailable when the database stays away from it."""
        stdout = self._process.stdout
        if stdout is None:
            raise RuntimeError("the process was started without a standard output")
        line = b""
        with suppress(ConnectionError):
            await self.tell(what)
            line = await stdout.readline()
        if not line.endswith(b"\n"):
            raise WorkerEnded
        answer = json.loads(line)
        if "away" in answer:
            raise LogUnavailable("the log's database cannot be reached")
        return answer["answer"]

    async def end(self) -> None:
        """Let it end in order, in limited time."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                await self._process.wait()

    async def kill(self) -> None:
        """End it, if it has not ended: whatever it was doing is of no use any more."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


class WorkerPool:
    """Several processes of one kind."""

    def __init__(self, processes: list[WorkerProcess]) -> None:
        self._processes = processes
        self._idle: asyncio.Queue[WorkerProcess] = asyncio.Queue()
        for process in processes:
            self._idle.put_nowait(process)

    async def ask(self, what: object) -> Any:  # noqa: ANN401 - any JSON value
        """The answer of the next process that is idle; raises as `WorkerProcess.ask` does."""
        process = await self._idle.get()
        answer = await process.ask(what)
        self._idle.put_nowait(process)
        return answer

    async def ask_each(self, what: object) -> list[Any]:
        """The answers of all, one after the other, once nothing else is asked."""
        return [await process.ask(what) for process in self._processes]


@asynccontextmanager
async def worker_pool(module: str, where: object, processes: int) -> AsyncIterator[WorkerPool]:
    """So many processes of `module`, each told `where` first; they end with this one, however it ends.

    What they are told goes through a pipe, also an address with its password: the arguments of a process can be read by everyone on the machine.
    """
    async with AsyncExitStack() as stack:
        yield WorkerPool([await stack.enter_async_context(_process(module, where)) for _ in range(processes)])


@asynccontextmanager
async def _process(module: str, where: object) -> AsyncIterator[WorkerProcess]:
    # In a session of its own: an interrupt from the terminal is for the process that was asked, which ends the others.
    process = WorkerProcess(
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, stdin=PIPE, stdout=PIPE, start_new_session=True, limit=_LINE_BYTES_MAX
        )
    )
    try:
        await process.tell(where)
        yield process
        await process.end()
    finally:
        await process.kill()
