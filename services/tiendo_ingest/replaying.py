"""What was set aside taken again, after a mend of the code or of what is configured: as it came, by the way it came, and as of when it came.

Each format has its way in `WAYS`: another format adds one there, and writes its name as `format` into the origin of its rejections.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_event_store import AlreadyAppended, Appended, Rejection
from tiendo_event_store.rejected.refusals import POLLED, TABLE, refusal_of
from tiendo_ingest.ingest_state import Ingest, opened_ingest
from tiendo_ingest.intake import BUSY_SECONDS_MAX
from tiendo_ingest.judging.checking import checked_text
from tiendo_ingest.national.national_taking import FORMAT as NATIONAL
from tiendo_ingest.national.national_taking import Records, take_records
from tiendo_ingest.taking import judged_by_the_log, note_taken
from tiendo_runtime.authentication import Key, KeyStore
from tiendo_runtime.authentication.key_secret import KeySecret
from tiendo_runtime.authentication.people import PERSON_PREFIX
from tiendo_sources.errors import SourceError
from tiendo_sources.national.arrival import Arrival
from tiendo_sources.national.reader import read_record_text

PAGE: Final = 500
EVENT: Final = "event"
"""The name of the format of what was sent as an event."""

_BY_ITSELF: Final = {POLLED: "the poller tries it again at every poll, and takes it once it can be read"}
"""Formats whose rejections are taken again without being asked to, and how."""


class ReplayOutcome(StrEnum):
    """What became of a rejection that was tried again."""

    TAKEN = "taken"
    UNCHANGED = "already-there"
    REFUSED = "still-refused"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A rejection and what became of it; why it was refused again, or could not be tried."""

    rejection: Rejection
    outcome: ReplayOutcome
    refusal: Refusal | None = None
    reason: str | None = None


