"""A small service for tests of the frame, called without a network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from tests.keys import sealed

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_read_models.errors import NoLiveBuild
from tiendo_runtime.authentication import Key, Scope
from tiendo_runtime.settings import load_settings
from tiendo_runtime.web import Running, ServicePart, create_service, requires, running_of

router = APIRouter()
OPEN = [
    f"GET /v1/{name}"
    for name in ("kept", "broken", "refused", "unreachable", "not-there-yet", "overloaded", "needs", "spoil")
]


@router.get("/v1/read/{number}")
async def read(number: int, key: Annotated[Key, Depends(requires(Scope.READ))]) -> dict[str, object]:
    return {"number": number, "scopes": sorted(key.scopes)}


@router.post("/v1/send")
async def send(request: Request, key: Annotated[Key, Depends(requires(Scope.INGEST))]) -> dict[str, object]:
    return {"key_id": key.key_id, "length": len(await request.body())}


@router.get("/v1/kept")
async def kept() -> Response:
    return Response("x", headers={"Cache-Control": "public, max-age=300", "ETag": '"x"'})


@router.get("/v1/broken")
async def broken() -> None:
    raise ValueError("a secret: SELECT 1 FROM /etc/passwd")


@router.get("/v1/refused")
async def refused() -> None:
    raise Refusal(ProblemKind.CURSOR_INVALID, field="cursor")


@router.get("/v1/unreachable")
async def unreachable() -> None:
    raise ConnectionRefusedError(111, "/secret/path")


@router.get("/v1/not-there-yet")
async def not_there_yet() -> None:
    raise NoLiveBuild


@router.get("/v1/overloaded")
async def overloaded() -> None:
    raise Refusal(ProblemKind.OVERLOADED)


@router.get("/v1/needs")
async def needs(stat: str) -> dict[str, str]:
    return {"stat": stat}


async def _not_yet() -> str | None:
    return "still warming up"


@router.get("/v1/spoil")
async def spoil(request: Request) -> None:
    running_of(request).readiness.add("warmth", _not_yet)


@asynccontextmanager
async def lifespan(_app: FastAPI, _running: Running) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def service(database_url: str) -> AsyncIterator[tuple[httpx.AsyncClient, Running]]:
    """A client of the service, and what its parts share."""
    settings = await sealed(database_url, load_settings().data)
    open_to_all = dict.fromkeys(OPEN, "a test")
    part = ServicePart(name="test", role=DatabaseRole.QUERY, router=router, lifespan=lifespan, open_to_all=open_to_all)
    app = create_service([part], settings, database_url)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://tiendo.test") as client:
            yield client, app.state.running
