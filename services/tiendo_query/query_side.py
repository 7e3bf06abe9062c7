"""What all questions are answered from: a snapshot of the read models, the log, the rule book of the same position."""

import asyncio
from collections.abc import AsyncIterator, Hashable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.rules import RuleBook
from tiendo_domain.visibility import Viewer
from tiendo_event_store import EventLog
from tiendo_event_store.proofs.proving import LogProofs
from tiendo_event_store.reading.rule_books import RuleBooks
from tiendo_event_store.stored import ProvenEvent
from tiendo_query.cases.case_codes import CaseCodes
from tiendo_query.cases.case_folding import BATCH_SIZE, Folding, FoldingWorkers
from tiendo_query.cases.case_histories import CaseHistories
from tiendo_query.cases.live_cases import LiveCases
from tiendo_query.names.remembered_names import RememberedNames
from tiendo_query.names.remembered_trees import RememberedTrees, TreesOfSnapshot
from tiendo_query.questions.answering_places import AnsweringPlaces
from tiendo_query.sight.sights import KnownSight
from tiendo_query.sums.kept_snapshots import KeptSnapshots
from tiendo_query.sums.remembered_folds import Wanted, any_case
from tiendo_read_models.builds import Reader, reading
from tiendo_read_models.queries.cases.listed_cases import fault_of
from tiendo_read_models.queries.cases.live_case import LiveCase
from tiendo_read_models.queries.cases.refolding import View, cases_to_fold
from tiendo_read_models.queries.cases.relations import Exactness, FoldedCase, Relation, folded, stored
from tiendo_read_models.queries.periods import AsAt

_KEPT_SUMS: Final = 64
_KEPT_SNAPSHOTS: Final = 4
PROJECTION_RETRY_SECONDS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The read models at one position, with the rule book of that position, as the caller sees them; `sight` is None for who sees everything."""

    reader: Reader
    rules: RuleBook
    folding: Folding
    histories: CaseHistories
    units: TreesOfSnapshot
    sight: KnownSight | None = None
    whole_log: AsyncEngine | None = None
    """Where the connection of `reader` shows a part of the log: what shows all of it, for what names neither case nor person."""

    @asynccontextmanager
    async def arrivals(self) -> AsyncIterator[AsyncConnection]:
        """A connection that tells when events of each source came in, also those of cases that the caller does not see."""
        if self.whole_log is None:
            yield self.reader.connection
            return
        async with self.whole_log.connect() as connection:
            yield connection

    @property
    def viewer(self) -> Viewer | None:
        """Who sees some cases in part; None sees everything."""
        return None if self.sight is None else self.sight.viewer

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which local dates are meant."""
        return self.rules.default_calendar.zone

    def view(self, at: AsAt) -> View:
        """How cases are seen as at an instant, by what the snapshot knows."""
        return View(
            as_of=at.as_of,
            explained_by=at.explained_by,
            rules=self.rules,
            position=self.reader.position,
            viewer=self.viewer,
        )

    async def relations(
        self,
        at: AsAt,
        exactness: Exactness,
        *,
        where: str = "TRUE",
        where_folded: str | None = None,
        parameters: Mapping[str, object] | None = None,
        in_part: bool,
        wanted: Wanted = any_case,
    ) -> AsyncIterator[Relation]:
        """All cases as at an instant, for figures, in disjoint sets: those whose rows stand, then batches of those folded again.

        `in_part`: also those that the caller sees in part, with the caller's own holds and shares.
        `where` narrows them by columns of their rows; for those to be folded `where_folded`, if it has to be wider. Of those that were folded
        the ones count that are `wanted`.
        """
        build, connection, values, as_of = self.reader.build, self.reader.connection, parameters or {}, at.as_of
        standing = stored(build, as_of, exactness, where=where, in_part=in_part)
        yield Relation(ctes=standing.ctes, parameters={**standing.parameters, **values})
        waiting = await cases_to_fold(
            connection, build, as_of, exactness, where=where_folded or where, parameters=values, in_part=in_part
        )
        rows: list[FoldedCase] = []
        async for batch in self.folding.batches(waiting, replace(self.view(at), figures_alone=True), wanted=wanted):
            rows += batch
            if len(rows) >= BATCH_SIZE:
                yield folded(build, as_of, rows)
                rows = []
        if rows:
            yield folded(build, as_of, rows)