Position = int | None
Way = Callable[["Replaying", Rejection, bytes, Key], Awaitable[tuple[bool | Refusal, Position]]]
"""Takes the raw text of a rejection under the key that sent it: whether it was new or why it is refused, and where it stands if it is one event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MendedTable:
    """How rows of a table are read by now: `events` gives those of a row of `source` that was kept; raises `Refusal`, or SourceError for another table."""

    source: str
    events: Callable[[bytes], Sequence[AcceptedEvent]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaying:
    """What is needed to take rejections again."""

    ingest: Ingest
    engine: AsyncEngine
    keys: Mapping[str, Key]
    table: MendedTable | None = None

    async def replay(self, *, formats: frozenset[str], request: str | None) -> AsyncIterator[Replayed]:
        """The outcome of each rejection that was not mended yet, of the `formats` (empty: all) and the `request` (None: all), the oldest first.

        Those of before the beginning alone: what is refused meanwhile is left for the next time. Raises `Refusal` (503) when the log is away.
        """
        after = 0
        while page := await self.ingest.rejections.after(after, PAGE, request):
            after = page[-1].id
            for rejection in page:
                if rejection.resubmitted_at is None and (not formats or format_of(rejection) in formats):
                    yield await self._replayed(rejection)

    async def _replayed(self, rejection: Rejection) -> Replayed:
        if rejection.raw is None:
            return _left(rejection, "its text was erased after 30 days")
        if (by_itself := _BY_ITSELF.get(format_of(rejection))) is not None:
            return _left(rejection, by_itself)
        if format_of(rejection) == TABLE:
            return await self._row_again(rejection, rejection.raw)
        return await self._under_its_key(rejection, rejection.raw)

    async def _under_its_key(self, rejection: Rejection, raw: bytes) -> Replayed:
        key = self.keys.get(rejection.key_id or "")
        way = WAYS.get(format_of(rejection))
        if key is None:
            return _left(rejection, _whose(rejection))
        if way is None:
            return _left(rejection, "this version does not take the format again")
        outcome, position = await way(self, rejection, raw, key)
        if isinstance(outcome, Refusal):
            return Replayed(rejection=rejection, outcome=ReplayOutcome.REFUSED, refusal=outcome)
        await self.ingest.rejections.mark_resubmitted(rejection.id, position)
        return Replayed(rejection=rejection, outcome=ReplayOutcome.TAKEN if outcome else ReplayOutcome.UNCHANGED)

    async def _row_again(self, rejection: Rejection, raw: bytes) -> Replayed:
        """A row of a table, which came by a command and not under a key."""
        source = (rejection.origin or {}).get("source")
        if self.table is None or self.table.source != source:
            return _left(
                rejection, f"a row of {source}: give its mended mapping with --mapping, or import its file again"
            )
        try:
            events = self.table.events(raw)
        except Refusal as refusal:
            return Replayed(rejection=rejection, outcome=ReplayOutcome.REFUSED, refusal=refusal)
        except SourceError as error:
            return _left(rejection, f"{error}; import its file again")
        outcomes = await self.ingest.intake.append(events, busy_seconds_max=BUSY_SECONDS_MAX)
        for event, outcome in zip(events, outcomes, strict=True):
            if not isinstance(outcome, Appended | AlreadyAppended):
                not_stored = refusal_of(outcome, event_id=event.id)
                return Replayed(rejection=rejection, outcome=ReplayOutcome.REFUSED, refusal=not_stored)
        await self.ingest.rejections.mark_resubmitted(rejection.id, None)
        is_new = any(isinstance(outcome, Appended) for outcome in outcomes)
        return Replayed(rejection=rejection, outcome=ReplayOutcome.TAKEN if is_new else ReplayOutcome.UNCHANGED)


def _whose(rejection: Rejection) -> str:
    """Why it cannot be taken under a key."""
    if (rejection.key_id or "").startswith(PERSON_PREFIX):
        return "somebody who had signed in sent it: they have to send it again"
    return "it was not sent under a key: import its file again"


def _left(rejection: Rejection, reason: str) -> Replayed:
    return Replayed(rejection=rejection, outcome=ReplayOutcome.LEFT, reason=reason)


def format_of(rejection: Rejection) -> str:
    """The format in which it came."""
    return EVENT if rejection.origin is None else rejection.origin.get("format", EVENT)


@asynccontextmanager
async def opened_replaying(
    engine: AsyncEngine, secret: KeySecret, table: MendedTable | None = None
) -> AsyncIterator[Replaying]:
    """The way into the log, as the service has it, with all keys that ever were and are what their facts say; rows of `table` as they are read by now."""
    keys = {entry.key.key_id: entry.key for entry in await KeyStore(engine, secret).list() if entry.is_sealed}
    async with opened_ingest(engine, CollectorRegistry()) as ingest:
        yield Replaying(ingest=ingest, engine=engine, keys=keys, table=table)


async def _event_again(
    replaying: Replaying, rejection: Rejection, raw: bytes, key: Key
) -> tuple[bool | Refusal, Position]:
    sent = checked_text(rejection.index or 0, raw, key)
    [judged] = await judged_by_the_log(replaying.ingest, [sent], key)
    if not isinstance(judged.content, AcceptedEvent):
        return judged.content, None
    [outcome] = await replaying.ingest.intake.append([judged.content], busy_seconds_max=BUSY_SECONDS_MAX)
    if isinstance(outcome, Appended):
        note_taken(replaying.ingest, judged, key, "tiendo rejections replay")
    if isinstance(outcome, Appended | AlreadyAppended):
        return isinstance(outcome, Appended), outcome.position
    return refusal_of(outcome, event_id=judged.id), None


async def _national_record_again(
    replaying: Replaying, rejection: Rejection, raw: bytes, key: Key
) -> tuple[bool | Refusal, Position]:
    origin = rejection.origin or {}
    try:
        record = read_record_text(raw)
    except Refusal as refusal:
        # Of a very long record only the beginning was kept.
        return refusal, None
    arrival = Arrival(
        source=origin["source"],
        unit=origin.get("unit"),
        received_at=rejection.received_at,
        sent_at=datetime.fromisoformat(origin["sent_at"]) if "sent_at" in origin else None,
        history_until=key.history_until,
        directory=await replaying.ingest.directory.now(),
    )
    records = Records(
        service=origin["service"], numbered=[(0, record)], arrival=arrival, request=rejection.request or ""
    )
    outcomes = await take_records(replaying.ingest, replaying.engine, key, records)
    return outcomes[0], None


WAYS: Final[Mapping[str, Way]] = {EVENT: _event_again, NATIONAL: _national_record_again}
"""How a rejection of each format is taken again under the key that sent it."""
FORMATS: Final = (*WAYS, TABLE)
"""The formats of which rejections are taken again."""
