"""The programs that are measured over HTTP, started and ended."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.bench.connection import Connection

READY_SECONDS = 60.0


@asynccontextmanager
async def echo_server() -> AsyncIterator[int]:
    """The port of the floor's server."""
    port = _free_port()
    async with _running(port, "/1", "-m", "tests.bench.echo", str(port)):
        yield port


@asynccontextmanager
async def web_service(data: Path) -> AsyncIterator[int]:
    """The port of tiendo's web service on the data folder."""
    port = _free_port()
    async with _running(port, "/readyz", "-m", "tiendo_cli", "serve", "web", "--port", str(port), data=data):
        yield port


@asynccontextmanager
async def projector(data: Path) -> AsyncIterator[None]:
    """A running projector on the data folder."""
    process = await _start(("-m", "tiendo_cli", "serve", "projector"), data)
    try:
        yield
    finally:
        await _end(process)


@asynccontextmanager
async def ingest(settings: Mapping[str, str]) -> AsyncIterator[int]:
    """The port of tiendo's ingest with these settings (`TIENDO_…`)."""
    port = _free_port()
    async with _running(port, "/readyz", "-m", "tiendo_cli", "serve", "ingest", "--port", str(port), settings=settings):
        yield port


@asynccontextmanager
async def relay(settings: Mapping[str, str]) -> AsyncIterator[None]:
    """A running relay with these settings."""
    process = await _start(("-m", "tiendo_cli", "serve", "relay"), None, settings)
    try:
        yield
    finally:
        await _end(process)


@asynccontextmanager
async def _running(
    port: int, probe: str, *arguments: str, data: Path | None = None, settings: Mapping[str, str] | None = None
) -> AsyncIterator[None]:
    process = await _start(arguments, data, settings)
    try:
        await _ready(port, probe, process)
        yield
    finally:
        await _end(process)


async def _start(
    arguments: tuple[str, ...], data: Path | None, settings: Mapping[str, str] | None = None
) -> asyncio.subprocess.Process:
    environment = environment_of({**({"TIENDO_DATA": str(data)} if data else {}), **(settings or {})})
    return await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment)


def environment_of(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program with these settings and no others."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("TIENDO_")}
    return {**others, "TIENDO_LOG_LEVEL": "warning", **settings}


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    await process.wait()


async def _ready(port: int, probe: str, process: asyncio.subprocess.Process) -> None:
    deadline = asyncio.get_running_loop().time() + READY_SECONDS
    while process.returncode is None and asyncio.get_running_loop().time() < deadline:
        with suppress(OSError, asyncio.IncompleteReadError):
            connection = await Connection.open(port)
            status, _ = await connection.request("GET", probe, {})
            await connection.close()
            if status == 200:
                return
        await asyncio.sleep(0.05)
    raise RuntimeError(f"the server on port {port} did not become ready")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
