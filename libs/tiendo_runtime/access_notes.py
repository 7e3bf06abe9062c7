"""Looks at cases and people, collected in memory and written into the access log together, at most a second later and before the service ends."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.access_log import AccessEntry, append_entries
from tiendo_event_store.errors import LogUnavailable
from tiendo_event_store.faults import DATABASE_FAULTS
from tiendo_runtime.stop_aware_waiting import beside

WRITTEN_AFTER_SECONDS: Final = 0.5
WAITING_MAX: Final = 100_000
"""So many entries wait while the database is away; then the oldest give way, and the journal says how many."""

_AT_ONCE: Final = 1_000
_AGAIN_SECONDS: Final = 5.0
_REMEMBERED_MAX: Final = 50_000

_journal = structlog.get_logger("tiendo.access")


class AccessNotes:
    """Takes entries without making anybody wait."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiting: deque[AccessEntry] = deque()
        self._noted: set[tuple[object, ...]] = set()
        self._wake = asyncio.Event()
        self._lost = 0

    def note(self, entry: AccessEntry) -> None:
        """Note an entry; what is noted once an hour is not taken twice."""
        if (once := entry.once) is not None:
            if once in self._noted:
                return
            if len(self._noted) >= _REMEMBERED_MAX:
                self._noted.clear()  # the database knows them too
            self._noted.add(once)
        if len(self._waiting) >= WAITING_MAX:
            self._waiting.popleft()
            self._lost += 1
        self._waiting.append(entry)
        self._wake.set()

    @asynccontextmanager
    async def written(self) -> AsyncIterator[None]:
        """Write what is noted within the block; what waits at its end is written before it is left."""
        try:
            async with beside(self._write_for_ever(), name="writing the access log"):
                yield
        finally:
            await self._write_rest()

    async def _write_for_ever(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(WRITTEN_AFTER_SECONDS)
            self._wake.clear()
            if not await self.write():
                self._wake.set()
                await asyncio.sleep(_AGAIN_SECONDS)

    async def write(self) -> bool:
        """Whether all that waits has been written; what could not be stays."""
        while self._waiting:
            batch = [self._waiting[index] for index in range(min(_AT_ONCE, len(self._waiting)))]
            try:
                # What is under way is brought to its end: an entry is neither lost nor written twice because somebody stops.
                await asyncio.shield(append_entries(self._engine, batch))
            except (LogUnavailable, *DATABASE_FAULTS) as error:
                _journal.warning(
                    "the access log cannot be written", waiting=len(self._waiting), lost=self._lost, cause=repr(error)
                )
                return False
            for _ in batch:
                self._waiting.popleft()
        return True

    async def _write_rest(self) -> None:
        if not await self.write():
            _journal.error("looks were not noted in the access log", lost=len(self._waiting) + self._lost)
