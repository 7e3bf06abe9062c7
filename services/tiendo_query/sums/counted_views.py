"""Counting all cases folded for another view than the read models': here, or by several processes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.timeline_types import Basis
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.sums.grouped_sums import Sums, added
from tiendo_read_models.builds import Build
from tiendo_read_models.queries.cases.refolding import ToFold, View
from tiendo_read_models.queries.cases.relations import folded
from tiendo_read_models.queries.counts import CountedFor, count_cases
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans
from tiendo_runtime.worker_processes import worker_pool

CASES_FOR_PROCESSES: Final = 2_000
"""Of fewer cases the processes would not have started before the count is done."""

Count = Callable[[Sequence[ToFold]], Awaitable[Sums]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedView:
    """What is counted: the cases of `build` as they show at a position of the log, by what was known at `known_at` (None: everything), on `basis`.

    `spans` says by which tree of units each counts, `units` restricts the cases to responsible units.
    """

    build: Build
    period: Period
    position: int
    known_at: datetime | None
    basis: Basis
    spans: TreeSpans
    units: CountedUnits | None

    async def of(self, side: QuerySide, connection: AsyncConnection, cases: Sequence[ToFold]) -> Sums:
        """The counts of the cases, each folded from its events; one that is not there in this view counts for nothing."""
        rules = await side.histories.rules(self.position, known_at=self.known_at)
        as_of = self.period.as_of
        view = View(
            as_of=as_of,
            explained_by=self.period.explained_by,
            rules=rules,
            position=self.position,
            known_at=self.known_at,
            basis=self.basis,
        )
        found: Sums = {}
        async for batch in side.folding.batches(cases, view):
            relation = folded(self.build, as_of, batch)
            counts = await count_cases(connection, relation, self.period, spans=self.spans, units=self.units)
            found = added(found, dict(counts.items()))
        return found


def counting(
    side: QuerySide, snapshot: Snapshot, counted: CountedView, *, cases: int, processes: int
) -> AbstractAsyncContextManager[Count]:
    """Counting about so many `cases` by so many processes, where there is work for them."""
    if processes == 1 or cases < CASES_FOR_PROCESSES:
        return _counting_here(side, snapshot, counted)
    return counting_in_processes(side, counted, processes)


@asynccontextmanager
async def _counting_here(side: QuerySide, snapshot: Snapshot, counted: CountedView) -> AsyncIterator[Count]:
    async def count(cases: Sequence[ToFold]) -> Sums:
        return await counted.of(side, snapshot.reader.connection, cases)

    yield count


@asynccontextmanager
async def counting_in_processes(side: QuerySide, counted: object, processes: int) -> AsyncIterator[Count]:
    """Each process reads and counts over connections of its own; the caller's snapshot keeps the build from being dropped meanwhile."""
    url = side.engine.url.render_as_string(hide_password=False)
    what = {"url": url, "kind": type(counted).__name__, "counted": msgspec.to_builtins(counted)}
    async with worker_pool("tiendo_query.sums.counting_worker", what, processes) as pool:

        async def count(cases: Sequence[ToFold]) -> Sums:
            return sums_of(await pool.ask(msgspec.to_builtins(cases)))

        yield count


def plain_sums(sums: Sums) -> list[Any]:
    """The counts as they go from process to process."""
    return [[msgspec.to_builtins(counted_for), *counts] for counted_for, counts in sums.items()]


def sums_of(plain: list[Any]) -> Sums:
    """The counts that came from another process."""
    return {msgspec.convert(counted_for, CountedFor): tuple(counts) for counted_for, *counts in plain}
