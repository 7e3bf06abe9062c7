"""The appending transaction: one at a time in the whole database, so that positions are dense and in commit order.

It takes the lock, then reads the highest position and the keys already stored in the next statement (whose snapshot is younger than the
lock), hands what is new to the database's own function, which numbers it, and commits durably.
The lock goes when the commit is visible: a reader who sees a position sees all below it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg
from msgspec import Struct

from tiendo_contracts.database.advisory_locks import APPEND
from tiendo_contracts.events.case_events import same_content
from tiendo_event_store.outcomes import AlreadyAppended, Appended, Conflict, Outcome
from tiendo_event_store.reading.joined_codes import note_joins
from tiendo_event_store.stored import Candidate, columns_of

Key = tuple[str, str]
Beside = Callable[[asyncpg.Connection], Awaitable[None]]
"""What is written in the transaction in which events are appended: it stands when they do."""

_LOCK_TIMEOUT_SECONDS = 15
_IDLE_TIMEOUT_SECONDS = 10

# A writer that stops in the middle of its transaction (a frozen machine) loses it, and the others go on.
# The plans must not depend on how small the log was when they were made: keys are always looked up in the index.
_BEGIN = f"""
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL synchronous_commit = on;
SET LOCAL lock_timeout = '{_LOCK_TIMEOUT_SECONDS}s';
SET LOCAL idle_in_transaction_session_timeout = '{_IDLE_TIMEOUT_SECONDS}s';
SET LOCAL plan_cache_mode = force_generic_plan;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
SELECT pg_advisory_xact_lock({APPEND.key})
"""

_LOOK_UP = """
SELECT 0::bigint AS ordinal, coalesce(max(event.position), 0) AS position, NULL::bytea AS digest, NULL::text AS text,
       NULL::timestamptz AS ingested_at
  FROM tiendo.events AS event
UNION ALL
SELECT key.ordinal, stored.position, stored.digest,
       CASE WHEN stored.digest <> key.digest THEN stored.text END, stored.ingested_at
  FROM unnest($1::text[], $2::text[], $3::bytea[]) WITH ORDINALITY AS key (source, id, digest, ordinal)
 CROSS JOIN LATERAL (SELECT event.position, event.digest, event.text, event.ingested_at FROM tiendo.events AS event
                      WHERE event.source = key.source AND event.id = key.id AND event.log_id IS NULL LIMIT 1) AS stored
"""

# Position and instant are the database's to say: nobody but the owner may insert an event in another way.
_APPEND = "SELECT last_position, instant FROM tiendo.append_events($1, $2, $3, $4, $5, $6, $7, $8)"


class LogPlace(Struct, frozen=True, kw_only=True, gc=False):
    """Where an event stands: two attempts at the same event never claim the same place, but for one that did not commit."""

    position: int
    ingested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The outcomes of a batch, and of what is new the events in the order of their positions, which follow `head`."""

    outcomes: list[Outcome]
    fresh: list[Candidate]


@dataclass(slots=True, kw_only=True)
class Claims:
    """Where earlier attempts at this batch put events before their commit was cut off: what is found there was appended by us."""

    places: dict[Key, LogPlace] = field(default_factory=dict)


class Found(Struct, frozen=True, kw_only=True, gc=False):
    """What is stored under a key; `text` is None where the digest was that of the event looked up, and so is not asked for.

    `digest` is None of a redacted event: what was sent under its key cannot be compared any more, and counts as the same.
    """

    digest: bytes | None
    text: str | None
    position: int
    ingested_at: datetime | None = None
    """None of an event of the same batch, which has none yet."""

    def is_same(self, event: Candidate) -> bool:
        """Whether the event has the content that is stored."""
        return self.digest in {None, event.digest} or (self.text is not None and same_content(self.text, event.text))

    def stands_at(self, place: LogPlace) -> bool:
        """Whether it is what was put at that place."""
        return (self.position, self.ingested_at) == (place.position, place.ingested_at)


async def append_once(
    connection: asyncpg.Connection,
    batch: Sequence[Candidate],
    claims: Claims,
    *,
    beside: Beside | None = None,
) -> list[Outcome]:
    """One outcome per event of `batch`, in its order, all durable. Raises the driver's errors; then nothing is known but `claims`.

    The connection is to be closed after an error.
    """
    await connection.execute(_BEGIN)
    head, stored = await _look_up(connection, batch)
    decided = decide_outcomes(batch, head=head, stored=stored, claims=claims.places)
    if decided.fresh:
        places = await _append(connection, decided.fresh)
        for event, place in zip(decided.fresh, places, strict=True):
            claims.places[event.source, event.id] = place
        await note_joins(
            connection,
            (
                (place.position, event.type, event.subject, event.text)
                for event, place in zip(decided.fresh, places, strict=True)
            ),
        )
    if beside is not None:
        await beside(connection)
    await _commit(connection)
    return decided.outcomes


async def stored_under_keys(connection: asyncpg.Connection, batch: Sequence[Candidate]) -> dict[Key, Found]:
    """What the log has under the keys of the events, as it stands now; nothing is written and nobody waits."""
    return (await _look_up(connection, batch))[1]


async def _commit(connection: asyncpg.Connection) -> None:
    """Commit, and do not believe it before the server has said so in that word."""
    status = await connection.execute("COMMIT")
    if status != "COMMIT":
        raise asyncpg.InternalClientError(f"the appending transaction ended with {status}")


async def _look_up(connection: asyncpg.Connection, batch: Sequence[Candidate]) -> tuple[int, dict[Key, Found]]:
    """The head of the log, and what is stored under the batch's keys."""
    rows = await connection.fetch(
        _LOOK_UP,
        [event.source for event in batch],
        [event.id for event in batch],
        [event.digest for event in batch],
    )
    head = next(int(row[1]) for row in rows if row[0] == 0)
    stored: dict[Key, Found] = {}
    for ordinal, position, digest, text, ingested_at in rows:
        if ordinal:
            key = (batch[ordinal - 1].source, batch[ordinal - 1].id)
            # The same key may stand twice in the batch, and only one of them differ from what is stored.
            before = stored[key].text if key in stored else None
            stored[key] = Found(digest=digest, text=before or text, position=position, ingested_at=ingested_at)
    return head, stored


def decide_outcomes(
    batch: Sequence[Candidate], *, head: int, stored: Mapping[Key, Found], claims: Mapping[Key, LogPlace]
) -> Decided:
    """The outcome of every event given what is stored; events of the batch meet one another as they would across batches."""
    ours = {key for key, place in claims.items() if key in stored and stored[key].stands_at(place)}
    known = dict(stored)
    outcomes: list[Outcome] = []
    fresh: list[Candidate] = []
    for event in batch:
        key = (event.source, event.id)
        found = known.get(key)
        if found is None:
            fresh.append(event)
            known[key] = Found(digest=event.digest, text=event.text, position=head + len(fresh))
            outcomes.append(Appended(head + len(fresh)))
        elif not found.is_same(event):
            outcomes.append(Conflict(found.position))
        elif key in ours:
            ours.remove(key)
            outcomes.append(Appended(found.position))
        else:
            outcomes.append(AlreadyAppended(found.position))
    return Decided(outcomes=outcomes, fresh=fresh)


async def _append(connection: asyncpg.Connection, fresh: Sequence[Candidate]) -> list[LogPlace]:
    """Where the database has put the events, in their order."""
    [(head, instant)] = await connection.fetch(_APPEND, *columns_of(fresh))
    return [LogPlace(position=head + ordinal, ingested_at=instant) for ordinal in range(1, len(fresh) + 1)]
