"""The access log as auditors read it: the newest entries first."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.access_log.access_entries import AccessKind
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.faults import unavailable_when_unreachable

_BEFORE: Final = """
SELECT number, text, hash FROM tiendo.access_log
 WHERE number < coalesce($1::bigint, 9223372036854775807)
   AND ($2::text IS NULL OR who = $2) AND ($3::text IS NULL OR kind = $3) AND ($4::text IS NULL OR subject = $4)
   AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)
 ORDER BY number DESC LIMIT $7
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAccess:
    """Which entries are asked for; all conditions hold together. `start` is included, `end` is not (aware instants)."""

    who: str | None = None
    kind: AccessKind | None = None
    subject: str | None = None
    start: datetime | None = None
    end: datetime | None = None


async def entries_before(
    engine: AsyncEngine, asked: AskedAccess, number: int | None, limit: int
) -> Sequence[Mapping[str, Any]]:
    """At most `limit` entries with numbers below `number` (None: from the newest on), falling. Raises LogUnavailable."""
    kind = None if asked.kind is None else asked.kind.value
    question = (number, asked.who, kind, asked.subject, asked.start, asked.end, limit)
    with unavailable_when_unreachable():
        async with lent_driver(engine) as driver:
            rows = await driver.fetch(_BEFORE, *question)
    return [{"number": row["number"], **json.loads(row["text"]), "hash": row["hash"].hex()} for row in rows]
