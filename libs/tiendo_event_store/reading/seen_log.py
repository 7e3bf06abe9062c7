"""The log as a caller sees it who does not see everything: the events of codes that the caller's transaction has named, and no others.

The policy on the log (migration 0021) shows to the query side's role the events of those codes alone. Whoever names them has read them from the
read models in the same transaction, whose policies know what the caller may see.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import asyncpg

from tiendo_event_store.reading.event_log import ENTRY, EventLog
from tiendo_event_store.stored import ProvenEvent, StoredEvent

CODES_SETTING: Final = "tiendo.codes"
_NAME: Final = f"SELECT set_config('{CODES_SETTING}', CAST($1::text[] AS text), TRUE)"
_ENTRIES_OF_CODES: Final = f"""
{ENTRY} WHERE shard IS NOT NULL AND subject = ANY($1::text[]) AND position > $2 AND position <= $3 ORDER BY position LIMIT $4
"""


class SeenLog(EventLog):
    """The log in one transaction of one caller, over its connection; what is asked of it in other ways than by codes shows nothing."""

    def __init__(self, driver: asyncpg.Connection) -> None:
        self._driver = driver

    async def read_codes(
        self, codes: Sequence[str], *, known_at: datetime | None = None, after: int = 0, limit: int | None = None
    ) -> list[StoredEvent]:
        """As of the whole log; the codes are those of cases that the caller sees, whole or in part."""
        await self._name(codes)
        return await super().read_codes(codes, known_at=known_at, after=after, limit=limit)

    async def read_cases(self, codes: Collection[str]) -> dict[str, list[StoredEvent]]:
        """Likewise."""
        await self._name(codes)
        return await super().read_cases(codes)

    async def entries_of_codes(self, codes: Sequence[str], after: int, limit: int) -> list[ProvenEvent]:
        """Likewise, of cases that the caller sees whole."""
        await self._name(codes)
        return await super().entries_of_codes(codes, after, limit)

    async def entries_between(self, codes: Sequence[str], after: int, up_to: int, limit: int) -> list[ProvenEvent]:
        """At most `limit` events of cases that the caller sees whole, with positions in (after, up_to], rising, each with what proves it."""
        await self._name(codes)
        return [ProvenEvent(*row) for row in await self._rows(_ENTRIES_OF_CODES, list(codes), after, up_to, limit)]

    async def _name(self, codes: Collection[str]) -> None:
        await self._driver.execute(_NAME, list(codes))

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[asyncpg.Connection]:
        yield self._driver