class LogEntries(NamedTuple):
    """Events of the log by position, and where to go on reading."""

    entries: Sequence[ProvenEvent]
    next: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCase:
    """A case looked for by one of its codes, and what it is read from as the caller sees it."""

    live: LiveCase
    histories: CaseHistories
    viewer: Viewer | None


class QuerySide:
    """Answers questions over one database, for somebody who sees everything."""

    def __init__(self, engine: AsyncEngine, *, keeps: bool = False) -> None:
        """`keeps`: sums and the codes of cases are kept between questions, with connections besides those of `engine`."""
        self.engine = engine
        self.kept = KeptSnapshots(engine, most=_KEPT_SNAPSHOTS) if keeps else None
        self.codes = CaseCodes() if keeps else None
        self.several_names = RememberedNames() if keeps else None
        self.sums: dict[Hashable, object] = {}
        self.log = EventLog(engine)
        self.proofs = LogProofs(engine)
        self.histories = CaseHistories(self.log, RuleBooks(self.log))
        self.trees = RememberedTrees()
        workers = FoldingWorkers(lambda: self.now())  # noqa: PLW0108 - whichever clock it has then
        self.folding = Folding(self.histories, workers)
        self._live_cases = LiveCases(engine)
        self.places = AnsweringPlaces(engine)
        self._answering = tuple(asyncio.Lock() for _ in range(_KEPT_SUMS))

    @property
    def of_everything(self) -> "QuerySide":
        """What sees everything, for what is worked out over all cases and shows of those that the caller does not see nothing but counts."""
        return self

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
        async with self.places.one(min_position=min_position, heavy=heavy), reading(self.engine) as reader:
            rules = await self.histories.rules(reader.position)
            units = TreesOfSnapshot(self.trees)
            yield Snapshot(reader=reader, rules=rules, folding=self.folding, histories=self.histories, units=units)

    @asynccontextmanager
    async def found_case(self, case_id: str, *, min_position: int = 0) -> AsyncIterator[FoundCase]:
        """One case as the live build has it, or once that reflects `min_position`, and the right to read its history meanwhile.

        Raises the refusals that `snapshot` raises.
        """
        async with self.places.one(min_position=min_position):
            yield FoundCase(live=await self._live_cases.find(case_id), histories=self.histories, viewer=None)

    async def missing_case(self, case_id: str) -> Refusal:
        """Why there is nothing to show of the case."""
        async with self.snapshot() as snapshot:
            return await self.missing_case_in(snapshot, case_id)

    async def missing_case_in(self, snapshot: Snapshot, case_id: str) -> Refusal:
        """The same, as the snapshot has it."""
        if "\x00" in case_id:
            return Refusal(ProblemKind.CASE_UNKNOWN, field="case_id")
        fault = await fault_of(snapshot.reader.connection, snapshot.reader.build, case_id)
        if fault is not None:
            return Refusal(ProblemKind.CASE_FAULTY, field="case_id", values={"cause": fault.cause})
        if await self.histories.has_case(case_id):
            headers = {"Retry-After": str(PROJECTION_RETRY_SECONDS)}
            return Refusal(ProblemKind.CASE_NOT_PROJECTED, field="case_id", headers=headers)
        return Refusal(ProblemKind.CASE_UNKNOWN, field="case_id")

    async def log_page(self, after: int, limit: int) -> LogEntries:
        """The log behind a position, at most `limit` events of it."""
        entries = await self.log.entries_after(after, limit)
        return LogEntries(entries, entries[-1].position if entries else after)

    async def count_events(self, after: int, up_to: int, limit: int, *, codes: Sequence[str] | None = None) -> int:
        """How many events of cases, or of those codes of one, stand in the log at positions in (after, up_to]; at most `limit` are counted."""
        return await self.log.count_between(after, up_to, limit, codes=codes)

    async def case_entries(self, case_id: str, after: int, limit: int) -> LogEntries | None:
        """The events of one case behind a position, at most `limit`; None for a code that names no case."""
        entries = await self.histories.entries(case_id, after, limit)
        return None if entries is None else LogEntries(entries, entries[-1].position if entries else after)

    def place_for_a_large_case(self) -> AbstractAsyncContextManager[None]:
        """The one place for reading and showing a very large case; raises the refusal when it does not become free in time."""
        return self.places.for_a_large_case()
