"""Events of other logs, appended by this log's own door: under its lock, at its next positions, each once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, exists, text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.database.advisory_locks import APPEND
from tiendo_event_store.driver import driver_of
from tiendo_event_store.reading.joined_codes import note_joins
from tiendo_event_store.stored import Candidate, columns_of
from tiendo_event_store.tables import events

_APPEND = "SELECT last_position FROM tiendo.append_followed($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
_STORED = """
SELECT key.ordinal
  FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS key (log_id, position, ordinal)
 WHERE EXISTS (SELECT FROM tiendo.events AS event
                WHERE event.log_id = key.log_id AND event.origin_position = key.position)
"""
# The plan must not depend on how small the log was when it was made: origins are always looked up in the index.
_LOOKING_UP = "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off"


class FollowedEvent(Candidate, frozen=True, kw_only=True, gc=False):
    """An event of the log `log_id`: `position` and `ingested_at` (UTC) are of that log. `shard` is None for a directory fact."""

    log_id: UUID
    position: int
    ingested_at: datetime


async def append_followed(connection: AsyncConnection, followed: Sequence[FollowedEvent]) -> int:
    """The number of events appended, in the order given; those that are there already are passed over.

    They are durable and seen once the caller's transaction has committed, which should be soon: until then nobody else appends.
    """
    if not followed:
        return 0
    driver = await driver_of(connection)
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": APPEND.key})
    new = await _new(driver, followed)
    if not new:
        return 0
    head = await driver.fetchval(
        _APPEND,
        *columns_of(new),
        [event.log_id for event in new],
        [event.position for event in new],
        [event.ingested_at for event in new],
    )
    await note_joins(
        driver,
        ((position, event.type, event.subject, event.text) for position, event in enumerate(new, head + 1)),
    )
    return len(new)


def told_by(log_id: UUID | None, case_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that the log (None: this one) tells something of the case."""
    of_log = events.c.log_id.is_(None) if log_id is None else events.c.log_id == log_id
    return exists().where(events.c.shard.is_not(None), events.c.subject == case_id, of_log)


async def _new(driver: asyncpg.Connection, followed: Sequence[FollowedEvent]) -> list[FollowedEvent]:
    """Those that are not stored, each once: the same event at the same place may have come with another generation of the topics."""
    once = list({(event.log_id, event.position): event for event in followed}.values())
    await driver.execute(_LOOKING_UP)
    rows = await driver.fetch(_STORED, [event.log_id for event in once], [event.position for event in once])
    stored = {row["ordinal"] for row in rows}
    return [event for ordinal, event in enumerate(once, 1) if ordinal not in stored]
