"""The appending transaction: one at a time in the whole database, so that positions are dense and in commit order.

It takes the lock, then reads the highest position and the keys already stored in the next statement (whose snapshot is younger than the
lock), numbers what is new, inserts it, and commits durably. The lock goes when the commit is visible: a reader who sees a position sees all below it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from tiendo_contracts.advisory_locks import APPEND
from tiendo_event_store.outcomes import AlreadyAppended, Appended, Conflict, Outcome
from tiendo_event_store.stored import Candidate

Key = tuple[str, str]

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

# The first row is the head. `ingested_at` does not fall when the clock is set back a little; after a clock that was far off it is honest again.
_LOOK_UP = """
WITH head AS (SELECT position, ingested_at FROM tiendo.events ORDER BY position DESC LIMIT 1),
     clock AS (SELECT clock_timestamp() AS now)
SELECT 0::bigint AS ordinal, coalesce(head.position, 0) AS position, NULL::bytea AS digest,
       CASE WHEN head.ingested_at - clock.now BETWEEN interval '0' AND interval '5 minutes'
            THEN head.ingested_at ELSE clock.now END AS ingested_at
  FROM clock LEFT JOIN head ON true
UNION ALL
SELECT key.ordinal, stored.position, stored.digest, stored.ingested_at
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS key (source, id, ordinal)
 CROSS JOIN LATERAL (SELECT event.position, event.digest, event.ingested_at FROM tiendo.events AS event
                      WHERE event.source = key.source AND event.id = key.id LIMIT 1) AS stored
"""

_INSERT = """
INSERT INTO tiendo.events
       (position, source, id, subject, type, shard, occurred_at, recorded_at, ingested_at, digest, text)
SELECT $1::bigint + new.ordinal, new.source, new.id, new.subject, new.type, new.shard,
       new.occurred_at, new.recorded_at, $2::timestamptz, new.digest, new.text
  FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::smallint[],
              $8::timestamptz[], $9::timestamptz[], $10::bytea[], $11::text[])
       WITH ORDINALITY AS new (source, id, subject, type, shard, occurred_at, recorded_at, digest, text, ordinal)
"""

_COLUMNS = (
    *("position", "source", "id", "subject", "type", "shard"),
    *("occurred_at", "recorded_at", "ingested_at", "digest", "text"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an event stands: two attempts at the same event never claim the same place, but for one that did not commit."""

    position: int
    ingested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """The outcomes of a batch, and of what is new the events in the order of their positions, which follow `head`."""

    outcomes: list[Outcome]
    fresh: list[Candidate]


@dataclass(slots=True, kw_only=True)
class Claims:
    """Where earlier attempts at this batch put events before their commit was cut off: what is found there was appended by us."""

    places: dict[Key, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    digest: bytes
    place: Place


async def append_once(
    connection: asyncpg.Connection, batch: Sequence[Candidate], claims: Claims, *, copy: bool
) -> list[Outcome]:
    """One outcome per event of `batch`, in its order, all durable. Raises the driver's errors; then nothing is known but `claims`.

    The connection is to be closed after an error. `copy` writes with COPY, which is faster for thousands of events.
    """
    await connection.execute(_BEGIN)
    head, stored = await _look_up(connection, batch)
    numbered = number(batch, head=head.position, stored=stored, claims=claims.places)
    if numbered.fresh:
        await _insert(connection, head, numbered.fresh, copy=copy)
    for position, event in enumerate(numbered.fresh, head.position + 1):
        claims.places[event.source, event.id] = Place(position=position, ingested_at=head.ingested_at)
    await _commit(connection)
    return numbered.outcomes


async def _commit(connection: asyncpg.Connection) -> None:
    """Commit, and do not believe it before the server has said so in that word."""
    status = await connection.execute("COMMIT")
    if status != "COMMIT":
        raise asyncpg.InternalClientError(f"the appending transaction ended with {status}")


async def _look_up(connection: asyncpg.Connection, batch: Sequence[Candidate]) -> tuple[Place, dict[Key, _Found]]:
    """The head of the log with the instant for this batch, and what is stored under the batch's keys."""
    rows = await connection.fetch(_LOOK_UP, [event.source for event in batch], [event.id for event in batch])
    head = next(Place(position=row[1], ingested_at=row[3]) for row in rows if row[0] == 0)
    stored: dict[Key, _Found] = {}
    for ordinal, position, digest, ingested_at in rows:
        if ordinal:
            event = batch[ordinal - 1]
            place = Place(position=position, ingested_at=ingested_at)
            stored[event.source, event.id] = _Found(digest=digest, place=place)
    return head, stored


def number(
    batch: Sequence[Candidate], *, head: int, stored: Mapping[Key, _Found], claims: Mapping[Key, Place]
) -> Numbered:
    """The outcome of every event given what is stored; events of the batch meet one another as they would across batches."""
    ours = {key: place for key, place in claims.items() if key in stored and stored[key].place == place}
    known: dict[Key, tuple[bytes, int]] = {key: (found.digest, found.place.position) for key, found in stored.items()}
    outcomes: list[Outcome] = []
    fresh: list[Candidate] = []
    for event in batch:
        key = (event.source, event.id)
        found = known.get(key)
        if found is None:
            fresh.append(event)
            position = head + len(fresh)
            known[key] = (event.digest, position)
            outcomes.append(Appended(position))
        elif found[0] != event.digest:
            outcomes.append(Conflict(found[1]))
        elif ours.pop(key, None) is not None:
            outcomes.append(Appended(found[1]))
        else:
            outcomes.append(AlreadyAppended(found[1]))
    return Numbered(outcomes=outcomes, fresh=fresh)


async def _insert(connection: asyncpg.Connection, head: Place, fresh: Sequence[Candidate], *, copy: bool) -> None:
    if copy:
        records = (
            (
                *(position, event.source, event.id, event.subject, event.type, event.shard),
                *(event.occurred_at, event.recorded_at, head.ingested_at, event.digest, event.text),
            )
            for position, event in enumerate(fresh, head.position + 1)
        )
        await connection.copy_records_to_table("events", schema_name="tiendo", columns=_COLUMNS, records=records)
        return
    await connection.execute(
        _INSERT,
        head.position,
        head.ingested_at,
        [event.source for event in fresh],
        [event.id for event in fresh],
        [event.subject for event in fresh],
        [event.type for event in fresh],
        [event.shard for event in fresh],
        [event.occurred_at for event in fresh],
        [event.recorded_at for event in fresh],
        [event.digest for event in fresh],
        [event.text for event in fresh],
    )
