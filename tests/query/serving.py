"""The whole service on a real socket, with a projector, in the test's own process; and questions to it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.keys import new_key, sealed
from tests.projector.logs import send
from tests.waiting import until

import tiendo_ingest
import tiendo_projector
import tiendo_query
from tiendo_event_store import EventLog
from tiendo_query.query_side import QuerySide
from tiendo_query.sight.bound_side import EVERYTHING, QuerySides
from tiendo_read_models.builds import reached_position, reading
from tiendo_read_models.tables import metadata
from tiendo_runtime.authentication import Scope
from tiendo_runtime.settings import Settings
from tiendo_runtime.web import create_service


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A running service and a client that has a key of the scopes read and ingest."""

    app: FastAPI
    client: httpx.AsyncClient
    engine: AsyncEngine
    port: int
    secret: str

    @property
    def side(self) -> QuerySide:
        """What answers the questions of whoever sees everything."""
        sides = self.app.state.query_sides
        assert isinstance(sides, QuerySides)
        return sides.seeing(EVERYTHING)

    async def tell(self, texts: Iterable[str]) -> None:
        """Put events into the log and wait until they are projected."""
        await send(self.engine, texts)
        await self.caught_up()

    async def caught_up(self) -> None:
        """Wait until the read models reflect the whole log."""
        head = await EventLog(self.engine).head()

        async def reached() -> bool:
            return await reached_position(self.engine) >= head

        await until(reached, seconds=60, what="the projection reaches the head of the log")

    async def settled(self) -> None:
        """The same, and nothing is left to be folded again, as it is after rules have changed."""
        await self.caught_up()

        async def nothing_left() -> bool:
            async with reading(self.engine) as reader:
                return (await reader.connection.execute(metadata.tables["refolds"].select())).first() is None

        await until(nothing_left, seconds=60, what="every case has been folded by the new rules")

    async def get(self, path: str, status: int = 200, **parameters: Any) -> Any:
        """The JSON of an answer that has the status."""
        response = await self.raw(path, **parameters)
        assert response.status_code == status, response.text
        return response.json()

    async def raw(self, path: str, headers: Mapping[str, str] | None = None, **parameters: Any) -> httpx.Response:
        """The answer to a question; a trailing underscore is no part of a parameter's name."""
        asked = {name.rstrip("_"): value for name, value in parameters.items()}
        return await self.client.get(path, params=asked or None, headers=headers)

    async def all_items(self, path: str, **parameters: Any) -> list[Any]:
        """The items of all pages."""
        items: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, **parameters, **cursor)
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = {"cursor": page["next"]}


@asynccontextmanager
async def asked_service(
    database_url: str,
    engine: AsyncEngine,
    data: Path,
    *,
    follows: Settings | None = None,
    settings: Mapping[str, Any] | None = None,
) -> AsyncIterator[Asked]:
    """Ingest, query side and projector over one database; with `follows` the projector takes other logs from topics. `settings`: further ones."""
    with_settings = (await sealed(database_url, data)).model_copy(update=settings)
    app = create_service([tiendo_ingest.part(), tiendo_query.part()], with_settings, database_url)
    stop = asyncio.Event()
    project = tiendo_projector.run if follows is None else tiendo_projector.run_over_kafka
    projector = asyncio.ensure_future(project(follows or Settings(data=data), database_url, stop))
    try:
        async with listening(app) as port:
            await until(lambda: _is_live(engine), what="a build is live")
            _, secret = await new_key(app.state.running, Scope.INGEST, Scope.READ)
            async with client_of(port, secret) as client:
                yield Asked(app=app, client=client, engine=engine, port=port, secret=secret)
    finally:
        stop.set()
        await asyncio.wait_for(projector, 60)


@asynccontextmanager
async def listening(app: FastAPI, port: int = 0) -> AsyncIterator[int]:
    """The port on which the service answers, in this process; any that is free, unless one is named."""
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", http="httptools", loop="none", lifespan="on", ws="none")
    )
    with socket.create_server(("127.0.0.1", port)) as opened:
        serving = asyncio.create_task(server.serve(sockets=[opened]))
        try:
            await until(lambda: server.started or serving.done(), what="the server listens")
            yield opened.getsockname()[1]
        finally:
            server.should_exit = True
            await serving


def client_of(port: int, secret: str) -> httpx.AsyncClient:
    """A client of the service on that port, with a key."""
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60)


async def _is_live(engine: AsyncEngine) -> bool:
    return await reached_position(engine) > 0
