"""A web service on a socket, until it is asked to stop."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tiendo_runtime.errors import RuntimeFault
from tiendo_runtime.http_connection import IDLE_SECONDS, Connection
from tiendo_runtime.stop_aware_waiting import beside, siblings

_DRAIN_SECONDS: Final = 6


async def serve_http(app: FastAPI, listening: socket.socket, stop: asyncio.Event) -> None:
    """Answer requests until `stop` is set; those that have begun get some seconds to end, and a start is broken off.

    Raises RuntimeFault if it cannot start.
    """
    app.state.stopping = stop  # for answers that go on until something happens
    config = uvicorn.Config(
        _broken_off(app, stop),
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
    if not server.started and not stop.is_set():
        raise RuntimeFault("the web service could not start; the journal says why")


def _broken_off(app: FastAPI, stop: asyncio.Event) -> ASGIApp:
    """The service, whose start does not go on waiting, such as for a lock of the database, once the process is asked to stop."""

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        has_started = asyncio.Event()

        async def tell(message: Message) -> None:
            if stop.is_set() and message["type"] == "lifespan.startup.failed":
                message = {"type": message["type"]}  # without a traceback: nothing is wrong
            has_started.set()
            await send(message)

        whole = asyncio.ensure_future(app(scope, receive, tell))

        async def give_up() -> None:
            await stop.wait()
            if not has_started.is_set():
                whole.cancel()

        async with beside(give_up()):
            try:
                await whole
            except asyncio.CancelledError:
                if not stop.is_set():
                    raise

    return called


class _Server(uvicorn.Server):
    """uvicorn's server without its own handling of signals: the process has one place for that."""

    async def exit_after(self, stop: asyncio.Event) -> None:
        """Let the server end once the process is asked to stop."""
        await stop.wait()
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
