"""The directory as it is known now, read from the log once and then only onwards."""

import asyncio

from tiendo_domain.rules import RuleBook
from tiendo_event_store import EventLog
from tiendo_sources.national.directory import NameDirectory


class DirectoryBook:
    """What is configured, ready to be asked by name."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._book = RuleBook()
        self._directory: NameDirectory | None = None
        self._read_up_to = 0
        self._reading = asyncio.Lock()

    async def now(self) -> NameDirectory:
        """The directory from all facts that were in the log when it was asked for; raises LogUnavailable."""
        async with self._reading:
            facts = await self._log.directory_facts(after=self._read_up_to)
            if facts:
                self._book = self._book.extended(facts)
                self._read_up_to = facts[-1].position
            if facts or self._directory is None:
                self._directory = await asyncio.to_thread(NameDirectory, self._book)
            return self._directory
