"""The door: whoever asks says whose the question is, and reads what that caller sees.

Who sees everything is answered by one query side of the process, which keeps sums between questions. A caller who is bound to units or to an officer
is answered by a side of their own, which keeps nothing: each of its questions is one transaction, over connections whose role sees nothing until
the transaction has named the caller's sight. So what they are told is what the database shows them.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_event_store.driver import driver_of
from tiendo_event_store.proofs.proving import LogProofs
from tiendo_event_store.reading.seen_log import SeenLog
from tiendo_query.names.remembered_trees import TreesOfSnapshot
from tiendo_query.query_side import FoundCase, LogEntries, QuerySide, Snapshot
from tiendo_query.sight.seen_log_pages import seen_log_page
from tiendo_query.sight.sights import KnownSights
from tiendo_read_models.builds import Reader, reading, within
from tiendo_read_models.queries.cases.live_case import LiveCase, live_case
from tiendo_runtime.authentication import Sight

EVERYTHING: Final = Sight(units=None)
"""The sight of the command line, and of pages that show no names."""


class QuerySides:
    """What answers questions, by who asks; the one way to it."""

    def __init__(self, everything: QuerySide, bound: AsyncEngine) -> None:
        """`bound` connects as the role that sees nothing by itself."""
        self._everything = everything
        self._bound = bound
        self._sights = KnownSights(everything.engine)

    @property
    def without_cases(self) -> AsyncEngine:
        """The database as the role that sees no case until a sight is named."""
        return self._bound

    @property
    def proofs(self) -> LogProofs:
        """What proves that nothing was changed: it names nobody, and anybody may ask."""
        return self._everything.proofs

    def seeing(self, sight: Sight) -> QuerySide:
        """What answers a caller of this sight."""
        if sight.units is None:
            return self._everything
        return _BoundSide(self._everything, self._bound, self._sights, sight)


class _BoundSide(QuerySide):
    """Answers the questions of one caller who does not see everything."""

    def __init__(self, everything: QuerySide, engine: AsyncEngine, sights: KnownSights, sight: Sight) -> None:
        # Nothing is kept between questions; the clock, the places and the workers are those of the process.
        self.kept, self.codes, self.several_names, self.sums = None, None, None, {}
        self.now = everything.now  # type: ignore[method-assign]
        self.places, self.folding, self.trees = everything.places, everything.folding, everything.trees
        self.engine = engine
        self._everything = everything
        self._histories = everything.histories
        self._whole_log = everything.engine
        self._sights = sights
        self._sight = sight

    @property
    def of_everything(self) -> QuerySide:
        """That of the process."""
        return self._everything

    @asynccontextmanager
    async def snapshot(self, *, min_position: int = 0, heavy: bool = False) -> AsyncIterator[Snapshot]:
        """The read models as the caller sees them, in one transaction; otherwise as for who sees everything."""
        async with self._seen(min_position=min_position, heavy=heavy, of_one_case=False) as snapshot:
            yield snapshot

    @asynccontextmanager
    async def _seen(self, *, min_position: int, heavy: bool, of_one_case: bool) -> AsyncIterator[Snapshot]:
        async with self.places.one(min_position=min_position, heavy=heavy), reading(self.engine) as reader:
            rules = await self._histories.rules(reader.position)
            sight = await self._sights.of(self._sight, reader.build, rules, self.now())
            driver = await driver_of(reader.connection)
            await sight.name_in(driver, of_one_case=of_one_case)
            build = replace(reader.build, bound=True)
            seen = Reader(connection=await within(reader.connection, build), build=build, position=reader.position)
            histories = self._histories.of_log(SeenLog(driver))
            yield Snapshot(
                reader=seen,
                rules=rules,
                folding=self.folding.reading(histories),
                histories=histories,
                units=TreesOfSnapshot(self.trees),
                sight=sight,
                whole_log=self._whole_log,
            )

    @asynccontextmanager
    async def found_case(self, case_id: str, *, min_position: int = 0) -> AsyncIterator[FoundCase]:
        """One case, as the caller sees it; one that the caller does not see is not there."""
        async with self._seen(min_position=min_position, heavy=False, of_one_case=True) as snapshot:
            live = LiveCase(position=snapshot.reader.position, known=None)
            if "\x00" not in case_id:
                driver = await driver_of(snapshot.reader.connection)
                live = await live_case(driver, snapshot.reader.build, case_id) or live
            yield FoundCase(live=live, histories=snapshot.histories, viewer=snapshot.viewer)

    async def missing_case(self, case_id: str) -> Refusal:  # noqa: ARG002 - whatever its code
        """There is no such case: nothing tells the ones that are not seen from those that are not."""
        return Refusal(ProblemKind.CASE_UNKNOWN, field="case_id")

    async def missing_case_in(self, snapshot: Snapshot, case_id: str) -> Refusal:  # noqa: ARG002 - likewise
        """Likewise."""
        return await self.missing_case(case_id)

    async def log_page(self, after: int, limit: int) -> LogEntries:
        """The events of cases that the caller sees whole, as far as the read models know whose they are."""
        async with self.snapshot() as snapshot:
            return await seen_log_page(snapshot.reader, after, limit)

    async def count_events(self, after: int, up_to: int, limit: int, *, codes: Sequence[str] | None = None) -> int:
        """The same of the cases that the caller sees whole."""
        if codes is not None:
            return await self._everything.count_events(after, up_to, limit, codes=codes)
        async with self.snapshot() as snapshot:
            found = (await seen_log_page(snapshot.reader, after, limit)).entries
        return sum(entry.position <= up_to for entry in found)

    async def case_entries(self, case_id: str, after: int, limit: int) -> LogEntries | None:
        """The events of a case that the caller sees whole; of one that is seen in part none."""
        async with self.found_case(case_id) as found:
            known = found.live.known
            if known is None:
                return None
            entries = await found.histories.entries_of(known, after, limit) if known.whole else []
            return LogEntries(entries, entries[-1].position if entries else after)
