"""The query side as a part of a service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import APIRouter, FastAPI

from tiendo_contracts.database_roles import DatabaseRole
from tiendo_query import pages
from tiendo_query.coming_minute import ComingMinute
from tiendo_query.query_side import QuerySide
from tiendo_query.resources import (
    access_log,
    cases,
    delays,
    indicators,
    log,
    officers,
    proofs,
    quality,
    reports,
    timelines,
    units,
)
from tiendo_runtime.stop_aware_waiting import beside
from tiendo_runtime.web import Running, ServicePart

_RESOURCES: Final = (timelines, cases, log, proofs, access_log, officers, units, indicators, reports, delays, quality)


def http_part() -> ServicePart:
    """The part that answers questions."""
    router = APIRouter()
    for resource in _RESOURCES:
        router.include_router(resource.router)
    router.include_router(pages.router)
    return ServicePart(
        name="query", role=DatabaseRole.QUERY, router=router, lifespan=_lifespan, problem_page=pages.problem_page
    )


@asynccontextmanager
async def _lifespan(app: FastAPI, running: Running) -> AsyncIterator[None]:
    side = QuerySide(running.engine, keeps=True)
    app.state.query_side = side
    try:
        async with beside(ComingMinute(side).run()):
            yield
    finally:
        await side.close()
