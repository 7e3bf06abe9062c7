"""What was known at an instant, as a list is frozen by it; and what was explained and decided since."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import asyncpg
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.database.advisory_locks import APPEND
from tiendo_contracts.events.event_types import CORRECTED_TYPE, EXPLANATION_TYPES
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.faults import unavailable_when_unreachable

# Under the lock of the writers nothing is on its way into the log: what comes later is ingested later.
_NOW: Final = """
SELECT tiendo.log_head() AS position, greatest(clock_timestamp(), (SELECT ingested_at FROM tiendo.events ORDER BY position DESC LIMIT 1)) AS at
"""
_EXPLAINED: Final = """
SELECT DISTINCT subject FROM tiendo.events
 WHERE position > $1 AND position <= $2 AND shard IS NOT NULL AND type = ANY($3::text[])
"""
_JOINED: Final = "SELECT DISTINCT code FROM tiendo.joined_codes WHERE position > $1 AND position <= $2"
_DIRECTORY: Final = """
SELECT EXISTS (SELECT FROM tiendo.events WHERE shard IS NULL AND type ^@ 'vn.tiendo.directory.' AND position > $1 AND position <= $2)
"""
_TYPES: Final = [*EXPLANATION_TYPES, CORRECTED_TYPE]


class Knowledge(Struct, frozen=True, kw_only=True):
    """All that was known at the aware instant `at`: the log up to `position`, and nothing else is ever ingested by then."""

    position: int
    at: datetime


async def knowledge_now(engine: AsyncEngine) -> Knowledge:
    """What is known now. Raises LogUnavailable."""
    with unavailable_when_unreachable():
        async with lent_driver(engine) as driver, driver.transaction():
            await driver.execute(f"SELECT pg_advisory_xact_lock({APPEND.key})")
            [row] = await driver.fetch(_NOW)
    return Knowledge(position=row["position"], at=row["at"])


async def explained_codes(driver: asyncpg.Connection, after: int, up_to: int) -> Collection[str]:
    """The codes of which something was explained, decided or corrected in (after, up_to]."""
    return {row["subject"] for row in await driver.fetch(_EXPLAINED, after, up_to, _TYPES)}


async def codes_joined(driver: asyncpg.Connection, after: int, up_to: int) -> Collection[str]:
    """The codes that were said to have another in (after, up_to]."""
    return [row["code"] for row in await driver.fetch(_JOINED, after, up_to)]


async def directory_changed(driver: asyncpg.Connection, after: int, up_to: int) -> bool:
    """Whether facts of the directory stand in (after, up_to]."""
    return bool(await driver.fetchval(_DIRECTORY, after, up_to))
