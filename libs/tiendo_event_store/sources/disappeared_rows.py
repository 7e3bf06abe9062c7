"""What sources listed before and do not any more: cases, and rows of cases, each by what its source calls it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

CASES_MAX: Final = 100_000

_NOTE: Final = """
INSERT INTO tiendo.disappeared_rows (source, item, case_id)
SELECT $1, gone.item, gone.case_id FROM unnest($2::text[], $3::text[]) AS gone (item, case_id) ON CONFLICT DO NOTHING
"""
_LISTED: Final = "DELETE FROM tiendo.disappeared_rows WHERE source = $1 AND item = ANY ($2::text[])"
_ALL_OTHERS: Final = """
DELETE FROM tiendo.disappeared_rows d WHERE d.source = $1
   AND NOT EXISTS (SELECT FROM unnest($2::text[]) AS gone (item) WHERE gone.item = d.item)
"""
_CASES: Final = """
SELECT DISTINCT case_id FROM tiendo.disappeared_rows
 WHERE missed_at <= coalesce(CAST(:until AS timestamptz), 'infinity') ORDER BY 1 LIMIT :limit
"""
_OF_SOURCE: Final = """
SELECT item, case_id, missed_at FROM tiendo.disappeared_rows WHERE source = :source ORDER BY missed_at, case_id, item
"""


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class ListedRow:
    """A case that a source lists, or a row of one: `item` is what the source calls it."""

    case_id: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisappearedRow:
    """A row that was listed before, and when it was missed first."""

    row: ListedRow
    missed_at: datetime


async def note_disappeared(connection: asyncpg.Connection, source: str, rows: Sequence[ListedRow]) -> None:
    """These are listed no more; what was missed before keeps its instant."""
    if rows:
        await connection.execute(_NOTE, source, [row.item for row in rows], [row.case_id for row in rows])


async def note_listed(connection: asyncpg.Connection, source: str, items: Collection[str]) -> None:
    """These are listed, and so are not missed any more."""
    if items:
        await connection.execute(_LISTED, source, list(items))


async def note_all_disappeared(connection: asyncpg.Connection, source: str, rows: Sequence[ListedRow]) -> None:
    """These, and no others, of all that the source ever listed are listed no more."""
    async with connection.transaction():
        await connection.execute(_ALL_OTHERS, source, [row.item for row in rows])
        await note_disappeared(connection, source, rows)


async def cases_with_disappeared_rows(connection: AsyncConnection, until: datetime | None) -> list[str]:
    """The codes of the cases that were missed by then (None: ever), or of which a row was: at most 100,000."""
    return list((await connection.scalars(text(_CASES), {"until": until, "limit": CASES_MAX})).all())


async def disappeared_rows_of(connection: AsyncConnection, source: str) -> list[DisappearedRow]:
    """All rows of the source that are missed, those missed first before the others."""
    found = await connection.execute(text(_OF_SOURCE), {"source": source})
    return [DisappearedRow(row=ListedRow(case_id=one.case_id, item=one.item), missed_at=one.missed_at) for one in found]
