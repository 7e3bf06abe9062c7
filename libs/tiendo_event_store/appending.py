"""The appending transaction: one at a time in the whole database, so that positions are dense and in commit order.

It takes the lock, then reads the highest position and the keys already stored in the next statement (whose snapshot is younger than the
lock), numbers what is new, inserts it, and commits durably. The lock goes when the commit is visible: a reader who sees a position sees all below it.
"""

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg
from msgspec import Struct

from tiendo_contracts.advisory_locks import APPEND
from tiendo_contracts.case_events import same_content
from tiendo_event_store.joined_codes import note_joins
from tiendo_event_store.outcomes import AlreadyAppended, Appended, Conflict, Outcome
from tiendo_event_store.salts import SALT_BYTES, salts
from tiendo_event_store.stored import Candidate

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

# The first row is the head. `ingested_at` does not fall when the clock is set back a little; after a clock that was far off it is honest again.
# Another log's clock, under a followed event, says nothing of ours.
_LOOK_UP = """
WITH head AS (SELECT position, CASE WHEN log_id IS NULL THEN ingested_at END AS ingested_at
                FROM tiendo.events ORDER BY position DESC LIMIT 1),
     clock AS (SELECT clock_timestamp() AS now)
SELECT 0::bigint AS ordinal, coalesce(head.position, 0) AS position, NULL::bytea AS digest, NULL::text AS text,
       CASE WHEN head.ingested_at - clock.now BETWEEN interval '0' AND interval '5 minutes'
            THEN head.ingested_at ELSE clock.now END AS ingested_at
  FROM clock LEFT JOIN head ON true
UNION ALL
SELECT key.ordinal, stored.position, stored.digest,
       CASE WHEN stored.digest <> key.digest THEN stored.text END, stored.ingested_at
  FROM unnest($1::text[], $2::text[], $3::bytea[]) WITH ORDINALITY AS key (source, id, digest, ordinal)
 CROSS JOIN LATERAL (SELECT event.position, event.digest, event.text, event.ingested_at FROM tiendo.events AS event
                      WHERE event.source = key.source AND event.id = key.id AND event.log_id IS NULL LIMIT 1) AS stored
"""

_INSERT = """
INSERT INTO tiendo.events
       (position, source, id, subject, type, shard, ingested_at, digest, text, salt)
SELECT $1::bigint + new.ordinal, new.source, new.id, new.subject, new.type, new.shard,
       $2::timestamptz, new.digest, new.text, substring($10::bytea from 16 * new.ordinal::integer - 15 for 16)
  FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::smallint[],
              $8::bytea[], $9::text[])
       WITH ORDINALITY AS new (source, id, subject, type, shard, digest, text, ordinal)
"""

_COLUMNS = (
    *("position", "source", "id", "subject", "type", "shard"),
    *("ingested_at", "digest", "text", "salt"),
)


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
    place: LogPlace

    def is_same(self, event: Candidate) -> bool:
        """Whether the event has the content that is stored."""
        return self.digest in {None, event.digest} or (self.text is not None and same_content(self.text, event.text))


async def append_once(
    connection: asyncpg.Connection,
    batch: Sequence[Candidate],
    claims: Claims,
    *,
    copy: bool,
    beside: Beside | None = None,
) -> list[Outcome]:
    """One outcome per event of `batch`, in its order, all durable. Raises the driver's errors; then nothing is known but `claims`.

    The connection is to be closed after an error. `copy` writes with COPY, which is faster for thousands of events.
    """
    await connection.execute(_BEGIN)
    head, stored = await _look_up(connection, batch)
    decided = decide_outcomes(batch, head=head, stored=stored, claims=claims.places)
    if decided.fresh:
        await _insert(connection, head, decided.fresh, copy=copy)
        await note_joins(
            connection,
            (
                (position, event.type, event.subject, event.text)
                for position, event in enumerate(decided.fresh, head.position + 1)
            ),
        )
    for position, event in enumerate(decided.fresh, head.position + 1):
        claims.places[event.source, event.id] = LogPlace(position=position, ingested_at=head.ingested_at)
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


async def _look_up(connection: asyncpg.Connection, batch: Sequence[Candidate]) -> tuple[LogPlace, dict[Key, Found]]:
    """The head of the log with the instant for this batch, and what is stored under the batch's keys."""
    rows = await connection.fetch(
        _LOOK_UP,
        [event.source for event in batch],
        [event.id for event in batch],
        [event.digest for event in batch],
    )
    head = next(LogPlace(position=row[1], ingested_at=row[4]) for row in rows if row[0] == 0)
    stored: dict[Key, Found] = {}
    for ordinal, position, digest, text, ingested_at in rows:
        if ordinal:
            key = (batch[ordinal - 1].source, batch[ordinal - 1].id)
            # The same key may stand twice in the batch, and only one of them differ from what is stored.
            before = stored[key].text if key in stored else None
            stored[key] = Found(
                digest=digest, text=before or text, place=LogPlace(position=position, ingested_at=ingested_at)
            )
    return head, stored


def decide_outcomes(
    batch: Sequence[Candidate], *, head: LogPlace, stored: Mapping[Key, Found], claims: Mapping[Key, LogPlace]
) -> Decided:
    """The outcome of every event given what is stored; events of the batch meet one another as they would across batches."""
    ours = {key: place for key, place in claims.items() if key in stored and stored[key].place == place}
    known = dict(stored)
    outcomes: list[Outcome] = []
    fresh: list[Candidate] = []
    for event in batch:
        key = (event.source, event.id)
        found = known.get(key)
        if found is None:
            fresh.append(event)
            place = LogPlace(position=head.position + len(fresh), ingested_at=head.ingested_at)
            known[key] = Found(digest=event.digest, text=event.text, place=place)
            outcomes.append(Appended(place.position))
        elif not found.is_same(event):
            outcomes.append(Conflict(found.place.position))
        elif ours.pop(key, None) is not None:
            outcomes.append(Appended(found.place.position))
        else:
            outcomes.append(AlreadyAppended(found.place.position))
    return Decided(outcomes=outcomes, fresh=fresh)


async def _insert(connection: asyncpg.Connection, head: LogPlace, fresh: Sequence[Candidate], *, copy: bool) -> None:
    if copy:
        records = (
            (
                *(position, event.source, event.id, event.subject, event.type, event.shard),
                *(head.ingested_at, event.digest, event.text, salt),
            )
            for position, (event, salt) in enumerate(zip(fresh, salts(len(fresh)), strict=True), head.position + 1)
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
        [event.digest for event in fresh],
        [event.text for event in fresh],
        os.urandom(SALT_BYTES * len(fresh)),
    )
