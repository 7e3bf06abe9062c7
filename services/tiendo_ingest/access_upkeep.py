"""What the access log needs: its head noted in the log each day, and old entries dropped."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store import LogUnavailable
from tiendo_event_store.access_log import forget_old, is_head_due, note_head

FIRST_LOOK_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 600.0
_ENTERED_BY: Final = "tiendo"

_journal = structlog.get_logger("tiendo.access")


async def keep_up_for_ever(engine: AsyncEngine, keep_days: int) -> None:
    """Look a minute after the start, when the service has caught up with what waited for it, and every ten minutes."""
    await asyncio.sleep(FIRST_LOOK_SECONDS)
    while True:
        try:
            await keep_up(engine, keep_days)
        except LogUnavailable:
            _journal.warning("the access log was not looked after, the database does not answer; trying again later")
        await asyncio.sleep(LOOK_SECONDS)


async def keep_up(engine: AsyncEngine, keep_days: int) -> None:
    """Note the head if a day has passed since the last one, and drop what is older than it has to be. Raises LogUnavailable."""
    if await is_head_due(engine):
        number = await note_head(engine, entered_by=_ENTERED_BY)
        _journal.info("the head of the access log was noted in the log", number=number)
    dropped = await forget_old(engine, keep_days)
    if dropped:
        _journal.info("old entries of the access log were dropped", count=dropped, keep_days=keep_days)
