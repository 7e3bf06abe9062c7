"""Whether the log can be written, found out by trying: everything that an append needs, and nothing is left in the log of it."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_event_store.causes import cause_of
from tiendo_event_store.driver import driver_of
from tiendo_event_store.faults import Unwritable, why_unwritable

TRIED_SECONDS: Final = 1.0
"""How long what was found is believed."""

_LIMIT_SECONDS: Final = 4.0

# The right to append and a database that takes changes are asked for by an append of nothing; room on the disk by a temporary file, which what
# does not fit into the least memory goes to; and a commit that the disk has taken by a message into the write-ahead log that nobody reads.
_TRY: Final = f"""
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL synchronous_commit = on;
SET LOCAL lock_timeout = '{int(_LIMIT_SECONDS * 1000) - 1000}ms';
SET LOCAL work_mem = '64kB';
SELECT FROM tiendo.append_events('{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '');
INSERT INTO tiendo.rejections (digest, problem) SELECT '', '' WHERE false;
SELECT count(*) FROM generate_series(1, 65536);
SELECT pg_logical_emit_message(true, 'tiendo.writability', '');
COMMIT
"""

_journal = structlog.get_logger("tiendo.log")


class Writability:
    """Tries to write when asked, at most once in TRIED_SECONDS however many ask; the journal has a line whenever the answer changes."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._attempt: asyncio.Task[Unwritable | None] | None = None
        self._tried_at = 0.0
        self._last: Unwritable | None = None

    async def reason(self) -> Unwritable | None:
        """Why the log cannot be written; None when it can."""
        now = asyncio.get_running_loop().time()
        if self._attempt is None or (self._attempt.done() and now >= self._tried_at + TRIED_SECONDS):
            self._tried_at = now
            self._attempt = asyncio.create_task(self._noted())
        return await asyncio.shield(self._attempt)

    async def _noted(self) -> Unwritable | None:
        found, cause = await self._tried()
        if found is not self._last:
            if found is None:
                _journal.info("the log can be written again")
            else:
                _journal.error("the log cannot be written", found=found.value, cause=cause)
        self._last = found
        return found

    async def _tried(self) -> tuple[Unwritable | None, str]:
        try:
            async with asyncio.timeout(_LIMIT_SECONDS), self._engine.connect() as connection:
                await _try(connection)
        except Exception as error:  # noqa: BLE001 - whatever it fails with, an append fails, too
            return why_unwritable(error), cause_of(error)
        return None, ""


async def _try(connection: AsyncConnection) -> None:
    driver = await driver_of(connection)
    try:
        await driver.execute(_TRY)
    except BaseException:
        await connection.invalidate()  # its transaction is broken off
        raise
