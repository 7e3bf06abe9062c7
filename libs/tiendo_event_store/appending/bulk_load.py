"""Bringing many events into the log at once, for imports and demonstrations."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.outcomes import Outcome
from tiendo_event_store.stored import case_candidate

_CHUNK_EVENTS_MAX = 5_000


class BulkLoader:
    """An asynchronous context over which large batches are appended in transactions of thousands of events, with the outcomes that each would have alone."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._appender = Appender(engine)

    async def __aenter__(self) -> Self:
        await self._appender.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._appender.__aexit__(kind, error, traceback)

    async def append(self, events: Sequence[AcceptedEvent]) -> list[Outcome]:
        """One outcome per event, in order, durable; a transaction for each 5,000. Raises LogUnavailable."""
        outcomes: list[Outcome] = []
        for start in range(0, len(events), _CHUNK_EVENTS_MAX):
            chunk = [case_candidate(event) for event in events[start : start + _CHUNK_EVENTS_MAX]]
            outcomes += await self._appender.append(chunk)
        return outcomes
