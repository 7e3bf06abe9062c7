"""A real server on a real socket, in the test's own process."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from tests.keys import new_key, sealed
from tests.waiting import until

import tiendo_ingest
from tiendo_runtime.authentication import Bounds, Scope
from tiendo_runtime.http_connection import Connection
from tiendo_runtime.web import Running, create_service

EVENT = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
STREAM = {"Content-Type": "application/x-ndjson"}
GZIP = {"Content-Encoding": "gzip"}


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running ingest service: its address, a client that has an ingest key, and the application itself."""

    port: int
    client: httpx.AsyncClient
    secret: str
    app: FastAPI

    @property
    def running(self) -> Running:
        found = self.app.state.running
        assert isinstance(found, Running)
        return found

    async def key(
        self,
        *scopes: Scope,
        sources: list[str] | None = None,
        cases: list[str] | None = None,
        units: list[str] | None = None,
    ) -> dict[str, str]:
        """The header of a new key."""
        bounds = Bounds(sources=sources, cases=cases, units=units)
        _, secret = await new_key(self.running, *scopes, bounds=bounds)
        return {"Authorization": f"Bearer {secret}"}

    async def post(self, headers: dict[str, str], content: Any, **more: str) -> httpx.Response:
        return await self.client.post("/v1/events", headers={**headers, **more}, content=content)

    async def connect(self, headers: dict[str, str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection on which the head of a chunked request has been sent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        told = {"Host": "x", "Authorization": f"Bearer {self.secret}", "Transfer-Encoding": "chunked", **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        writer.write(f"POST /v1/events HTTP/1.1\r\n{head}\r\n".encode())
        return reader, writer


def chunk(body: bytes) -> bytes:
    """One chunk of a chunked body."""
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


@asynccontextmanager
async def served(database_url: str, data: Path) -> AsyncIterator[Served]:
    """Ingest, served on a free port of this machine."""
    app = create_service([tiendo_ingest.part()], await sealed(database_url, data), database_url)
    config = uvicorn.Config(app, log_level="warning", http=Connection, loop="none", lifespan="on", ws="none")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            await until(lambda: server.started or task.done(), what="the server listens")
            _, secret = await new_key(app.state.running, Scope.INGEST)
            headers = {"Authorization": f"Bearer {secret}"}
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
                yield Served(port=port, client=client, secret=secret, app=app)
        finally:
            server.should_exit = True
            await task
