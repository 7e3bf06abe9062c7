"""The coalescing writer: many callers, one appending transaction at a time, as many waiting events in each as fit (group commit)."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.errors import LogUnavailable, WriterOverloaded
from tiendo_event_store.outcomes import Outcome
from tiendo_event_store.stored import Candidate, case_candidate, directory_candidate

PENDING_MAX = 20_000
PENDING_CHARACTERS_MAX = 64 * 1024 * 1024
BATCH_MAX = 1_000
_CLOSING_SECONDS = 20.0
_CLOSED = "the writer is closed"


@dataclass(slots=True, kw_only=True, eq=False)
class _Call:
    """One call of append: its events, the outcomes known so far, and who waits for them."""

    events: Sequence[Candidate]
    answer: asyncio.Future[list[Outcome]]
    taken: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    def take(self, count_max: int) -> Sequence[Candidate]:
        """The next events that are to be written, at most `count_max`."""
        part = self.events[self.taken : self.taken + count_max]
        self.taken += len(part)
        return part

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Add the outcomes of the events taken last, and answer once there is one for each event."""
        self.outcomes += outcomes
        if len(self.outcomes) == len(self.events) and not self.answer.done():
            self.answer.set_result(self.outcomes)

    def fail(self, error: Exception) -> None:
        """Answer with an error."""
        if not self.answer.done():
            self.answer.set_exception(error)


class CoalescingWriter:
    """An asynchronous context whose `append` may be called by any number of tasks; one per ingest process.

    `pending_max` bounds the events that wait or are being written, `pending_characters_max` the characters of their texts;
    `batch_max` the events of one transaction. One call of more than that is taken all the same when nothing else waits.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        pending_max: int = PENDING_MAX,
        pending_characters_max: int = PENDING_CHARACTERS_MAX,
        batch_max: int = BATCH_MAX,
    ) -> None:
        self._appender = Appender(engine)
        self._pending_max = pending_max
        self._pending_characters_max = pending_characters_max
        self._batch_max = batch_max
        self._pending = 0
        self._pending_characters = 0
        self._calls: deque[_Call] = deque()
        self._wake = asyncio.Event()
        self._open = False
        self._task: asyncio.Task[None] | None = None

    @property
    def pending_events(self) -> int:
        """How many events wait or are being written."""
        return self._pending

    async def __aenter__(self) -> Self:
        self._open = True
        self._task = asyncio.create_task(self._write_until_closed(), name="coalescing writer")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Write what waits, for a limited time unless by an error, and close; whoever still waits then gets LogUnavailable."""
        self._open = False
        self._wake.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=_CLOSING_SECONDS if error is None else 0)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._fail_waiting(LogUnavailable(_CLOSED))
        await self._appender.__aexit__(kind, error, traceback)

    async def append(self, events: Sequence[AcceptedEvent]) -> list[Outcome]:
        """One outcome per event, in order, once all are durable; those appended have rising positions in the order given.

        Raises LogUnavailable (nothing is claimed; some may be stored, and are recognised when sent again) and WriterOverloaded (nothing was taken).
        """
        self._refuse_overload(len(events), sum(len(event.text) for event in events))
        return await self._written([case_candidate(event) for event in events])

    async def append_directory(self, events: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        """The same for directory facts as `directory_event` makes them; raises for one that could not be read back, storing none."""
        candidates = [directory_candidate(event) for event in events]
        self._refuse_overload(len(candidates), sum(len(event.text) for event in candidates))
        return await self._written(candidates)

    def _refuse_overload(self, count: int, characters: int) -> None:
        if not self._open:
            raise LogUnavailable(_CLOSED)
        for waiting, added, waiting_max, unit in (
            (self._pending, count, self._pending_max, "events"),
            (self._pending_characters, characters, self._pending_characters_max, "characters"),
        ):
            # A call larger than the limit is taken when nothing waits: it could never be taken otherwise.
            if self._pending and waiting + added > waiting_max:
                raise WriterOverloaded(waiting=waiting, waiting_max=waiting_max, unit=unit)

    async def _written(self, events: Sequence[Candidate]) -> list[Outcome]:
        if not events:
            return []
        call = _Call(events=events, answer=asyncio.get_running_loop().create_future())
        characters = sum(len(event.text) for event in events)
        self._pending += len(events)
        self._pending_characters += characters
        self._calls.append(call)
        self._wake.set()
        try:
            return await call.answer
        finally:
            self._pending -= len(events)
            self._pending_characters -= characters

    async def _write_until_closed(self) -> None:
        while True:
            parts = self._take()
            if parts:
                await self._write(parts)
            elif self._open:
                self._wake.clear()
                await self._wake.wait()
            else:
                return

    def _take(self) -> list[tuple[_Call, Sequence[Candidate]]]:
        """The next events of the waiting calls, first come first served, together at most a batch."""
        parts: list[tuple[_Call, Sequence[Candidate]]] = []
        room = self._batch_max
        while self._calls and room:
            call = self._calls[0]
            # Nobody waits for a call that was given up or has failed: what is left of it is not written.
            part = () if call.answer.done() else call.take(room)
            if part:
                parts.append((call, part))
                room -= len(part)
            if call.answer.done() or call.taken == len(call.events):
                self._calls.popleft()
        return parts

    async def _write(self, parts: Sequence[tuple[_Call, Sequence[Candidate]]]) -> None:
        """Append a batch and answer the calls whose last events were in it. What fails, fails those who are waiting, not the writer."""
        try:
            outcomes = await self._appender.append([event for _, part in parts for event in part])
        except asyncio.CancelledError:
            self._fail([call for call, _ in parts], LogUnavailable(_CLOSED))
            raise
        except LogUnavailable as error:
            self._fail([call for call, _ in parts], error)
            self._fail_waiting(error)
        except Exception as error:  # noqa: BLE001 - the outermost loop: a fault of ours is shown to the callers whom it hit
            self._fail([call for call, _ in parts], error)
        else:
            start = 0
            for call, part in parts:
                call.settle(outcomes[start : start + len(part)])
                start += len(part)

    def _fail_waiting(self, error: Exception) -> None:
        """While the log is away nobody waits in line to be told so."""
        self._fail(self._calls, error)
        self._calls.clear()

    def _fail(self, calls: Sequence[_Call] | deque[_Call], error: Exception) -> None:
        for call in calls:
            call.fail(error)
