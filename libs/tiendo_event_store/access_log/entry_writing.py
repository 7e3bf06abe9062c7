"""Entries added to the access log: numbered and chained, one writer at a time; and old ones dropped."""

from collections.abc import Sequence
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.database.advisory_locks import ACCESS
from tiendo_event_store.access_log.access_entries import AccessEntry, hash_after
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.faults import unavailable_when_unreachable

_HEAD: Final = """
SELECT number, hash FROM tiendo.access_log UNION ALL SELECT number, hash FROM tiendo.access_log_start ORDER BY number DESC LIMIT 1
"""
_THERE: Final = """
SELECT asked.ordinal FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) WITH ORDINALITY AS asked (who, kind, subject, hour, ordinal)
 WHERE EXISTS (SELECT FROM tiendo.access_log AS entry
                WHERE entry.kind = asked.kind AND entry.subject = asked.subject AND entry.who = asked.who
                  AND entry.at >= asked.hour AND entry.at < asked.hour + interval '1 hour')
"""
_INSERT: Final = """
INSERT INTO tiendo.access_log (number, at, who, kind, subject, text, hash)
SELECT $1::bigint + new.ordinal, new.at, new.who, new.kind, new.subject, new.text, new.hash
  FROM unnest($2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[])
       WITH ORDINALITY AS new (at, who, kind, subject, text, hash, ordinal)
"""


async def append_entries(engine: AsyncEngine, entries: Sequence[AccessEntry]) -> None:
    """Add entries in a transaction of their own. Raises LogUnavailable."""
    with unavailable_when_unreachable():
        async with lent_driver(engine) as driver, driver.transaction():
            await write_entries(driver, entries)


async def write_entries(driver: asyncpg.Connection, entries: Sequence[AccessEntry]) -> None:
    """Add entries in the transaction that is open; what is noted once an hour and is there already is left out."""
    await driver.execute(f"SELECT pg_advisory_xact_lock({ACCESS.key})")
    fresh = await _fresh(driver, entries)
    if not fresh:
        return
    [(number, head)] = await driver.fetch(_HEAD)
    last = bytes(head)
    hashes = []
    for entry in fresh:
        last = hash_after(last, entry.text)
        hashes.append(last)
    await driver.execute(
        _INSERT,
        number,
        [entry.at for entry in fresh],
        *([getattr(entry, name) for entry in fresh] for name in ("who", "kind", "subject", "text")),
        hashes,
    )


async def forget_old(engine: AsyncEngine, keep_days: int) -> int:
    """How many entries older than that were dropped; on what the rest stands is noted. Raises LogUnavailable."""
    with unavailable_when_unreachable():
        async with lent_driver(engine) as driver:
            dropped: int = await driver.fetchval("SELECT tiendo.forget_access($1)", keep_days)
    return dropped


async def _fresh(driver: asyncpg.Connection, entries: Sequence[AccessEntry]) -> list[AccessEntry]:
    """The entries that have to be noted, each but once."""
    first: dict[object, AccessEntry] = {}
    for index, entry in enumerate(entries):
        first.setdefault(entry.once or index, entry)
    distinct = list(first.values())
    asked = [(once, entry) for entry in distinct if (once := entry.once) is not None]
    columns = [list(column) for column in zip(*(once for once, _ in asked), strict=True)] or [[], [], [], []]
    there = {asked[row["ordinal"] - 1][0] for row in await driver.fetch(_THERE, *columns)} if asked else set()
    return [entry for entry in distinct if entry.once is None or entry.once not in there]
