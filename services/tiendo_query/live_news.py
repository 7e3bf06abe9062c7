"""What pages that stand open are told: that there is news of what they show, how far a rebuild is; nothing of what the news is.

However many pages stand open, the database is asked how far the read models are once a second; a page's own question is asked only when
they have come further, ever more seldom, and of the cases alone that its viewer sees whole.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_event_store.faults import DATABASE_FAULTS
from tiendo_query.query_side import QuerySide
from tiendo_read_models.builds import filled_position, reached_position
from tiendo_read_models.errors import NoLiveBuild

STREAMS_MAX: Final = 200
COUNTED_MAX: Final = 100
LASTS_SECONDS: Final = 300.0
_LOOK_SECONDS: Final = 1.0
_ASKED_AT_FIRST_SECONDS: Final = 2.0
_ASKED_AT_LAST_SECONDS: Final = 60.0
_RETRY_SECONDS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """How many events came since the page was made, `COUNTED_MAX` for that many or more; the position up to which they were counted."""

    count: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """How far a new build of the read models is: the position that it has reached of `head`."""

    position: int
    head: int


class OpenPages:
    """The pages of a process that are told of news: how many there may be, and how far the read models are, asked for all of them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._open = 0
        self._asked_at = float("-inf")
        self._asking: asyncio.Future[tuple[int, int | None]] | None = None

    @contextmanager
    def one(self) -> Iterator[None]:
        """A place among them; raises the refusal where there are too many."""
        if self._open >= STREAMS_MAX:
            raise Refusal(ProblemKind.TOO_MANY_QUESTIONS, headers={"Retry-After": str(_RETRY_SECONDS)})
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    async def reached(self) -> tuple[int, int | None]:
        """How far the live build was within the last second, and how far the one is that is being filled, if any."""
        now = asyncio.get_running_loop().time()
        if self._asking is None or (self._asking.done() and now - self._asked_at >= _LOOK_SECONDS):
            self._asked_at = now
            self._asking = asyncio.ensure_future(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> tuple[int, int | None]:
        return await reached_position(self._engine), await filled_position(self._engine)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedCases:
    """What a page shows: the cases that `side` sees up to the position `after`, or the one of them."""

    side: QuerySide
    after: int
    case_id: str | None = None

    async def news(self, reached: int) -> News:
        """What came since, up to the position that the read models have reached; of a case seen in part nothing is told."""
        if self.case_id is None:
            return News(count=await self.side.count_events(self.after, reached, COUNTED_MAX), position=reached)
        async with self.side.found_case(self.case_id) as found:
            known = found.live.known
            if known is None or not known.whole or known.last_position <= self.after:
                return News(count=0, position=reached)
            up_to = known.last_position
            count = await self.side.count_events(self.after, up_to, COUNTED_MAX, codes=known.told_codes)
        return News(count=count, position=reached)


async def told(pages: OpenPages, watched: WatchedCases, ends: asyncio.Event) -> AsyncIterator[News | Rebuild]:
    """News and rebuilds as they come about, until `ends` is set, the database is away, or the time of a stream is over; whoever listens then asks again."""
    loop = asyncio.get_running_loop()
    over, asked_at, every = loop.time() + LASTS_SECONDS, float("-inf"), _ASKED_AT_FIRST_SECONDS
    seen, filled = watched.after, None
    while not ends.is_set() and loop.time() < over:
        try:
            reached, filling = await pages.reached()
            if reached > seen and loop.time() - asked_at >= every:
                # Also of who sees no news: their question costs more than that of who sees everything.
                asked_at, every = loop.time(), min(every * 2, _ASKED_AT_LAST_SECONDS)
                news = await watched.news(reached)
                seen = reached
                if news.count:
                    yield news
            if filling != filled:
                filled = filling
                head = await watched.side.of_everything.log.head()
                yield Rebuild(position=head if filling is None else filling, head=head)
        except (NoLiveBuild, Refusal):
            pass  # nothing can be told just now
        except DATABASE_FAULTS:
            return
        await _wait(ends)


async def _wait(ends: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(_LOOK_SECONDS):
            await ends.wait()
    except TimeoutError:
        return
