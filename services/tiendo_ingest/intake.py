"""Checked events into the log, what is refused into the list of rejections, and a receipt for each: given only when both are durable."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_event_store import (
    AlreadyAppended,
    Appended,
    CoalescingWriter,
    Conflict,
    LogUnavailable,
    Outcome,
    Rejections,
    Unstorable,
    WriterOverloaded,
)
from tiendo_event_store.causes import cause_of
from tiendo_event_store.rejected.refusals import refusal_of, rejection_of
from tiendo_ingest.judging.checked_event import Sent
from tiendo_ingest.routes.receipts import Receipt, Refused, Stored

_journal = structlog.get_logger("tiendo.ingest")

BUSY_SECONDS_MAX = 20.0
_BUSY_PAUSE_SECONDS = 0.05
_RETRY_WHEN_BUSY = {"Retry-After": "1"}
_RETRY_WHEN_UNAVAILABLE = {"Retry-After": "5"}


class Intake:
    """The way into the log that all requests of the process share."""

    def __init__(self, writer: CoalescingWriter, rejections: Rejections) -> None:
        self._writer = writer
        self._rejections = rejections

    async def take(
        self, sent: Sequence[Sent], *, key_id: str, request: str, busy_seconds_max: float = 0.0
    ) -> list[Receipt]:
        """One receipt per event, in the same order.

        Raises `Refusal` (503) when the log cannot be written, or has been too busy for `busy_seconds_max`; then nothing is claimed.
        """
        events = [each.content for each in sent if isinstance(each.content, AcceptedEvent)]
        outcomes = iter(await self.append(events, busy_seconds_max=busy_seconds_max))
        judged = [
            _judged(each, next(outcomes)) if isinstance(each.content, AcceptedEvent) else each.content for each in sent
        ]
        refused = [(each, told) for each, told in zip(sent, judged, strict=True) if isinstance(told, Refusal)]
        numbers = iter(await self.keep(refused, key_id=key_id, request=request))
        return [
            Refused(each.index, each.id, told, next(numbers)) if isinstance(told, Refusal) else told
            for each, told in zip(sent, judged, strict=True)
        ]

    async def append(self, events: Sequence[AcceptedEvent], *, busy_seconds_max: float) -> list[Outcome]:
        """What became of each event, in the same order; raises `Refusal` (503) likewise."""
        if not events:
            return []
        loop = asyncio.get_running_loop()
        until = loop.time() + busy_seconds_max
        while True:
            try:
                return await self._writer.append(events)
            except LogUnavailable as error:
                raise log_unavailable(error) from None
            except WriterOverloaded:
                if loop.time() >= until:
                    raise Refusal(ProblemKind.OVERLOADED, headers=_RETRY_WHEN_BUSY) from None
            await asyncio.sleep(_BUSY_PAUSE_SECONDS)

    async def keep(
        self,
        refused: Sequence[tuple[Sent, Refusal]],
        *,
        key_id: str,
        request: str,
        origin: Mapping[str, str] | None = None,
    ) -> list[int | None]:
        """The numbers of the rejections under which these are kept, None for those that are not; raises `Refusal` (503) likewise."""
        if not refused:
            return []
        entries = [
            rejection_of(refusal, raw=sent.raw, index=sent.index, request=request, key_id=key_id, origin=origin)
            for sent, refusal in refused
        ]
        try:
            return await self._rejections.record(entries)
        except LogUnavailable as error:
            raise log_unavailable(error) from None


def log_unavailable(error: LogUnavailable) -> Refusal:
    """The answer while the log can be neither written nor read; the journal has what is behind it."""
    _journal.error("the log cannot be reached, or not be written", cause=cause_of(error))
    return Refusal(ProblemKind.LOG_UNAVAILABLE, headers=_RETRY_WHEN_UNAVAILABLE)


def _judged(sent: Sent, outcome: Outcome) -> Stored | Refusal:
    match outcome:
        case Appended(position=position):
            return Stored(sent.index, sent.id or "", position, first=True)
        case AlreadyAppended(position=position):
            return Stored(sent.index, sent.id or "", position, first=False)
        case Conflict() | Unstorable():
            return refusal_of(outcome, event_id=sent.id)
