"""The figures of the coming minute, made ready before it begins, of what people look at.

In another minute the minutes of every open case are others (rule T2). To fold them all takes seconds in a large province, which nobody should wait.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_domain.calendar import floor_minute
from tiendo_domain.calendar.minutes import MINUTE
from tiendo_query.query_side import QuerySide
from tiendo_query.sums.kept_sums import make_ready
from tiendo_read_models.errors import NoLiveBuild

_LEAD_SECONDS: Final = 5.0
_LEAD_SECONDS_MAX: Final = 50.0
_LATER: Final = timedelta(microseconds=1)
"""At the very beginning of a minute what ends then has not ended yet; throughout the rest of it, it has."""

_journal = structlog.get_logger("tiendo.query")


class ComingMinute:
    """Makes ready what was asked for lately, minute by minute, as long as it runs."""

    def __init__(self, side: QuerySide) -> None:
        self._side = side
        self._lead_seconds = _LEAD_SECONDS

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(_seconds_until_next(self._side.now(), self._lead_seconds))
            begins_at = floor_minute(self._side.now()) + MINUTE
            loop = asyncio.get_running_loop()
            started = loop.time()
            try:
                await self.make_ready(begins_at)
            except (SQLAlchemyError, OSError, NoLiveBuild, Refusal) as error:
                _journal.warning("the figures of the coming minute were not made ready", cause=type(error).__name__)
            took = loop.time() - started
            self._lead_seconds = min(_LEAD_SECONDS_MAX, max(_LEAD_SECONDS, 1.5 * took))

    async def make_ready(self, begins_at: datetime) -> int:
        """How many sums were carried on to the minute that begins then."""
        if not self._side.sums:
            return 0
        async with self._side.snapshot() as snapshot:
            return await make_ready(self._side, snapshot, begins_at + _LATER)


def _seconds_until_next(now: datetime, lead_seconds: float) -> float:
    """Until `lead_seconds` before a minute begins: the coming one, or where that is too late the one after it."""
    into_the_minute = now.second + now.microsecond / 1_000_000
    wait = 60.0 - into_the_minute - lead_seconds
    return wait if wait > 0 else wait + 60.0
