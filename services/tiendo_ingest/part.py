"""Ingest as a part of a web service."""

from fastapi import APIRouter

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_ingest.routes import directory_route, events_route, national_route, rejections_route
from tiendo_ingest.serving_ingest import ingest_lifespan
from tiendo_runtime.web import ServicePart


def part() -> ServicePart:
    """The routes of ingest, and what must be open while they answer."""
    router = APIRouter()
    router.include_router(events_route.router)
    router.include_router(rejections_route.router)
    router.include_router(national_route.router)
    router.include_router(directory_route.router)
    return ServicePart(name="ingest", role=DatabaseRole.INGEST, router=router, lifespan=ingest_lifespan)
