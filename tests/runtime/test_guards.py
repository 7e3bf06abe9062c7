"""Nobody can forget to ask who calls: an application with an address that nobody guards is not made."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import tiendo_ingest
import tiendo_query
from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_runtime.authentication import Caller, Scope
from tiendo_runtime.settings import Settings
from tiendo_runtime.web import Running, ServicePart, create_service, requires
from tiendo_runtime.web.route_guards import OPEN_TO_ALL, RouteUnguarded, addresses_of, refuse_unguarded

URL = "postgresql://nowhere/nothing"


async def answer() -> None:
    """What somebody adds."""


async def guarded(_: Annotated[Caller, Depends(requires(Scope.READ))]) -> None:
    """The same, and somebody asks who calls."""


@asynccontextmanager
async def nothing(_app: FastAPI, _running: Running) -> AsyncIterator[None]:
    yield


def made(router: APIRouter, **more: object) -> FastAPI:
    part = ServicePart(name="test", role=DatabaseRole.QUERY, router=router, lifespan=nothing, **more)  # type: ignore[arg-type]
    return create_service([part], Settings(), URL)


def test_an_address_that_nobody_guards_keeps_the_service_from_being_made() -> None:
    router = APIRouter()
    router.add_api_route("/v1/forgotten", answer)
    with pytest.raises(RouteUnguarded, match="/v1/forgotten"):
        made(router)
    assert made(router, open_to_all={"GET /v1/forgotten": "a test"})


def test_a_guard_of_the_route_of_its_router_or_among_its_parameters_is_one() -> None:
    router = APIRouter()
    router.add_api_route("/v1/a", guarded)
    router.add_api_route("/v1/b", answer, dependencies=[Depends(requires(Scope.ADMIN))])
    whole = APIRouter(dependencies=[Depends(requires(Scope.READ, Scope.INGEST))])
    whole.add_api_route("/v1/c", answer)
    router.include_router(whole)
    assert made(router)


def test_a_route_of_another_framework_is_not_guarded() -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.router.routes.append(Route("/v1/plain", lambda _: PlainTextResponse("")))
    with pytest.raises(RouteUnguarded):
        refuse_unguarded(app, {})


def test_the_addresses_open_to_all_are_few_and_each_is_there() -> None:
    app = create_service([tiendo_ingest.part(), tiendo_query.part()], Settings(), URL)
    there = {address for address, _ in addresses_of(app)}
    assert OPEN_TO_ALL.keys() <= there
    assert len(OPEN_TO_ALL) <= 28
    for address in OPEN_TO_ALL:
        with pytest.raises(RouteUnguarded, match=re.escape(address)):
            refuse_unguarded(app, {other: why for other, why in OPEN_TO_ALL.items() if other != address})


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_is_open_to_all_is_so_for_its_method_alone(method: str) -> None:
    router = APIRouter()
    router.add_api_route("/v1/log/checkpoint", answer, methods=[method])
    with pytest.raises(RouteUnguarded, match=f"{method} /v1/log/checkpoint"):
        made(router)
