"""When a key was last used, noted at most once a minute."""

import time
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

NOTED_SECONDS: Final = 60.0

# Another process may be noting the same: nobody waits for that.
_NOTE: Final = """
UPDATE tiendo.keys SET last_used_at = now()
 WHERE key_id = (SELECT key_id FROM tiendo.keys
                  WHERE key_id = :key_id AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
                    FOR UPDATE SKIP LOCKED)
"""

_journal = structlog.get_logger("tiendo.keys")


class LastUse:
    """Notes uses; a database that cannot be written refuses nobody for it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._noted: dict[str, float] = {}

    async def note(self, key_id: str) -> None:
        """Note that the key was used now."""
        now = time.monotonic()
        if now - self._noted.get(key_id, -NOTED_SECONDS) < NOTED_SECONDS:
            return
        self._noted[key_id] = now
        try:
            async with self._engine.begin() as connection:
                await connection.execute(text(_NOTE), {"key_id": key_id})
        except (DBAPIError, OSError) as error:
            _journal.warning("the use of a key was not noted", key_id=key_id, reason=type(error).__name__)
