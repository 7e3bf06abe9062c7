"""A web service on a socket, until it is asked to stop."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import uvicorn
from fastapi import FastAPI

from tiendo_runtime.errors import AddressUnavailable, RuntimeFault
from tiendo_runtime.http_connection import IDLE_SECONDS, Connection
from tiendo_runtime.stop_aware_waiting import siblings

_DRAIN_SECONDS: Final = 6
_BACKLOG: Final = 2048
_POLL_SECONDS: Final = 0.05


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises AddressUnavailable."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(_BACKLOG)
    except OSError as error:
        found.close()
        raise AddressUnavailable(host, port, error.strerror or str(error)) from None
    return found


def address_of(listening: socket.socket) -> str:
    """The address of a listening socket as a user types it into a browser."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - recognised, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve_http(app: FastAPI, listening: socket.socket, stop: asyncio.Event) -> None:
    """Answer requests until `stop` is set; those that have begun get some seconds to end. Raises RuntimeFault if it cannot start."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
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
