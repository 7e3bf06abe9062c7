"""A web service on a socket, until it is asked to stop."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import uvicorn
from fastapi import FastAPI

from tiendo_runtime.errors import RuntimeFault
from tiendo_runtime.http_connection import IDLE_SECONDS, Connection
from tiendo_runtime.stop_aware_waiting import siblings

_DRAIN_SECONDS: Final = 6


async def serve_http(app: FastAPI, listening: socket.socket, stop: asyncio.Event) -> None:
    """Answer requests until `stop` is set; those that have begun get some seconds to end. Raises RuntimeFault if it cannot start."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whose address it is, is decided in `web/limiting.py`, and TLS by TIENDO_PUBLIC_URL
        timeout_graceful_shutdown=_DRAIN_SECONDS,
        timeout_keep_alive=IDLE_SECONDS,
        http=Connection,
        ws="none",
        lifespan="on",
    )
    server = _Server(config)
    async with siblings() as group:
        watching = group.create_task(server.exit_after(stop))
        with suppress(SystemExit):
            await server.serve([listening])
        watching.cancel()
    if not server.started:
        raise RuntimeFault("the web service could not start; the journal says why")


class _Server(uvicorn.Server):
    """uvicorn's server without its own handling of signals: the process has one place for that."""

    async def exit_after(self, stop: asyncio.Event) -> None:
        """Let the server end once the process is asked to stop."""
        await stop.wait()
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
