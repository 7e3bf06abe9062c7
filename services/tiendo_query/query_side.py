"""What all questions are answered from: a snapshot of the read models, the log, the rule book of the same position."""

import asyncio
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.problem_kinds import ProblemKind, Refusal
from tiendo_domain.rules import RuleBook
from tiendo_event_store import EventLog
from tiendo_event_store.proofs.proving import LogProofs
from tiendo_query.case_codes import CaseCodes
from tiendo_query.case_folding import Folding
from tiendo_query.case_histories import CaseHistories
from tiendo_query.kept_snapshots import KeptSnapshots
from tiendo_query.live_cases import LiveCases
from tiendo_read_models.builds import Reader, reading
from tiendo_read_models.errors import PositionNotReached
from tiendo_read_models.position_watch import PositionWatch
from tiendo_read_models.queries.live_case import LiveCase
from tiendo_read_models.queries.refolding import View, cases_to_fold
from tiendo_read_models.queries.relations import Exactness, Relation, folded, stored

MIN_POSITION_WAIT_SECONDS: Final = 10.0
_KEPT_SUMS: Final = 64
_KEPT_SNAPSHOTS: Final = 4
_LIGHT_AT_ONCE: Final = 6
_HEAVY_AT_ONCE: Final = 2
"""A snapshot holds one connection and a question about the log takes a second one: all of them together must fit into the pool."""

PLACE_WAIT_SECONDS: Final = 60.0
RETRY_SECONDS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The read models at one position, with the rule book of that position."""

    reader: Reader
    rules: RuleBook
    folding: Folding

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which local dates are meant."""
        return self.rules.default_calendar.zone

    def view(self, as_of: datetime) -> View:
        """How cases are seen as at an instant, by what the snapshot knows."""
        return View(as_of=as_of, rules=self.rules, position=self.reader.position)

    async def relations(
        self,
        as_of: datetime,
        exactness: Exactness,
        *,
        where: str = "TRUE",
        where_folded: str | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> AsyncIterator[Relation]:
        """All cases as at `as_of`, for figures, in disjoint sets: those whose rows stand, then batches of those folded again.

        `where` narrows them by columns of their rows; for those to be folded `where_folded`, if it has to be wider.
        """
        build, connection, values = self.reader.build, self.reader.connection, parameters or {}
        standing = stored(build, as_of, exactness, where=where)
        yield Relation(ctes=standing.ctes, parameters={**standing.parameters, **values})
        waiting = await cases_to_fold(
            connection, build, as_of, exactness, where=where_folded or where, parameters=values
        )
        async for rows in self.folding.batches(waiting, replace(self.view(as_of), figures_alone=True)):
            yield folded(build, as_of, rows)


class QuerySide:
    """Answers questions over one database."""

    def __init__(self, engine: AsyncEngine, *, keeps: bool = False) -> None:
        """`keeps`: sums and the codes of cases are kept between questions, with connections besides those of `engine`."""
        self.engine = engine
        self.kept = KeptSnapshots(engine, most=_KEPT_SNAPSHOTS) if keeps else None
        self.codes = CaseCodes() if keeps else None
        self.sums: dict[Hashable, object] = {}
        self.log = EventLog(engine)
        self.proofs = LogProofs(engine)
        self.histories = CaseHistories(engine)
        self.folding = Folding(self.histories, lambda: self.now())  # noqa: PLW0108 - whichever clock it has then
        self._live_cases = LiveCases(engine)
        self._positions = PositionWatch(engine)
        self._light = asyncio.Semaphore(_LIGHT_AT_ONCE)
        self._heavy = asyncio.Semaphore(_HEAVY_AT_ONCE)
        self._large = asyncio.Semaphore(1)
        self._answering = tuple(asyncio.Lock() for _ in range(_KEPT_SUMS))

    async def close(self) -> None:
        """Let go of what is held between questions."""
        self.folding.close()
        if self.kept is not None:
            await self.kept.close()

    def answering(self, question: Hashable) -> asyncio.Lock:
        """Held by who works out the answer: those who ask the same at once wait for one answer."""
        return self._answering[hash(question) % len(self._answering)]

    def keep_sum(self, question: Hashable, kept: object) -> None:
        """Keep what the answer is carried on from; what was kept longest ago goes."""
        self.sums.pop(question, None)
        self.sums[question] = kept
        while len(self.sums) > _KEPT_SUMS:
            del self.sums[next(iter(self.sums))]

    @staticmethod
    def now() -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC)

    @asynccontextmanager
    async def snapshot(self, *, min_position: int = 0, heavy: bool = False) -> AsyncIterator[Snapshot]:
        """The read models as they are, or once they reflect `min_position`; raises the refusal when that takes too long.

        Few snapshots are open at once, and of those for questions over everything (`heavy`) fewer still.
        """
        if min_position > 0:
            await self._wait(min_position)
        async with self._place(self._heavy if heavy else self._light), reading(self.engine) as reader:
            rules = await self.histories.rules(reader.position)
            yield Snapshot(reader=reader, rules=rules, folding=self.folding)

    @asynccontextmanager
    async def live_case(self, case_id: str, *, min_position: int = 0) -> AsyncIterator[LiveCase]:
        """One case as the live build has it, or once that reflects `min_position`, and the right to read its history meanwhile.

        Raises the refusals that `snapshot` raises.
        """
        if min_position > 0:
            await self._wait(min_position)
        async with self._place(self._light):
            yield await self._live_cases.find(case_id)

    @staticmethod
    @asynccontextmanager
    async def _place(places: asyncio.Semaphore) -> AsyncIterator[None]:
        """A place among the snapshots that are open; raises the refusal when none becomes free in time."""
        try:
            async with asyncio.timeout(PLACE_WAIT_SECONDS):
                await places.acquire()
        except TimeoutError:
            raise Refusal(ProblemKind.TOO_MANY_QUESTIONS, headers={"Retry-After": str(RETRY_SECONDS)}) from None
        try:
            yield
        finally:
            places.release()

    def place_for_a_large_case(self) -> AbstractAsyncContextManager[None]:
        """The one place for reading and showing a very large case; raises the refusal when it does not become free in time."""
        return self._place(self._large)

    async def _wait(self, position: int) -> None:
        try:
            await self._positions.wait_for(position, timeout_seconds=MIN_POSITION_WAIT_SECONDS)
        except PositionNotReached as error:
            raise Refusal(
                ProblemKind.POSITION_NOT_REACHED, field="min_position", values={"position": error.wanted}
            ) from None
