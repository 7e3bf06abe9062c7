"""The list of refused events: nothing that was sent is lost, and the sender can see why."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.database.advisory_locks import REJECTIONS
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.rejected.rejection_counts import forget_old_counts, within_limits
from tiendo_event_store.tables import rejections

_ERASED_AT_ONCE_MAX = 10_000
_ERASE = select(func.tiendo.erase_old_raw(_ERASED_AT_ONCE_MAX))

# A process that stops in the middle of its transaction loses it, and the others go on.
_LIMIT_WAITING = """
SELECT set_config('lock_timeout', '15s', true), set_config('idle_in_transaction_session_timeout', '10s', true)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRejection:
    """A refused event: who sent it, in which request and at which place of it, its bytes, and what is wrong with it (JSON).

    `origin` says how a record of another format came: its `format`, and whatever its translator needs to take it again.
    """

    key_id: str | None
    request: str | None
    index: int | None
    raw: bytes
    problem: dict[str, Any]
    origin: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A refused event as it is kept. `raw` is None once erased; `digest` is the SHA-256 of what it was.

    `resubmitted_at` is set when a mended event was sent in its place, `resubmitted_position` when that one was stored.
    """

    id: int
    received_at: datetime
    key_id: str | None
    request: str | None
    index: int | None
    raw: bytes | None
    digest: bytes
    problem: dict[str, Any]
    resubmitted_at: datetime | None
    resubmitted_position: int | None
    origin: Mapping[str, str] | None


class Rejections:
    """The refused events. Ids rise in commit order, so that a reader who remembers one never misses an entry. Raises LogUnavailable."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def record(self, entries: Sequence[NewRejection]) -> list[int | None]:
        """The ids of the entries, in their order; they are durable. None for those that are too many of their key within an hour.

        All are of one key; without a key there is no limit.
        """
        if not entries:
            return []
        statement = insert(rejections).returning(rejections.c.id, sort_by_parameter_order=True)
        with unavailable_when_unreachable():
            async with self._engine.begin() as connection:
                # The ids are drawn under the lock, which goes when they are visible: none appears below one that was seen.
                await connection.execute(text(_LIMIT_WAITING))
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({REJECTIONS.key})"))
                kept = await within_limits(connection, entries[0].key_id, [len(entry.raw) for entry in entries])
                rows = [_row(entry) for entry, keep in zip(entries, kept, strict=True) if keep]
                ids = iter(await connection.scalars(statement, rows) if rows else ())
                return [next(ids) if keep else None for keep in kept]

    async def after(
        self, after: int, limit: int, request: str | None = None, *, key_id: str | None = None
    ) -> list[Rejection]:
        """At most `limit` entries with ids above `after`, rising; with `request` those of that request alone, with `key_id` those that it sent."""
        statement = select(rejections).where(rejections.c.id > after)
        if key_id is not None:
            statement = statement.where(rejections.c.key_id == key_id)
        if request is not None:
            statement = statement.where(rejections.c.request == request)
        return await self._read(statement.order_by(rejections.c.id).limit(limit))

    async def get(self, rejection_id: int) -> Rejection | None:
        """The entry of that id, None if there is none."""
        found = await self._read(select(rejections).where(rejections.c.id == rejection_id))
        return found[0] if found else None

    async def mark_resubmitted(self, rejection_id: int, position: int | None = None) -> bool:
        """Whether the entry exists; it is marked as sent again, now, and stored at `position` if that is given."""
        values = {"resubmitted_at": func.clock_timestamp(), "resubmitted_position": position}
        statement = update(rejections).where(rejections.c.id == rejection_id).values(values)
        with unavailable_when_unreachable():
            async with self._engine.begin() as connection:
                return (await connection.execute(statement)).rowcount == 1

    async def erase_old_raw(self) -> int:
        """How many entries lost their raw bytes: those received longer ago than RAW_KEPT; reason and digest stay.

        Their room is given to others at once, where the database lets this role do so (PostgreSQL 17), else when autovacuum comes by.
        """
        erased = 0
        with unavailable_when_unreachable():
            while True:
                async with self._engine.begin() as connection:
                    count = int(await connection.scalar(_ERASE) or 0)
                erased += count
                if count < _ERASED_AT_ONCE_MAX:
                    break
            await self._clean(vacuum=erased > 0)
        return erased

    async def _clean(self, *, vacuum: bool) -> None:
        async with self._engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await forget_old_counts(alone)
            if vacuum:
                await alone.execute(text("VACUUM tiendo.rejections"))

    async def _read(self, statement: Select[Any]) -> list[Rejection]:
        with unavailable_when_unreachable():
            async with self._engine.connect() as connection:
                return [_rejection(row) for row in await connection.execute(statement)]


def _row(entry: NewRejection) -> dict[str, object]:
    return {
        "key_id": entry.key_id,
        "request": entry.request,
        "index": entry.index,
        "raw": entry.raw,
        "digest": hashlib.sha256(entry.raw).digest(),
        "problem": json.dumps(entry.problem),
        "origin": None if entry.origin is None else json.dumps(dict(entry.origin)),
    }


def _rejection(row: Row[Any]) -> Rejection:
    return Rejection(
        id=row.id,
        received_at=row.received_at,
        key_id=row.key_id,
        request=row.request,
        index=row._mapping["index"],  # noqa: SLF001 - the row is a tuple, whose own `index` hides the column's
        raw=row.raw,
        digest=row.digest,
        problem=json.loads(row.problem),
        resubmitted_at=row.resubmitted_at,
        resubmitted_position=row.resubmitted_position,
        origin=None if row.origin is None else json.loads(row.origin),
    )
