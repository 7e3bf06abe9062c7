"""The programs that are measured, started and ended, each with settings (`TIENDO_…`) and no others."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from tests.bench.connection import Connection
from tests.ports import reserved_port

READY_SECONDS = 120.0
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A running program; `port` is 0 where it serves nothing."""

    pid: int
    port: int = 0


@asynccontextmanager
async def echo_server() -> AsyncIterator[int]:
    """The port of the floor's server."""
    with reserved_port() as port:
        async with started(("-m", "tests.bench.echo", str(port)), {}, port=port, probe="/1"):
            yield port


@asynccontextmanager
async def serving(service: str, settings: Mapping[str, str]) -> AsyncIterator[Program]:
    """`tiendo serve` of a service with a port, once it is ready."""
    with reserved_port() as port:
        arguments = ("-m", "tiendo_cli", "serve", service, "--port", str(port))
        async with started(arguments, settings, port=port, probe="/readyz") as program:
            yield program


@asynccontextmanager
async def working(service: str, settings: Mapping[str, str], *arguments: str) -> AsyncIterator[Program]:
    """`tiendo serve` of a service without a port."""
    async with started(("-m", "tiendo_cli", "serve", service, *arguments), settings) as program:
        yield program


@asynccontextmanager
async def started(
    arguments: Sequence[str], settings: Mapping[str, str], *, port: int = 0, probe: str = ""
) -> AsyncIterator[Program]:
    """A program of Python, ended after the block; one with a port answers `probe` when the block begins."""
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment_of(settings))
    try:
        if port:
            await _ready(port, probe, process)
        yield Program(pid=process.pid, port=port)
        if process.returncode is not None:
            raise RuntimeError(f"{' '.join(arguments)} ended by itself, with status {process.returncode}")
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def said_by(arguments: Sequence[str], settings: Mapping[str, str]) -> str:
    """What a program of Python prints. Raises RuntimeError if it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment_of(settings), stdout=asyncio.subprocess.PIPE
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed with status {process.returncode}")
    return said.decode()


def environment_of(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program with these settings and no others."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("TIENDO_")}
    return {**others, "TIENDO_LOG_LEVEL": "warning", **settings}


async def _ready(port: int, probe: str, process: asyncio.subprocess.Process) -> None:
    deadline = asyncio.get_running_loop().time() + READY_SECONDS
    while process.returncode is None and asyncio.get_running_loop().time() < deadline:
        with suppress(OSError, asyncio.IncompleteReadError):
            connection = await Connection.open(port)
            status, _ = await connection.request("GET", probe, {})
            await connection.close()
            if status == _OK:
                return
        await asyncio.sleep(0.05)
    raise RuntimeError(f"the server on port {port} did not become ready")
