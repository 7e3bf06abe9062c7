"""What a file that lists everything of its source lists no more: rows that an earlier one listed, by what the log has of the source.

A case of which the file says nothing has disappeared as a whole. Of one that it lists a step is missed where the very step is not told, and what says of
the case that something happened where nothing of that kind is told any more: what is told of another instant was changed, and shows as that.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_contracts.events.event_types import CORRECTED_TYPE, event_type
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.facts import Assigned, Worked
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.sources.disappeared_rows import ListedRow
from tiendo_sources.formats import Entry

_PAGE: Final = 5_000
_OF_STEPS: Final = frozenset({event_type(Assigned), event_type(Worked)})
_TABLES: Final = """
CREATE TABLE ids (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE kinds (case_id TEXT, type TEXT, PRIMARY KEY (case_id, type)) WITHOUT ROWID;
CREATE TABLE refused (case_id TEXT PRIMARY KEY) WITHOUT ROWID;
BEGIN;
"""
_TOLD: Final = """
SELECT id, subject, type FROM tiendo.events
 WHERE log_id IS NULL AND source = $1 AND id > $2 AND shard IS NOT NULL AND type <> $3 ORDER BY id LIMIT $4
"""
_TAKEN_BACK: Final = """
SELECT text::json #>> '{data,annuls,id}' AS id FROM tiendo.events
 WHERE shard IS NOT NULL AND subject = ANY ($1::text[]) AND type = $2 AND text::json #>> '{data,annuls,source}' = $3
"""


class WholeListing:
    """What a file lists of its source, remembered on the disk; `is_complete` tells whether each refused row says what it is about."""

    def __init__(self, source: str, listed: sqlite3.Connection) -> None:
        self.source = source
        self._listed = listed
        self.is_complete = True

    def note(self, entries: Sequence[Entry]) -> None:
        """These stand in the file, taken or not."""
        events = [entry.content for entry in entries if isinstance(entry.content, AcceptedEvent)]
        self._listed.executemany("INSERT OR IGNORE INTO ids VALUES (?)", [(event.id,) for event in events])
        self._listed.executemany(
            "INSERT OR IGNORE INTO kinds VALUES (?, ?)", [(event.case_id, event.type) for event in events]
        )
        for entry in entries:
            if isinstance(entry.content, Refusal):
                self._note_refused(entry, entry.content)

    def _note_refused(self, entry: Entry, refusal: Refusal) -> None:
        if entry.case_id is not None:
            self._listed.execute("INSERT OR IGNORE INTO refused VALUES (?)", (entry.case_id,))
        elif refusal.kind is not ProblemKind.FILE_ROW_WITHOUT_CASE:
            self.is_complete = False

    async def disappeared(self, engine: AsyncEngine) -> list[ListedRow]:
        """The rows that the log has of the source and the file has not, nobody having taken them back; sorted. Raises LogUnavailable."""
        found: set[ListedRow] = set()
        with unavailable_when_unreachable():
            async with lent_driver(engine) as driver:
                async for page in self._told(driver):
                    missed = await asyncio.to_thread(self._missed, page)
                    found.update(await self._not_taken_back(driver, missed))
        return sorted(found)

    async def _told(self, driver: asyncpg.Connection) -> AsyncIterator[Sequence[asyncpg.Record]]:
        after = ""
        while page := await driver.fetch(_TOLD, self.source, after, CORRECTED_TYPE, _PAGE):
            yield page
            after = page[-1]["id"]

    def _missed(self, page: Sequence[asyncpg.Record]) -> list[tuple[str, ListedRow]]:
        """The events of the page that are missed, by their ids."""
        return [
            (event["id"], ListedRow(case_id=event["subject"], item=item))
            for event in page
            if (item := self._item(event["id"], event["subject"], event["type"])) is not None
        ]

    def _item(self, identity: str, case_id: str, kind: str) -> str | None:
        """What is missed where this event is: its case, or its row; None where the file lists it, or refused a row of its case."""
        if self._has("SELECT 1 FROM ids WHERE id = ?", identity) or self._has(
            "SELECT 1 FROM refused WHERE case_id = ?", case_id
        ):
            return None
        if not self._has("SELECT 1 FROM kinds WHERE case_id = ?", case_id):
            return case_id
        changed = kind not in _OF_STEPS and self._has(
            "SELECT 1 FROM kinds WHERE case_id = ? AND type = ?", case_id, kind
        )
        return None if changed else identity

    def _has(self, question: str, *values: str) -> bool:
        return self._listed.execute(question, values).fetchone() is not None

    async def _not_taken_back(
        self, driver: asyncpg.Connection, missed: Sequence[tuple[str, ListedRow]]
    ) -> Iterator[ListedRow]:
        cases = list({row.case_id for _, row in missed})
        rows = await driver.fetch(_TAKEN_BACK, cases, CORRECTED_TYPE, self.source) if cases else []
        taken_back = {row["id"] for row in rows}
        return (row for identity, row in missed if identity not in taken_back)


@contextmanager
def whole_listing(source: str | None) -> Iterator[WholeListing | None]:
    """What is remembered of a file that lists everything of the source; None where it does not say so."""
    if source is None:
        yield None
        return
    # a database without a name lies in a file that goes with it; looked at by one thread at a time
    with closing(sqlite3.connect("", isolation_level=None, check_same_thread=False)) as listed:
        listed.executescript(_TABLES)
        yield WholeListing(source, listed)
