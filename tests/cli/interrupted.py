"""A command that is interrupted: started on a database of the tests, and what is left of it."""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from tests.preloaded.commands import Begun, begun_tiendo

END_SECONDS = 60
"""Within this every command has ended; it is the tests' limit, what they see on an idle machine is under 2 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a command said and left: its status, its standard error, and processes that it had started and that still run."""

    status: int
    complaints: str
    processes: list[psutil.Process]


@asynccontextmanager
async def begun(*arguments: str, folder: Path, **environment: str) -> AsyncIterator[Begun]:
    """A `tiendo` at work, in a session of its own as a shell's job is; killed if it has not ended within the block."""
    process = await begin(*arguments, folder=folder, **environment)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def begin(*arguments: str, folder: Path, **environment: str) -> Begun:
    """The same, for those who see to its end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIENDO_")}
    given = {**kept, "TIENDO_DATA": str(folder / "data"), **environment}
    return await begun_tiendo(*arguments, environment=given, folder=folder)


async def succeeds(*arguments: str, folder: Path) -> bool:
    """Whether a command ends with status 0."""
    process = await begin(*arguments, folder=folder)
    await process.communicate()
    return process.returncode == 0


async def interrupt(process: Process | Begun, number: signal.Signals) -> Left:
    """What is left after one signal. Raises TimeoutError if it does not end."""
    started = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    async with asyncio.timeout(END_SECONDS):
        # Its pipes close when the last process that has them ends.
        _, complaints = await process.communicate()
    return Left(
        status=process.returncode or 0,
        complaints=complaints.decode(),
        processes=[one for one in started if one.is_running() and one.status() != psutil.STATUS_ZOMBIE],
    )
