"""Where the events of a file and what is refused of it go: into the log and the list of rejections, or nowhere, in a dry run."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.command_sender import command_sender
from tiendo_cli.context import entered_by
from tiendo_contracts.events.case_events import AcceptedEvent, entered
from tiendo_contracts.events.event_types import EXPLANATION_TYPES
from tiendo_event_store import (
    AlreadyAppended,
    Appended,
    CoalescingWriter,
    Conflict,
    EventLog,
    NewRejection,
    Outcome,
    Rejections,
)
from tiendo_event_store.access_log import append_entries
from tiendo_event_store.appending.trial import outcomes_now
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.reading.annulments import annulments
from tiendo_event_store.sources.disappeared_rows import ListedRow, note_all_disappeared

REJECTIONS_PAGE = 500
_ADDRESS = "tiendo import"
_SEEN_TABLE = "CREATE TABLE seen (source TEXT, id TEXT, digest BLOB, PRIMARY KEY (source, id)) WITHOUT ROWID"


class Keeping(Protocol):
    """What an import does with what it reads."""

    async def marked(self, events: Sequence[AcceptedEvent]) -> list[AcceptedEvent]:
        """The events; what is explained and decided, and what annuls that, marked with who gives the command, whatever the file says of that."""

    async def append(self, events: Sequence[AcceptedEvent]) -> list[Outcome]:
        """What becomes of each of the events, in order."""

    async def note(self, taken: Sequence[AcceptedEvent]) -> None:
        """Notes in the access log what was explained and decided and is new in the log."""

    async def refuse(self, refused: Sequence[NewRejection]) -> None:
        """Takes what was refused."""

    async def disappeared(self, source: str, rows: Sequence[ListedRow]) -> None:
        """Takes what of the source is listed no more: these rows and no others."""

    async def refused_before(self, request: str) -> frozenset[int]:
        """The places in the file of the request that were refused before, and are kept once."""


class _IntoLog:
    def __init__(self, engine: AsyncEngine, writer: CoalescingWriter) -> None:
        self._engine = engine
        self._rejections = Rejections(engine)
        self.append = writer.append

    async def marked(self, events: Sequence[AcceptedEvent]) -> list[AcceptedEvent]:
        found = await annulments(EventLog(self._engine), events)
        return [_marked(event, found.type_annulled(event) or event.type) for event in events]

    async def note(self, taken: Sequence[AcceptedEvent]) -> None:
        if not taken:
            return
        from tiendo_ingest.judging.explaining import access_entry

        await append_entries(self._engine, [access_entry(event, command_sender(), _ADDRESS) for event in taken])

    async def refuse(self, refused: Sequence[NewRejection]) -> None:
        await self._rejections.record(refused)

    async def disappeared(self, source: str, rows: Sequence[ListedRow]) -> None:
        with unavailable_when_unreachable():
            async with lent_driver(self._engine) as driver:
                await note_all_disappeared(driver, source, rows)

    async def refused_before(self, request: str) -> frozenset[int]:
        kept: set[int] = set()
        after = 0
        while page := await self._rejections.after(after, REJECTIONS_PAGE, request=request):
            kept.update(rejection.index for rejection in page if rejection.index is not None)
            after = page[-1].id
        return frozenset(kept)


class _Nowhere:
    """Tells what would become of events by what the log has, and by what came before in the file, which a file on the disk remembers."""

    def __init__(self, engine: AsyncEngine, seen: sqlite3.Connection) -> None:
        self._engine = engine
        self._seen = seen

    async def marked(self, events: Sequence[AcceptedEvent]) -> list[AcceptedEvent]:
        # Who entered a correction is not compared, so that it decides nothing here.
        return [_marked(event, event.type) for event in events]

    async def append(self, events: Sequence[AcceptedEvent]) -> list[Outcome]:
        in_log = await outcomes_now(self._engine, events)
        return [self._outcome(event, outcome) for event, outcome in zip(events, in_log, strict=True)]

    def _outcome(self, event: AcceptedEvent, in_log: Outcome) -> Outcome:
        """What the log would say; of what is not in it, what it would say of the second of one key."""
        if not isinstance(in_log, Appended):
            return in_log
        key = (event.source, event.id)
        found = self._seen.execute("SELECT digest FROM seen WHERE source = ? AND id = ?", key).fetchone()
        if found is None:
            self._seen.execute("INSERT INTO seen VALUES (?, ?, ?)", (*key, event.digest))
            return in_log
        return AlreadyAppended(in_log.position) if found[0] == event.digest else Conflict(in_log.position)

    async def note(self, taken: Sequence[AcceptedEvent]) -> None:
        """Nothing is kept."""

    async def refuse(self, refused: Sequence[NewRejection]) -> None:
        """Nothing is kept."""

    async def disappeared(self, source: str, rows: Sequence[ListedRow]) -> None:
        """Nothing is kept."""

    async def refused_before(self, request: str) -> frozenset[int]:  # noqa: ARG002 - nothing is kept
        return frozenset()


def _marked(event: AcceptedEvent, about: str) -> AcceptedEvent:
    return entered(event, by=entered_by()) if about in EXPLANATION_TYPES else event


@asynccontextmanager
async def keeping(engine: AsyncEngine, *, dry_run: bool) -> AsyncIterator[Keeping]:
    """What an import works on. Raises LogUnavailable."""
    if dry_run:
        # a database without a name lies in a file that goes with it
        with closing(sqlite3.connect("", isolation_level=None)) as seen:
            seen.execute(_SEEN_TABLE)
            seen.execute("BEGIN")
            yield _Nowhere(engine, seen)
        return
    async with CoalescingWriter(engine) as writer:
        yield _IntoLog(engine, writer)
