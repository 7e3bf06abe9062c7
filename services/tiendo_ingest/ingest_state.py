"""What the routes of ingest share while the service runs."""

import asyncio
from collections import Counter as Statuses
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field

import structlog
from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Gauge
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store import CoalescingWriter, EventLog, Rejections
from tiendo_ingest.intake import Intake
from tiendo_ingest.judging.directory_book import DirectoryBook
from tiendo_ingest.judging.told_cases import ToldCases
from tiendo_ingest.routes.receipts import Receipt
from tiendo_runtime.access_notes import AccessNotes

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
    cases: ToldCases
    access: AccessNotes
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
async def opened_ingest(
    engine: AsyncEngine, registry: CollectorRegistry, access: AccessNotes | None = None
) -> AsyncIterator[Ingest]:
    """The way into the log, open for the block, with its metrics in the registry; what is to be noted goes to `access`, else is written with it."""
    log, rejections = EventLog(engine), Rejections(engine)
    own = AccessNotes(engine)
    async with nullcontext() if access is not None else own.written(), CoalescingWriter(engine) as writer:
        waiting = Gauge("tiendo_ingest_waiting_events", "Events that wait or are being written", registry=registry)
        waiting.set_function(lambda: writer.pending_events)
        yield Ingest(
            engine=engine,
            intake=Intake(writer, rejections),
            log=log,
            rejections=rejections,
            directory=DirectoryBook(log),
            cases=ToldCases(log),
            access=access or own,
            events=Counter("tiendo_ingest_events", "Events by what became of them", ["status"], registry=registry),
        )
