"""The rule book as it stood at a position of the log, or as it was known at an instant."""

import asyncio
from datetime import datetime
from typing import Final

from tiendo_domain.rules import DirectoryFact, RuleBook
from tiendo_event_store import EventLog

_REMEMBERED_MAX: Final = 64


class RuleBooks:
    """Rule books made from the log's directory facts, which are read once and then only onwards.

    The log's positions have no holes, so what has been read up to a position is complete for ever.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._facts: list[DirectoryFact] = []
        self._read_up_to = 0
        self._reading = asyncio.Lock()
        self._books: dict[tuple[int, ...], RuleBook] = {}

    async def at(self, position: int, *, known_at: datetime | None = None) -> RuleBook:
        """The rule book from the facts up to `position` that had been ingested by `known_at` (None: all of them)."""
        await self._read(position)
        facts = [
            fact
            for fact in self._facts
            if fact.position <= position and (known_at is None or fact.ingested_at <= known_at)
        ]
        key = tuple(fact.position for fact in facts)
        if key not in self._books:
            while len(self._books) >= _REMEMBERED_MAX:
                del self._books[next(iter(self._books))]
            self._books[key] = RuleBook.fold(facts)
        return self._books[key]

    async def _read(self, position: int) -> None:
        if position <= self._read_up_to:
            return
        async with self._reading:
            if position > self._read_up_to:
                self._facts += await self._log.directory_facts(after=self._read_up_to, up_to=position)
                self._read_up_to = position
