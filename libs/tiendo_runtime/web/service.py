"""A web service made of parts."""

from collections import ChainMap
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from importlib.metadata import version
from typing import Final

from fastapi import Depends, FastAPI, Request, Response
from prometheus_client import GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.registry import CollectorRegistry
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_runtime.access_notes import AccessNotes
from tiendo_runtime.authentication.issued_session_store import IssuedSessionStore
from tiendo_runtime.authentication.sealing import opened_key_store
from tiendo_runtime.authentication.sessions import SessionStore
from tiendo_runtime.authentication.sign_in_links import SignInLinks
from tiendo_runtime.database import service_engine
from tiendo_runtime.openid.issued_sessions import IssuedSessions
from tiendo_runtime.openid.people_by_issuer import people_by_issuer
from tiendo_runtime.settings import Settings
from tiendo_runtime.web import operations, pages
from tiendo_runtime.web.description import describe
from tiendo_runtime.web.head_requests import HeadRequests
from tiendo_runtime.web.limiting import Limiting
from tiendo_runtime.web.noting_access import NotingAccess
from tiendo_runtime.web.observing import Observing
from tiendo_runtime.web.parts import Check, Running, ServicePart
from tiendo_runtime.web.problem_answers import add_problem_answers
from tiendo_runtime.web.problem_pages import plain_problem_page, sign_in_path
from tiendo_runtime.web.progress_metrics import ProgressMetrics
from tiendo_runtime.web.public_address import from_own_pages
from tiendo_runtime.web.public_pages import SignInNeeded
from tiendo_runtime.web.request_limits import RequestLimits
from tiendo_runtime.web.route_guards import OPEN_TO_ALL, refuse_unguarded
from tiendo_runtime.web.sign_in import openid_routes, sign_in_form, sign_in_link_pages, sign_out

POOL_SIZE: Final = 20
_SIGNING: Final = (sign_in_form.router, sign_in_link_pages.router, openid_routes.router, sign_out.router)


def create_service(parts: Sequence[ServicePart], settings: Settings, database_url: str) -> FastAPI:
    """The application with the routes of all parts; what they share is opened when it starts."""
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    limits = RequestLimits(settings)
    app = FastAPI(
        title="tiendo",
        version=version("tiendo"),
        summary="Who held a case, for how long, and whose share of its lateness is whose",
        lifespan=_lifespan(parts, settings, database_url, registry, limits),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(from_own_pages)],
        redirect_slashes=False,
    )
    own_pages = (part.problem_page for part in parts if part.problem_page is not None)
    app.state.problem_page = next(own_pages, plain_problem_page)
    # What is asked for most stands first: the framework tries one route after the other.
    for router in (*(part.router for part in parts), operations.router, pages.router, *_SIGNING):
        app.include_router(router)
    refuse_unguarded(app, ChainMap(*(dict(part.open_to_all) for part in parts), dict(OPEN_TO_ALL)))
    add_problem_answers(app)
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_middleware(NotingAccess)
    app.add_middleware(Limiting, limits=limits, behind_proxy=settings.public_url is not None)
    app.add_middleware(Observing, registry=registry)
    app.add_middleware(HeadRequests)
    describe(app)
    return app


async def _to_sign_in(request: Request, _: Exception) -> Response:
    return Response(status_code=303, headers={"Location": sign_in_path(request)})


def _lifespan(
    parts: Sequence[ServicePart],
    settings: Settings,
    database_url: str,
    registry: CollectorRegistry,
    limits: RequestLimits,
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    progress = ProgressMetrics(registry)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            engines = {part.role: _engine(database_url, part.role, settings) for part in parts}
            for engine in engines.values():
                opened.push_async_callback(engine.dispose)
            engine = engines[parts[0].role]
            keys = await opened_key_store(engine, settings.key_secret_path)
            sessions = SessionStore(engine, keys)
            people = people_by_issuer(settings)
            if people is not None:
                opened.push_async_callback(people.issuer.close)
            access = AccessNotes(engine)
            await opened.enter_async_context(access.written())
            running = Running(
                settings=settings,
                engine=engine,
                keys=keys,
                access=access,
                limits=limits,
                sessions=sessions,
                links=SignInLinks(engine, sessions.seals),
                people=people,
                issued_sessions=IssuedSessions(
                    sessions,
                    IssuedSessionStore(engine, sessions.seals),
                    people,
                    renew_seconds=settings.oidc_renew_seconds,
                ),
                registry=registry,
                progress=progress,
            )
            running.readiness.add("database", _database_check(engine))
            app.state.running = running
            for part in parts:
                await opened.enter_async_context(part.lifespan(app, replace(running, engine=engines[part.role])))
            yield

    return lifespan


def _engine(database_url: str, role: DatabaseRole, settings: Settings) -> AsyncEngine:
    """The connections of a part; what one question may cost is bounded."""
    seconds = settings.query_seconds if role is DatabaseRole.QUERY else None
    return service_engine(database_url, role, pool_size=POOL_SIZE, statement_seconds=seconds)


def _database_check(engine: AsyncEngine) -> Check:
    async def check() -> str | None:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
        return None

    return check
