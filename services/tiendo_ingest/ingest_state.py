"""What the routes of ingest share while the service runs."""

import asyncio
from collections import Counter as Statuses
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from fastapi import FastAPI, Request
from prometheus_client import CollectorRegistry, Counter, Gauge
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store import CoalescingWriter, EventLog, LogUnavailable, Rejections
from tiendo_event_store.writability import Writability
from tiendo_ingest.access_upkeep import keep_up_for_ever
from tiendo_ingest.checkpoint_signing import signing
from tiendo_ingest.directory_book import DirectoryBook
from tiendo_ingest.intake import Intake
from tiendo_ingest.receipts import Receipt
from tiendo_runtime.stop_aware_waiting import beside
from tiendo_runtime.web import Running

_ERASING_SECONDS = 3600.0
_DIVIDED_AT_ONCE_MAX = 2
# Each holds a connection for its locks while it takes others for reading and writing.
_TRANSLATED_AT_ONCE_MAX = 4

_journal = structlog.get_logger("tiendo.ingest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """The way into the log, the log itself, the list of what was refused, the count of both, and the right to take a batch apart in memory.

    `engine` is what all of them connect by.
    """

    engine: AsyncEngine
    intake: Intake
    log: EventLog
    rejections: Rejections
    directory: DirectoryBook
    events: Counter
    dividing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_DIVIDED_AT_ONCE_MAX))
    translating: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_TRANSLATED_AT_ONCE_MAX))

    def count(self, receipts: Iterable[Receipt]) -> None:
        """Add to the metrics what became of some events."""
        for status, number in Statuses(receipt.status for receipt in receipts).items():
            self.events.labels(status.value).inc(number)


def ingest_of(request: Request) -> Ingest:
    """What the routes share, as seen from a request."""
    ingest = request.app.state.ingest
    assert isinstance(ingest, Ingest)  # noqa: S101 - set by the part's lifespan before any request
    return ingest


@asynccontextmanager
async def opened_ingest(engine: AsyncEngine, registry: CollectorRegistry) -> AsyncIterator[Ingest]:
    """The way into the log, open for the block, with its metrics in the registry."""
    log, rejections = EventLog(engine), Rejections(engine)
    async with CoalescingWriter(engine) as writer:
        waiting = Gauge("tiendo_ingest_waiting_events", "Events that wait or are being written", registry=registry)
        waiting.set_function(lambda: writer.pending_events)
        yield Ingest(
            engine=engine,
            intake=Intake(writer, rejections),
            log=log,
            rejections=rejections,
            directory=DirectoryBook(log),
            events=Counter("tiendo_ingest_events", "Events by what became of them", ["status"], registry=registry),
        )


@asynccontextmanager
async def ingest_lifespan(app: FastAPI, running: Running) -> AsyncIterator[None]:
    """Open the writer, and erase old raw texts now and every hour, until the service stops."""
    running.readiness.add("event log", Writability(running.engine).reason)
    async with opened_ingest(running.engine, running.registry) as ingest:
        app.state.ingest = ingest
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
