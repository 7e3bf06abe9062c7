"""The query side as a part of a service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import APIRouter, FastAPI

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_query import pages
from tiendo_query.live_news import OpenPages
from tiendo_query.query_side import QuerySide
from tiendo_query.resources import (
    access_log,
    breakdowns,
    cases,
    delays,
    difficulties,
    early_warnings,
    explanations,
    forms,
    indicators,
    log,
    officers,
    procedures,
    proofs,
    publications,
    quality,
    reports,
    timelines,
    units,
    waiting,
)
from tiendo_query.sight.bound_side import QuerySides
from tiendo_query.sums.coming_minute import ComingMinute
from tiendo_runtime.database import service_engine
from tiendo_runtime.stop_aware_waiting import beside
from tiendo_runtime.web import Running, ServicePart

_POOL_SIZE: Final = 20
_RESOURCES: Final = (
    timelines,
    cases,
    waiting,
    early_warnings,
    log,
    proofs,
    access_log,
    officers,
    units,
    indicators,
    reports,
    delays,
    quality,
    forms,
    breakdowns,
    procedures,
    explanations,
    difficulties,
)


def http_part() -> ServicePart:
    """The part that answers questions."""
    router = APIRouter()
    for resource in _RESOURCES:
        router.include_router(resource.router)
    router.include_router(publications.router)
    router.include_router(publications.steps)
    router.include_router(pages.router)
    return ServicePart(
        name="query", role=DatabaseRole.QUERY, router=router, lifespan=_lifespan, problem_page=pages.problem_page
    )


@asynccontextmanager
async def _lifespan(app: FastAPI, running: Running) -> AsyncIterator[None]:
    url = running.engine.url.render_as_string(hide_password=False)
    seconds = running.settings.query_seconds
    engine = service_engine(url, DatabaseRole.QUERY_ALL, pool_size=_POOL_SIZE, statement_seconds=seconds)
    everything = QuerySide(engine, keeps=True)
    app.state.query_sides = QuerySides(everything, running.engine)
    app.state.open_pages = OpenPages(engine)
    try:
        async with beside(ComingMinute(everything).run()):
            yield
    finally:
        await everything.close()
        await engine.dispose()
