"""Waiting until the live build has reached a position of the log."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_read_models.builds import reached_position
from tiendo_read_models.errors import PositionNotReached

_POLL_SECONDS = 0.02


class PositionWatch:
    """Waits for positions; however many wait, the database is asked once at a time for all of them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._asked_at = 0.0
        self._asking: asyncio.Future[int] | None = None

    async def wait_for(self, wanted: int, *, timeout_seconds: float) -> int:
        """The live build's position once it is `wanted` or more. Raises PositionNotReached after the time is over."""
        deadline = asyncio.get_running_loop().time() + timeout_seconds
        while (reached := await self._reached()) < wanted:
            if asyncio.get_running_loop().time() >= deadline:
                raise PositionNotReached(wanted, reached)
            await asyncio.sleep(_POLL_SECONDS)
        return reached

    async def _reached(self) -> int:
        """The position as told by the question under way, or by the last one if that has just been asked: what was reached stays reached."""
        now = asyncio.get_running_loop().time()
        if self._asking is None or (self._asking.done() and now - self._asked_at >= _POLL_SECONDS):
            self._asked_at = now
            self._asking = asyncio.ensure_future(reached_position(self._engine))
        return await asyncio.shield(self._asking)
