"""Programs of the tests as real HTTP servers, in the test's own process."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from tests.waiting import until

Application = Callable[[dict[str, Any], Callable[[], Any], Callable[[dict[str, Any]], Any]], Any]
"""An ASGI application."""


@asynccontextmanager
async def served_over_http(application: Application) -> AsyncIterator[str]:
    """The address under which the application answers within the block."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(application, log_config=None, lifespan="off", timeout_graceful_shutdown=1)  # type: ignore[arg-type] # an ASGI application
    server = _Server(config)
    task = asyncio.ensure_future(server.serve([listening]))
    try:
        await until(lambda: server.started, what="the server answers")
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        await task
        listening.close()


class _Server(uvicorn.Server):
    """A server that leaves the signals to the tests."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
