"""What must be open while the routes of ingest answer, and what goes on beside them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from tiendo_event_store import LogUnavailable, Rejections
from tiendo_event_store.appending.writability import Writability
from tiendo_ingest.access_upkeep import keep_up_for_ever
from tiendo_ingest.checkpoint_signing import signing
from tiendo_ingest.ingest_state import opened_ingest
from tiendo_ingest.taking import PagesIntake
from tiendo_runtime.stop_aware_waiting import beside
from tiendo_runtime.web import Running

_ERASING_SECONDS = 3600.0

_journal = structlog.get_logger("tiendo.ingest")


@asynccontextmanager
async def ingest_lifespan(app: FastAPI, running: Running) -> AsyncIterator[None]:
    """Open the writer, and erase old raw texts now and every hour, until the service stops."""
    running.readiness.add("event log", Writability(running.engine).reason)
    async with opened_ingest(running.engine, running.registry, running.access) as ingest:
        app.state.ingest = ingest
        app.state.explanation_intake = PagesIntake(ingest)
        async with (
            signing(running),
            beside(_erase_for_ever(ingest.rejections), name="erasing old raw texts"),
            beside(keep_up_for_ever(running.engine, running.settings.access_log_days), name="the access log's upkeep"),
        ):
            yield


async def _erase_for_ever(rejections: Rejections) -> None:
    while True:
        try:
            erased = await rejections.erase_old_raw()
        except LogUnavailable:
            _journal.warning("old raw texts not erased, the database does not answer; trying again later")
        else:
            if erased:
                _journal.info("old raw texts erased", count=erased)
        await asyncio.sleep(_ERASING_SECONDS)
