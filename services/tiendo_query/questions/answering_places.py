"""How many questions are answered at once, whoever asks them, and waiting until the read models reflect a position."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_read_models.errors import PositionNotReached
from tiendo_read_models.position_watch import PositionWatch

MIN_POSITION_WAIT_SECONDS: Final = 10.0
PLACE_WAIT_SECONDS: Final = 60.0
RETRY_SECONDS: Final = 5
_LIGHT_AT_ONCE: Final = 6
_HEAVY_AT_ONCE: Final = 2
"""A snapshot holds one connection and a question about the log takes a second one: all of them together must fit into the pool."""


class AnsweringPlaces:
    """The places of a process: few snapshots are open at once, and of those for questions over everything (`heavy`) fewer still."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._positions = PositionWatch(engine)
        self._light = asyncio.Semaphore(_LIGHT_AT_ONCE)
        self._heavy = asyncio.Semaphore(_HEAVY_AT_ONCE)
        self._large = asyncio.Semaphore(1)

    @asynccontextmanager
    async def one(self, *, min_position: int = 0, heavy: bool = False) -> AsyncIterator[None]:
        """A place, once the read models reflect `min_position`; raises the refusal when either takes too long."""
        if min_position > 0:
            await self._wait(min_position)
        async with _place(self._heavy if heavy else self._light):
            yield

    def for_a_large_case(self) -> AbstractAsyncContextManager[None]:
        """The one place for reading and showing a very large case; raises the refusal when it does not become free in time."""
        return _place(self._large)

    async def _wait(self, position: int) -> None:
        try:
            await self._positions.wait_for(position, timeout_seconds=MIN_POSITION_WAIT_SECONDS)
        except PositionNotReached as error:
            raise Refusal(
                ProblemKind.POSITION_NOT_REACHED, field="min_position", values={"position": error.wanted}
            ) from None


@asynccontextmanager
async def _place(places: asyncio.Semaphore) -> AsyncIterator[None]:
    """A place among them; raises the refusal when none becomes free in time."""
    try:
        async with asyncio.timeout(PLACE_WAIT_SECONDS):
            await places.acquire()
    except TimeoutError:
        raise Refusal(ProblemKind.TOO_MANY_QUESTIONS, headers={"Retry-After": str(RETRY_SECONDS)}) from None
    try:
        yield
    finally:
        places.release()
